"""What may be put right by hand (更正): each value must belong to the list of its column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from libs.common.codes.lists import education_steps, register_list
from libs.common.problems import FieldError, Invalid
from services.registry.rules.facts import OTHER_PLACE, WORK_PLACES
from services.registry.rules.numbers import is_phone
from services.registry.rules.people import Facts, PersonState
from services.registry.rules.situations import Situation

_LISTS = {
    "education": ("", *education_steps()),
    "pupil": ("", *register_list("pupils")),
    "ability": register_list("ability"),
    "channel": (None, *register_list("channel")),
    "work_place": (None, *WORK_PLACES.values(), OTHER_PLACE),
}


class CorrectionRefused(Invalid):
    title = "更正内容不在指标值内 A corrected value is in no list"


def check_corrections(said: Mapping[str, Any]) -> None:
    """Refuse unknown values, naming each field."""
    wrong = [
        FieldError(f"/{field}", "not_listed", f"可用 One of {', '.join(str(each) for each in known if each)}")
        for field, known in _LISTS.items()
        if field in said and said[field] not in known
    ]
    wrong += [
        FieldError(f"/health/{place}", "not_listed", f"可用 One of {', '.join(register_list('health'))}")
        for place, value in enumerate(said.get("health") or ())
        if value not in register_list("health")
    ]
    wrong += [
        FieldError(f"/{field}", "phone_invalid", "11 位，13–19 开头 Eleven digits beginning 13 to 19")
        for field in ("phone", "household_phone")
        if said.get(field) and not is_phone(said[field])
    ]
    if wrong:
        raise CorrectionRefused("请修正所列字段 Correct the fields listed.", errors=wrong)


def corrected(before: Facts, said: Mapping[str, Any]) -> Facts:
    """The facts with what was said of them."""
    return replace(before, **{name: value for name, value in said.items() if hasattr(before, name)})


def corrected_situation(state: PersonState, said: Mapping[str, Any], on: date) -> Situation:
    """Where the person works from that day on: what was said over what is known; out of work there is no channel."""
    work_place = said.get("work_place", state.work_place)
    channel = said.get("channel", state.channel) if work_place is not None else None
    return Situation(state.id, on, work_place, channel, "officer")
