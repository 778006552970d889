"""What an import reports (导入报告): accepted rows as what goes in, findings by row, totals named as offices know them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from libs.common.imports import reading
from libs.common.imports.report import Report, Stored
from libs.common.masks import band_of
from libs.common.sheets import Finding
from services.registry.rules.facts import reserve_groups, work_place_code
from services.registry.rules.identification import Verdict, is_older
from services.registry.rules.masking import MASKS, mask_fact
from services.registry.rules.wording import word_reasons

_ERRORS = [
    "id_missing",
    "id_lost_digits",
    "id_length",
    "id_check_digit",
    "id_birth_invalid",
    "id_duplicate",
    "name_missing",
    "name_formula",
    "name_characters",
    "name_too_long",
    "household_no_missing",
    "household_no_lost_digits",
    "person_left",
    "wish_person_unknown",
    "wish_visit_missing",
    "wish_duplicate",
]
_WARNINGS = [
    "id_old_15",
    "name_control_char",
    "name_private_character",
    "person_no_lost_digits",
    "birth_unreadable",
    "birth_id_mismatch",
    "sex_id_mismatch",
    "possible_duplicate",
    "head_missing",
    "head_multiple",
    "spouse_multiple",
    "spouse_same_sex",
    "schooling_both",
    "schooling_neither",
    "work_place_without_months",
    "work_months_without_place",
    "work_months_unreadable",
    "phone_invalid",
    "medical_both",
    "medical_none",
    "yes_no_missing",
    "code_unknown",
    "wish_person_not_labourer",
    "wish_name_differs",
    "wish_place_unknown",
    "wish_wage_unreadable",
    "wish_minimum_above_expected",
    "wish_date_unreadable",
    "wish_code_unknown",
    "wish_partner_unknown",
    "wish_partner_not_mutual",
    "wish_fellows_alone",
    "wish_fellows_too_many",
    "wish_fellows_too_long",
]
SEVERITY: Mapping[str, str] = {
    **dict.fromkeys(_ERRORS, "error"),
    **dict.fromkeys(_WARNINGS, "warning"),
    **reading.SEVERITY,
}


def has_error(found: Sequence[Finding]) -> bool:
    return any(SEVERITY[finding.code] == "error" for finding in found)


@dataclass(frozen=True)
class PersonRow:
    """One accepted person (人) as it goes in: tidied, in codes' own words; birth and sex as the number says."""

    row: int
    number: str
    name: str
    sex: str
    birth: date
    household_no: str
    person_no: str
    province: str
    prefecture: str
    county: str
    township: str
    village: str
    ethnic_group: str
    kinship: str
    education: str
    pupil: str
    ability: str
    health: tuple[str, ...]
    disability: str
    political_status: str
    household_phone: str
    phone: str
    work_place: str
    work_months: int
    work_employer: str
    channel: str
    low_income: bool
    destitute: bool
    verdict: Verdict


# A wish names people by their numbers.
_MASKED_AS = {"person": "number", "partner": "number", "phone": "phone"}


def mask_said(name: str, said: object) -> object:
    """What was said at a visit, as everybody may see it."""
    return mask_fact(_MASKED_AS[name], said) if name in _MASKED_AS else said


def shown_masked(person: PersonRow, as_of: date) -> Stored:
    """A row as a list of people would show it (`GET /labourers`), with the months of work and the number of the household."""
    place = work_place_code(person.work_place)
    hidden = {name: getattr(person, name) for name in ("name", "number", "phone", "household_phone")}
    return {
        **{name: MASKS[name](text) if text else None for name, text in hidden.items()},
        "sex": person.sex,
        "age_band": band_of(as_of.year - person.birth.year),
        **{
            name: getattr(person, name)
            for name in ("township", "village", "ethnic_group", "kinship", "education", "pupil", "ability")
        },
        "health": list(person.health),
        "labourer": person.verdict.labourer,
        "reasons": list(person.verdict.reasons),
        "judged_on": as_of.isoformat(),
        "rule": person.verdict.rule,
        "older": is_older(person.sex, person.birth, as_of),
        "employed": place is not None,
        "work_place": place,
        "channel": person.channel or None if place else None,
        "groups": list(
            reserve_groups(
                birth=person.birth,
                education=person.education,
                health=person.health,
                disability=person.disability,
                zero_employment=False,
                on=as_of,
            )
        ),
        "work_months": person.work_months,
        "household_no": person.household_no,
    }


@dataclass(frozen=True)
class KnownPerson:
    """What the register knows of a person whom a wishes sheet names; where he lives, as far as it is known."""

    name: str
    labourer: bool
    township: str = ""
    village: str = ""
    left: bool = False


