"""The rules of data quality: each has an example that raises it and one that does not, and both stand in its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.problems import halves
from services.registry.rules.identification import age_on
from services.registry.rules.quality import Count, Home, Member, Rule, rule_set, sum_up
from services.registry.rules.quality_judging import JUDGES, judge_home, next_turn
from services.registry.schemas.people import CardFacts
from services.registry.schemas.quality import RulesShown

RULES = rule_set().rules
ON = date(2026, 12, 31)
SHARED = "15400000009"


def a_home(said: Sequence[Mapping[str, Any]]) -> Home:
    """A household whose members are sound but for what an example says of them."""
    members = [
        Member(**_dated({**rule_set().sound, **each}), id=UUID(int=number), household=UUID(int=0))
        for number, each in enumerate(said, start=1)
    ]
    return Home(tuple(members), ON, frozenset({SHARED}))


def _dated(facts: dict[str, Any]) -> dict[str, Any]:
    return facts | {"birth_date": date.fromisoformat(facts["birth_date"])}


def raised(said: Sequence[Mapping[str, Any]]) -> set[str]:
    return {each.rule for each in judge_home(a_home(said))}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: str(rule.id))
def test_each_rule_is_raised_by_its_example_and_not_by_its_counter_example(rule: Rule) -> None:
    found = [each for each in judge_home(a_home(rule.raises)) if each.rule == rule.id]
    assert found
    assert {each.field for each in found} <= set(rule.fields)
    assert rule.id not in raised(rule.passes)


def test_somebody_who_is_sound_raises_nothing() -> None:
    assert raised([{}]) == set()


def test_each_rule_has_a_judge_names_facts_that_there_are_and_fields_that_a_form_has() -> None:
    assert JUDGES.keys() == RULES.keys()
    facts = set(Member.__dataclass_fields__)
    assert {fact for rule in RULES.values() for fact in rule.facts} <= facts
    of_visits = {"wage_expected", "wage_minimum"}
    assert {field for rule in RULES.values() for field in rule.fields} - of_visits <= {
        *CardFacts.model_fields,
        "number",
    }


def test_every_finding_rests_on_the_facts_that_its_rule_looks_at_and_on_no_other() -> None:
    """Whether a fact that a rule does not name could change its verdict: then an accepted finding would not come back."""
    for rule in RULES.values():
        unnamed = {name: value for name, value in _OTHER.items() if name not in rule.facts}
        for name, value in unnamed.items():
            said = [{**each, name: value} for each in rule.raises]
            assert rule.id in raised(said), f"{rule.id} looks at {name} and does not name it"


# Another value of each fact, sound by itself.
_OTHER = {
    "township": "边城镇",
    "village": "茶洞村",
    "ethnic_group": "土家族",
    "political_status": "",
    "low_income": True,
}


def test_the_list_says_of_every_rule_what_is_wrong_and_what_to_do_in_two_languages() -> None:
    shown = RulesShown.of(rule_set()).rules
    assert len(shown) >= 28 + 6
    assert len({each.id for each in shown}) == len(shown)
    assert {each.judged for each in shown} == {"register", "entry"}
    for each in shown:
        for words in (each.wrong, each.repair):
            chinese, english = halves(words)
            assert not chinese.isascii(), words
            assert english.replace("残疾", "").isascii(), words


@given(birth=st.dates(date(1900, 1, 1), ON), on=st.dates(date(2017, 1, 1), ON))
def test_between_two_turns_no_verdict_on_age_changes(birth: date, on: date) -> None:
    turn = next_turn(birth, on)
    bounds = [age_on(birth, on) >= age for age in rule_set().ages]
    if turn is None:
        assert all(bounds[:-1])
    else:
        before = turn - timedelta(days=1)
        assert bounds == [age_on(birth, before) >= age for age in rule_set().ages]
        assert bounds != [age_on(birth, turn) >= age for age in rule_set().ages]


def test_sums_are_by_severity_and_a_place_of_nobody_has_no_share() -> None:
    def count(rule: str, figure: str, amount: int) -> Count:
        return Count("花垣镇", "老寨村", rule, figure, amount)

    told = sum_up(
        [
            count("", "people", 4),
            count("", "complete", 3),
            count("phone_missing", "open", 2),
            count("channel_missing", "open", 1),
            count("channel_missing", "accepted", 5),
        ]
    )
    assert (told.completeness, told.errors, told.warnings, told.accepted) == (0.75, 2, 1, 5)
    assert sum_up([]).completeness is None
