"""Masks cannot be undone: people who differ only in what is hidden look the same, and what is left is never a digit more."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from libs.common.masks import BANDS, OLDEST, age_band, band_of, mask_name, mask_number, mask_phone, year_end

DIGITS = st.text("0123456789", min_size=12, max_size=12)
DAYS = st.dates(date(1900, 1, 1), date(2016, 12, 31))
TODAYS = st.dates(date(2017, 1, 1), date(2090, 12, 31))


@given(st.text("0123456789", min_size=6, max_size=6), DIGITS, DIGITS)
def test_numbers_of_one_division_look_the_same(division: str, one: str, other: str) -> None:
    assert mask_number(division + one) == mask_number(division + other) == division + "*" * 12


@given(
    st.text("0123456789", min_size=3, max_size=3),
    st.text("0123456789", max_size=12),
    st.text("0123456789", max_size=12),
)
def test_phones_of_one_network_look_the_same_however_long(network: str, one: str, other: str) -> None:
    assert mask_phone(network + one) == mask_phone(network + other) == network + "*" * 8


@given(st.characters(categories=["L"]), st.text(min_size=1, max_size=49), st.text(max_size=49))
def test_names_with_one_first_sign_look_the_same(first: str, one: str, other: str) -> None:
    assert mask_name(first + one) == mask_name(first + other) == first + "**"


@given(DAYS, DAYS, TODAYS)
def test_birth_dates_of_one_year_have_one_band_whatever_day_it_is(one: date, other: date, today: date) -> None:
    assert age_band(one, today) == age_band(one.replace(month=other.month, day=min(other.day, 28)), today)


@given(DAYS, st.integers(2017, 2090), st.integers(0, 364))
def test_no_birthday_is_told_by_the_day_a_band_changes(birth: date, year: int, place: int) -> None:
    within = date.fromordinal(date(year, 1, 1).toordinal() + place)
    assert age_band(birth, within) == age_band(birth, date(year, 1, 1))
    assert year_end(within) == date(year - 1, 12, 31)


@given(st.integers(0, 130))
def test_every_age_has_one_band_that_holds_it(age: int) -> None:
    band = band_of(age)
    assert age >= 60 if band == OLDEST else int(band.split("-")[0]) <= age <= int(band.split("-")[1])
    assert [last + 1 for _, last in BANDS] == [*(first for first, _ in BANDS[1:]), 60]