@dataclass(frozen=True)
class WishRow:
    """One accepted wishes row (求职意愿) in codes; field names are those of the exchange specification."""

    row: int
    person: str
    willing: bool
    unwilling_reason: str | None
    destinations: tuple[str, ...]
    elsewhere: str
    refused: tuple[str, ...]
    occupation: str | None
    wage_expected: int | None
    wage_minimum: int | None
    available_from: date
    experience: int
    certificates: tuple[str, ...]
    restrictions: tuple[str, ...]
    accommodations: tuple[str, ...]
    needs: tuple[str, ...]
    partner: str | None
    together: str | None
    relatives_city: str | None
    zero_employment: bool
    training: str | None
    phone: str | None
    visited: date
    fellows: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The row as the dry run prints it: ISO dates, lists, no row number; `fellows` only of who travels in a group."""
        left_out = ("row",) if self.fellows else ("row", "fellows")
        return {name: _jsonable(value) for name, value in vars(self).items() if name not in left_out}


def _jsonable(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class RegistryReport(Report):
    """What every sheet of the registry reports."""

    severity: ClassVar[Mapping[str, str]] = SEVERITY

    @staticmethod
    def word(found: Sequence[Finding]) -> str:
        return word_reasons([finding for finding in found if SEVERITY[finding.code] == "error"])


@dataclass(frozen=True)
class PeopleReport(RegistryReport):
    """The report on a people file; `people` are the accepted rows in the order of the sheet."""

    people: Sequence[PersonRow] = ()
    as_of: date = field(kw_only=True)

    @property
    def labourers(self) -> tuple[PersonRow, ...]:
        return tuple(person for person in self.people if person.verdict.labourer)

    def known(self) -> dict[str, KnownPerson]:
        """Who is known to a wishes sheet, by 18-digit number."""
        return {
            person.number: KnownPerson(person.name, person.verdict.labourer, person.township, person.village)
            for person in self.people
        }

    def stored(self) -> Iterator[tuple[int, Stored]]:
        return ((person.row, shown_masked(person, self.as_of)) for person in self.people)

    def summary(self) -> dict[str, Any]:
        told = _Told()
        for person in self.people:
            told.count(person)
        return super().summary() | {
            "as_of": self.as_of.isoformat(),
            "households": len(set(told.households)),
            "labourers": len(told.labourers),
            "labourer_rows": told.labourers.tolist(),
            "labourers_by_township": dict(told.townships.most_common()),
            "not_labourers_by_reason": dict(sorted(told.reasons.items())),
            "labourers_by_work_place": dict(told.work_places),
        }


class _Told:
    """What a report counts of its people, who are gone through once."""

    def __init__(self) -> None:
        self.households, self.labourers = array("q"), array("i")
        self.townships, self.reasons, self.work_places = Counter[str](), Counter[str](), Counter[str]()

    def count(self, person: PersonRow) -> None:
        self.households.append(hash(person.household_no))
        self.reasons.update(person.verdict.reasons)
        if person.verdict.labourer:
            self.labourers.append(person.row)
            self.townships[person.township] += 1
            self.work_places[work_region(person.work_place)] += 1


_REGIONS = {"": "未填", "乡(镇)内": "县内", "乡(镇)外县内": "县内", "县外省内": "县外省内", "省外": "省外"}


def work_region(work_place: str) -> str:
    """县内, 县外省内, 省外, 其他 or 未填: 务工所在地 as statistics group it."""
    return _REGIONS.get(work_place, "其他")


@dataclass(frozen=True)
class WishesReport(RegistryReport):
    """The report on a wishes sheet; `wishes` are the accepted rows in the order of the sheet."""

    wishes: tuple[WishRow, ...] = ()

    def couples(self) -> int:
        """Couples that answer each other."""
        return sum(1 for wish in self.wishes if wish.partner) // 2

    def summary(self) -> dict[str, Any]:
        willing = sum(1 for wish in self.wishes if wish.willing)
        return super().summary() | {"willing": willing, "couples": self.couples()}

    def stored(self) -> Iterator[tuple[int, Stored]]:
        for wish in self.wishes:
            yield wish.row, {name: mask_said(name, said) for name, said in wish.as_json().items()}

    def as_json(self) -> dict[str, Any]:
        """With the numbers in plain, as the officers' agreement on these files has it: whoever runs it holds the file."""
        return self.summary() | {"rows": {str(wish.row): wish.as_json() for wish in self.wishes}}
