"""The names that officers may use for what work demands and provides, and what else must hold of a vacancy's terms."""

from __future__ import annotations

import re
from datetime import date

from libs.common.calendar import last_of_month
from libs.common.codes.wages import minimum_wage
from libs.common.problems import FieldError, one_of
from services.jobs.rules.vacancies import Terms

# matching-v1 §7, weights 2017.1: other names would be refused by every run.
KNOWN: dict[str, tuple[str, ...]] = {
    "certificates": ("forklift", "welding", "electrician", "infant_care", "elderly_care", "driving", "cook"),
    "demands": ("lifting", "night", "heights", "chemicals", "standing", "fine_vision", "hearing", "noise"),
    "accommodations": ("sign_language", "wheelchair", "seated", "quiet"),
    "offers": ("board", "lodging", "insurance"),
    "reserved": ("disabled", "zero_employment", "older_or_low_schooled"),
}
CARE_GROUP = "older_or_low_schooled"
_GROUP = re.compile(r"[0-9]{1,2}-[0-9]{2}")


def quarter_end(day: date) -> date:
    """The last day of a day's quarter: the latest start until an officer says otherwise (matching-v1 §9)."""
    return last_of_month(day.replace(month=(day.month - 1) // 3 * 3 + 3, day=1))


def check_terms(terms: Terms, city: str) -> list[FieldError]:
    """What is wrong with a vacancy's terms, each with a JSON pointer. `terms` is the whole state after the change."""
    return [*_check_names(terms), *_check_numbers(terms), *_check_wage(terms, city)]


def _check_names(terms: Terms) -> list[FieldError]:
    wrong = []
    for field, known in KNOWN.items():
        for place, name in enumerate(getattr(terms, field)):
            if name not in known:
                where = name if field == "reserved" else place
                wrong.append(FieldError(f"/{field}/{where}", "unknown_name", one_of(known)))
    if terms.occupation is not None and not _GROUP.fullmatch(terms.occupation):
        wrong.append(
            FieldError("/occupation", "occupation_group", "职业中类形如 6-18 An occupation group looks like 6-18")
        )
    return wrong


def _check_numbers(terms: Terms) -> list[FieldError]:
    wrong = []
    if sum(terms.reserved.values()) > terms.openings:
        wrong.append(
            FieldError("/reserved", "reserved_beyond_openings", "预留人数超过招聘人数 More reserved than openings")
        )
    bounds = (("age_max", terms.age_min, terms.age_max), ("wage_max", terms.wage, terms.wage_max))
    for field, low, high in bounds:
        if low is not None and high is not None and low > high:
            wrong.append(
                FieldError(f"/{field}", "below_lower_bound", "上限低于下限 The upper bound is below the lower one")
            )
    return wrong


def _check_wage(terms: Terms, city: str) -> list[FieldError]:
    minimum = minimum_wage(city)
    if terms.wage is None or minimum is None or terms.wage >= minimum:
        return []
    return [
        FieldError(
            "/wage",
            "below_minimum_wage",
            f"低于最低工资 {minimum} 元/月 Below the local minimum of {minimum} yuan a month",
        )
    ]
