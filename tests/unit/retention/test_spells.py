"""Spells: where somebody works seen from home, and the days that count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.problems import Invalid
from services.retention.rules.spells import Spell, check_dates, check_past, covers, days_worked, work_place
from tests.support.spells import a_spell

FIRST = date(2017, 1, 1)


def spell_from(start: int, length: int | None) -> Spell:
    begin = FIRST + timedelta(days=start)
    return a_spell(begin, None if length is None else begin + timedelta(days=length - 1))


SPELLS = st.lists(st.builds(spell_from, st.integers(0, 300), st.one_of(st.none(), st.integers(1, 120))), max_size=6)


@pytest.mark.parametrize(("city", "code"), [("433124", "02"), ("430100", "03"), ("440300", "04"), ("370100", "04")])
def test_the_work_place_follows_from_the_divisions(city: str, code: str) -> None:
    assert work_place("433124", city) == code


@given(SPELLS, st.integers(0, 400))
def test_days_in_work_are_the_days_that_some_spell_covers(spells: list[Spell], until: int) -> None:
    as_of = FIRST + timedelta(days=until)
    covered = sum(any(covers(spell, FIRST + timedelta(days=day)) for spell in spells) for day in range(until + 1))
    assert days_worked(spells, as_of) == covered


def test_a_spell_covers_its_last_day_and_no_more() -> None:
    spell = a_spell(date(2017, 2, 20), date(2017, 3, 15))
    assert [covers(spell, date(2017, 3, day)) for day in (15, 16)] == [True, False]


def test_an_end_before_the_start_and_a_date_to_come_are_refused() -> None:
    with pytest.raises(Invalid) as before:
        check_dates(date(2017, 3, 1), date(2017, 2, 28))
    with pytest.raises(Invalid) as future:
        check_past(date(2017, 3, 2), date(2017, 3, 1), "/start")
    assert (before.value.errors[0].pointer, future.value.errors[0].code) == ("/end", "in_future")
