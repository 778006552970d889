"""The names that officers may use for what work demands and provides, and what else must hold of a vacancy's terms."""

from __future__ import annotations

import re
from datetime import date

from libs.common.calendar import last_of_month
from libs.common.codes.wages import minimum_wage
from libs.common.problems import FieldError, one_of, refuse_field, said_in_both
from services.jobs.rules.refusals import TermsRefused
from services.jobs.rules.severity import VETTING, VETTING_WORDS
from services.jobs.rules.vacancies import Terms, Vacancy, stumbles_of
from services.jobs.rules.vetting import LAW, Stumble

# matching-v1 §7, weights 2017.1: other names would be refused by every run.
KNOWN: dict[str, tuple[str, ...]] = {
    "certificates": ("forklift", "welding", "electrician", "infant_care", "elderly_care", "driving", "cook"),
    "demands": ("lifting", "night", "heights", "chemicals", "standing", "fine_vision", "hearing", "noise"),
    "accommodations": ("sign_language", "wheelchair", "seated", "quiet"),
    "offers": ("board", "lodging", "insurance"),
    "reserved": ("disabled", "zero_employment", "older_or_low_schooled"),
}
CARE_GROUP = "older_or_low_schooled"
# 有效期 of a vacancy that is renewed without a day: a quarter, after which somebody has to say again that the places are there.
VALID_DAYS = 90
# So long before its last day somebody is reminded.
REMINDED_DAYS = 7
_GROUP = re.compile(r"[0-9]{1,2}-[0-9]{2}")


def quarter_end(day: date) -> date:
    """The last day of a day's quarter: the latest start until an officer says otherwise (matching-v1 §9)."""
    return last_of_month(day.replace(month=(day.month - 1) // 3 * 3 + 3, day=1))


def check_terms(terms: Terms, city: str, on: date) -> list[FieldError]:
    """What is wrong with a vacancy's terms, each with a JSON pointer. `terms` is the whole state after the change."""
    return [*_check_names(terms), *_check_numbers(terms), *_check_wage(terms, city, on)]


def check_openings(openings: int, taken: int) -> None:
    """Openings may rise and fall, but whoever has been hired keeps the place."""
    if openings < taken:
        raise refuse_field(
            "/openings",
            "below_taken",
            f"已有 {taken} 人占用名额，招聘人数不得少于 {taken} 人 There are {taken} people who hold places: no fewer than {taken}",
        )


def check_days(vacancy: Vacancy, on: date) -> None:
    """What is entered or renewed on a day is offered on that day at least."""
    if vacancy.valid_until is not None and vacancy.valid_until < on:
        raise refuse_field(
            "/valid_until", "over_already", f"有效期不得早于「{on}」 It is over before {on}, when this holds"
        )


# 列名 as vetting names them, and the field of a vacancy that holds those words.
_FIELD_OF = {
    "岗位名称": "/title",
    "班次": "/shift",
    "福利待遇": "/welfare",
    "年龄要求": "/age_min",
    "岗位要求": "/demands",
}


def check_words(before: Vacancy, after: Vacancy, on: date) -> None:
    """A correction brings nothing in that vetting refuses; what was there already, an officer has decided on."""
    known = {(each.code, each.words) for each in stumbles_of(before, on)}
    new = [each for each in stumbles_of(after, on) if each.code in VETTING and (each.code, each.words) not in known]
    if new:
        wrong = [FieldError(_FIELD_OF.get(each.column, "/wage"), each.code, _say(each)) for each in new]
        raise TermsRefused("请修正所列字段 Correct the fields listed.", errors=wrong)


def _say(stumble: Stumble) -> str:
    chinese, english = VETTING_WORDS[stumble.code]
    words, law = stumble.words, LAW[stumble.code]
    return said_in_both(f"{chinese}：「{words}」，依据「{law}」", f"{english}: {words} ({law})")


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


def _check_wage(terms: Terms, city: str, on: date) -> list[FieldError]:
    minimum = minimum_wage(city, on)
    if terms.wage is None or minimum is None or terms.wage >= minimum:
        return []
    return [
        FieldError(
            "/wage",
            "below_minimum_wage",
            f"低于最低工资 {minimum} 元/月 Below the local minimum of {minimum} yuan a month",
        )
    ]
