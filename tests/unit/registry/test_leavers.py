"""The rule of school leavers: the window that a list asks by says of every birth date what the rule says of a person."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from libs.common.calendar import is_quarter_end
from libs.common.codes.lists import education_steps, register_list
from services.registry.rules.identification import age_on
from services.registry.rules.leavers import NotLeaver, check_leaver, leaver_rules, leaver_window, why_no_leaver

days = some.dates(date(2010, 1, 1), date(2040, 12, 31))


@given(days, some.dates(date(1980, 1, 1), date(2040, 12, 31)))
def test_the_window_of_a_list_is_the_rule(as_of: date, birth: date) -> None:
    window = leaver_window(as_of)
    (rule,) = [each for each in leaver_rules() if each.version == window.rule]
    within = rule.youngest <= age_on(birth, window.judged_on) <= rule.oldest
    assert (window.born_after < birth <= window.born_until) == within
    assert ("age" not in why_no_leaver(birth, "初中", "", as_of)) == within


@given(days)
def test_it_is_judged_by_a_quarters_end_that_is_over(as_of: date) -> None:
    judged_on = leaver_window(as_of).judged_on
    assert is_quarter_end(judged_on)
    assert judged_on <= as_of


@pytest.mark.parametrize(
    ("education", "pupil", "reasons"),
    [
        ("初中", "", ()),
        ("高中", "", ()),
        ("小学", "", ("education",)),
        ("大专", "", ("education",)),
        ("", "普通高中一年级", ("in_school", "education")),
        ("初中", "中职一年级", ("in_school",)),
    ],
)
def test_whoever_has_gone_on_is_none(education: str, pupil: str, reasons: tuple[str, ...]) -> None:
    assert why_no_leaver(date(2000, 5, 1), education, pupil, date(2017, 4, 1)) == reasons


def test_a_refusal_names_the_day_the_rule_and_every_reason() -> None:
    with pytest.raises(NotLeaver) as refused:
        check_leaver(date(1980, 1, 1), "本科及以上", "", date(2017, 4, 1))
    assert "2017-03-31" in refused.value.detail
    assert "leavers-1" in refused.value.detail
    assert "年龄不在范围内；文化程度不是初中或高中" in refused.value.detail
    check_leaver(date(2000, 5, 1), "高中", "", date(2017, 4, 1))


def test_every_word_of_the_rule_is_one_of_the_register() -> None:
    assert {word for rule in leaver_rules() for word in rule.education} <= education_steps().keys()
    assert "普通高中一年级" in register_list("pupils")
