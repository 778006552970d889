"""What may be put right by hand (更正): each value must belong to the list of its column, and agree with the number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from libs.common.codes.lists import education_steps, ethnic_groups, register_list
from libs.common.problems import FieldError, Invalid, one_of
from services.registry.rules.facts import OTHER_PLACE, WORK_PLACES
from services.registry.rules.identity import number_errors
from services.registry.rules.numbers import is_phone, read_id_number
from services.registry.rules.people import Facts, PersonState
from services.registry.rules.situations import Situation

LISTS = {
    "education": ("", *education_steps()),
    "pupil": ("", *register_list("pupils")),
    "ability": register_list("ability"),
    "ethnic_group": ethnic_groups(),
    "kinship": register_list("kinship"),
    "political_status": ("", *register_list("political_status")),
    "channel": (None, *register_list("channel")),
    "work_place": (None, *WORK_PLACES.values(), OTHER_PLACE),
}
_BY_NUMBER = ("number", "birth_date", "sex")


class CorrectionRefused(Invalid):
    title = "更正内容不符合要求 A corrected value cannot be taken"


def check_corrections(before: Facts, said: Mapping[str, Any], reason: str | None, on: date) -> None:
    """Refuse what cannot stand, naming each field."""
    wrong = [*_unlisted(said), *_wrong_phones(said), *_wrong_number(before, said, reason, on)]
    if wrong:
        raise CorrectionRefused("请修正所列字段 Correct the fields listed.", errors=wrong)


def check_kinship(kinship: str | None, pointer: str) -> None:
    """Refuse what is no kinship to a head of household; nothing said is nothing wrong."""
    if kinship is not None and kinship not in LISTS["kinship"]:
        raise CorrectionRefused(
            "请修正所列字段 Correct the fields listed.",
            errors=[FieldError(pointer, "not_listed", one_of(register_list("kinship")))],
        )


def _unlisted(said: Mapping[str, Any]) -> list[FieldError]:
    wrong = [
        FieldError(f"/{field}", "not_listed", one_of(filter(None, known)))
        for field, known in LISTS.items()
        if field in said and said[field] not in known
    ]
    return wrong + [
        FieldError(f"/health/{place}", "not_listed", one_of(register_list("health")))
        for place, value in enumerate(said.get("health") or ())
        if value not in register_list("health")
    ]


def _wrong_phones(said: Mapping[str, Any]) -> list[FieldError]:
    return [
        FieldError(f"/{field}", "phone_invalid", "11 位，13–19 开头 Eleven digits beginning 13 to 19")
        for field in ("phone", "household_phone")
        if said.get(field) and not is_phone(said[field])
    ]


def _wrong_number(before: Facts, said: Mapping[str, Any], reason: str | None, on: date) -> list[FieldError]:
    """Another number needs a reason; birth date and sex are those of the number that holds."""
    if not said.keys() & set(_BY_NUMBER):
        return []
    number = read_id_number(said.get("number", before.number)).of_somebody_alive(on)
    wrong = number_errors(said, number)
    if number.number and number.number != before.number and not reason:
        wrong.append(FieldError("/reason", "missing", "更正证件号码须写明原因 Say why the number is another."))
    return wrong


def corrected(before: Facts, said: Mapping[str, Any]) -> Facts:
    """The facts with what was said of them; with another number its birth date and sex."""
    facts = {name: value for name, value in said.items() if hasattr(before, name) and name not in _BY_NUMBER}
    if "number" in said:
        number = read_id_number(said["number"])
        facts |= {"number": number.number, "birth_date": number.birth, "sex": number.sex}
    return replace(before, **facts)


def corrected_situation(state: PersonState, said: Mapping[str, Any], on: date) -> Situation:
    """Where the person works from that day on: what was said over what is known; out of work there is no channel."""
    work_place = said.get("work_place", state.work_place)
    channel = said.get("channel", state.channel) if work_place is not None else None
    return Situation(state.id, on, work_place, channel, "officer")
