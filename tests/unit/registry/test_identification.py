"""Who is a labourer, rule v1, at its edges and with every reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.rules import identify
from services.registry.rules.identification import age_on, is_older, rule_on, rules, standing_on

AS_OF = date(2016, 12, 31)


@pytest.mark.parametrize(
    ("birth", "labourer"), [("1956-12-31", False), ("1957-01-01", True), ("2000-12-31", True), ("2001-01-01", False)]
)
def test_sixteen_and_fifty_nine_are_counted_on_the_last_day_of_the_year(birth: str, labourer: bool) -> None:
    verdict = identify(date.fromisoformat(birth), "普通劳动力", "", AS_OF)
    assert (verdict.labourer, verdict.reasons) == (labourer, () if labourer else ("age",))


@pytest.mark.parametrize(
    ("ability", "reasons"),
    [
        ("普通劳动力", ()),
        ("技能劳动力", ()),
        ("弱劳动力或半劳动力", ()),
        ("丧失劳动力", ("unable",)),
        ("无劳动力", ("unable",)),
        ("", ()),
    ],
)
def test_who_has_lost_the_ability_to_work_is_no_labourer(ability: str, reasons: tuple[str, ...]) -> None:
    assert identify(date(1985, 3, 1), ability, "", AS_OF).reasons == reasons


def test_who_is_at_school_is_no_labourer_whatever_the_age() -> None:
    assert identify(date(1995, 3, 1), "普通劳动力", "本科三年级", AS_OF).reasons == ("in_school",)


def test_every_reason_that_holds_is_given_with_the_rule() -> None:
    verdict = identify(date(2010, 3, 1), "无劳动力", "小学", AS_OF)
    assert verdict.reasons == ("age", "in_school", "unable")
    assert (verdict.labourer, verdict.rule) == (False, "v1")


def test_an_empty_ability_is_no_yes_by_the_rule_that_counts_from_a_later_day() -> None:
    day = next(rule.counts_from for rule in rules() if rule.ability_needed)
    before, after = (identify(date(1990, 3, 1), "", "", each) for each in (day - timedelta(days=1), day))
    assert (before.labourer, before.rule, before.reasons) == (True, "v1", ())
    assert (after.labourer, after.rule, after.reasons) == (False, "v2", ("ability_unknown",))


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_a_register_is_judged_at_the_end_of_a_quarter_that_is_not_after_the_day(day: date) -> None:
    standing = standing_on(day)
    assert day - timedelta(days=92) <= standing.day <= day
    assert (standing.day + timedelta(days=1)).day == 1
    assert standing.rule == rule_on(standing.day).version


def test_older_are_men_from_fifty_and_women_from_forty() -> None:
    born = {sex: date(AS_OF.year - years, 12, 31) for sex, years in (("男", 50), ("女", 40))}
    assert all(is_older(sex, birth, AS_OF) for sex, birth in born.items())
    assert not any(is_older(sex, birth.replace(year=birth.year + 1), AS_OF) for sex, birth in born.items())


@given(st.dates(date(1930, 1, 1), date(2016, 1, 1)), st.dates(date(2016, 1, 2), date(2030, 1, 1)))
def test_age_grows_by_one_on_the_birthday_alone(birth: date, day: date) -> None:
    age = age_on(birth, day)
    assert birth.replace(year=birth.year + age, day=min(birth.day, 28)) <= day
    assert day < date(birth.year + age + 1, birth.month, min(birth.day, 28)) or day.month == birth.month


def test_someone_born_on_a_leap_day_is_older_in_march() -> None:
    assert (age_on(date(2000, 2, 29), date(2017, 2, 28)), age_on(date(2000, 2, 29), date(2017, 3, 1))) == (16, 17)
