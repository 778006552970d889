"""Judge a household by the rules of data quality (判定): pure, each rule one line of the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from libs.common.codes.lists import education_steps, ethnic_groups, register_list
from services.registry.rules.facts import education_step
from services.registry.rules.heads import HEAD, SPOUSE
from services.registry.rules.identification import age_on
from services.registry.rules.numbers import is_phone
from services.registry.rules.quality import Found, Home, Member, Rule, rule_set

# What a rule does not fit: of whom, in which field.
Misfits = Iterable[tuple[Member, str]]
Judge = Callable[[Home, Rule], Misfits]
UNABLE = ("丧失劳动力", "无劳动力")
DISABLED, HEALTHY = "残疾", "健康"
_BEYOND_SCHOOL = 4
_LISTS: Mapping[str, frozenset[str]] = {
    "ethnic_group": frozenset(ethnic_groups()),
    "kinship": frozenset(register_list("kinship")),
    "education": frozenset(education_steps()),
    "pupil": frozenset(register_list("pupils")),
    "ability": frozenset(register_list("ability")),
    "political_status": frozenset(register_list("political_status")),
    "health": frozenset(register_list("health")),
}


def judge_home(home: Home) -> list[Found]:
    """Everything that does not fit in a household on a day."""
    rules = rule_set().rules
    misfits = ((rule, one, field) for rule in rules.values() for one, field in JUDGES[rule.id](home, rule))
    return [Found(one.id, rule.id, field, _grounds(home, one, rule)) for rule, one, field in misfits]


def next_turn(birth: date, on: date) -> date | None:
    """The next birthday on which a verdict may be other than today."""
    reached = age_on(birth, on)
    coming = (_birthday(birth, age) for age in rule_set().ages if age > reached)
    return next(coming, None)


def _birthday(birth: date, age: int) -> date | None:
    year = birth.year + age
    if year > date.max.year:
        return None
    leaps = (birth.month, birth.day) == (2, 29) and (year % 4 or (not year % 100 and year % 400))
    return date(year, 3, 1) if leaps else birth.replace(year=year)


def _grounds(home: Home, one: Member, rule: Rule) -> str:
    looked_at = home.members if rule.household else [one]
    facts = sorted([str(getattr(each, fact)) for fact in rule.facts] for each in looked_at)
    return json.dumps(facts, ensure_ascii=False)


def _each(holds: Callable[[Member, Rule], object]) -> Judge:
    """A rule on each member alone, told of its first field; with ages in it, of those ages alone."""

    def judge(home: Home, rule: Rule) -> Iterator[tuple[Member, str]]:
        for one in home.members:
            if _is_of_age(home, one, rule) and holds(one, rule):
                yield one, rule.fields[0]

    return judge


def _is_of_age(home: Home, one: Member, rule: Rule) -> bool:
    limits = rule.limits
    return "youngest" not in limits or limits["youngest"] <= home.ages[one.id] <= limits["oldest"]


def _kin(home: Home, rule: Rule) -> Iterator[tuple[Member, str]]:
    yield from ((one, rule.fields[0]) for one, code in home.kin if code == rule.id)


def _too_many(home: Home, rule: Rule) -> Iterator[tuple[Member, str]]:
    if len(home.members) > rule.limits["most"]:
        yield home.members[0], rule.fields[0]


def _invalid_phones(home: Home, rule: Rule) -> Iterator[tuple[Member, str]]:
    for one in home.members:
        yield from ((one, field) for field in rule.fields if (phone := getattr(one, field)) and not is_phone(phone))


def _shared_phones(home: Home, rule: Rule) -> Iterator[tuple[Member, str]]:
    """Each phone once, of the first who has it."""
    told: set[str] = set()
    for one in home.members:
        for field in rule.fields:
            phone = getattr(one, field)
            if phone in home.phones_elsewhere and phone not in told:
                told.add(phone)
                yield one, field


def _odd_pay(home: Home, rule: Rule) -> Iterator[tuple[Member, str]]:
    least, most = rule.limits["least"], rule.limits["most"]
    for one in home.members:
        asked = ((field, getattr(one, field)) for field in rule.fields)
        yield from ((one, field) for field, pay in asked if pay is not None and not least <= pay <= most)


def _unlisted(home: Home, rule: Rule) -> Iterator[tuple[Member, str]]:
    for one in home.members:
        for field in rule.fields:
            said = getattr(one, field)
            values: Sequence[str] = said if isinstance(said, list) else [said]
            if any(value and value not in _LISTS[field] for value in values):
                yield one, field


def _is_healthy(one: Member) -> bool:
    return one.health == [HEALTHY] and not one.disability


def _is_known_by_file(one: Member) -> bool:
    """Where the ledger of spells says that somebody works, nobody has counted the months or said how."""
    return one.source != "retention"


JUDGES: Mapping[str, Judge] = {
    "id_check_digit": _each(lambda one, _: one.read_number.problem),
    "birth_id_mismatch": _each(lambda one, _: one.read_number.birth not in (None, one.birth_date)),
    "sex_id_mismatch": _each(lambda one, _: one.read_number.sex not in (None, one.sex)),
    "age_implausible": _each(lambda one, _: True),
    "place_missing": _each(lambda one, _: not (one.township and one.village)),
    "head_missing": _kin,
    "head_multiple": _kin,
    "spouse_multiple": _kin,
    "spouse_same_sex": _kin,
    "head_too_young": _each(lambda one, _: one.kinship == HEAD),
    "spouse_too_young": _each(lambda one, _: one.kinship == SPOUSE),
    "kinship_missing": _each(lambda one, _: not one.kinship),
    "household_large": _too_many,
    "schooling_both": _each(lambda one, _: one.education and one.pupil),
    "schooling_neither": _each(lambda one, _: not (one.education or one.pupil)),
    "schooling_too_high": _each(lambda one, _: education_step(one.education) >= _BEYOND_SCHOOL),
    "school_age_out": _each(lambda one, _: not one.pupil),
    "pupil_too_old": _each(lambda one, _: one.pupil),
    "pupil_working": _each(lambda one, _: one.pupil and one.work_place),
    "ethnic_group_missing": _each(lambda one, _: not one.ethnic_group),
    "ability_missing": _each(lambda one, _: not (one.ability or one.pupil)),
    "healthy_without_ability": _each(lambda one, _: one.ability in UNABLE and _is_healthy(one)),
    "unable_working": _each(lambda one, _: one.ability in UNABLE and one.work_place),
    "health_missing": _each(lambda one, _: not one.health),
    "health_contradicts": _each(lambda one, _: HEALTHY in one.health and len(one.health) > 1),
    "disability_not_in_health": _each(lambda one, _: one.disability and DISABLED not in one.health),
    "disability_kind_missing": _each(lambda one, _: DISABLED in one.health and not one.disability),
    "work_place_without_months": _each(
        lambda one, _: one.work_place and not one.work_months and _is_known_by_file(one)
    ),
    "work_months_without_place": _each(
        lambda one, _: one.work_months > 0 and not one.work_place and _is_known_by_file(one)
    ),
    "work_months_range": _each(lambda one, rule: not rule.limits["least"] <= one.work_months <= rule.limits["most"]),
    "child_working": _each(lambda one, _: one.work_place),
    "employer_without_work": _each(lambda one, _: one.work_employer and not one.work_place and _is_known_by_file(one)),
    "channel_missing": _each(lambda one, _: one.work_place and not one.channel and _is_known_by_file(one)),
    "phone_missing": _each(lambda one, _: not one.phones),
    "phone_invalid": _invalid_phones,
    "phone_shared": _shared_phones,
    "pay_range": _odd_pay,
    "wage_minimum_above_expected": _each(
        lambda one, _: one.wage_minimum and one.wage_expected and one.wage_minimum > one.wage_expected
    ),
    "wish_of_no_labourer": _each(lambda one, _: one.willing and not one.labourer),
    "allowance_both": _each(lambda one, _: one.low_income and one.destitute),
    "party_member_too_young": _each(lambda one, _: one.political_status == "中共党员"),
    "code_unknown": _unlisted,
}
