"""The types of values: each refuses a family whatever its member, and leaves what is sound as it is."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from libs.common import values
from libs.common.api import after_id, after_number, encode_cursor
from libs.common.calendar import add_days, add_months
from libs.common.problems import Invalid

UNSEEN = st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
LETTERS = st.text(st.characters(categories=["Lo", "Ll", "Nd"]), min_size=1, max_size=20)


def adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


TEXT, COUNT, ASKED, DAY, PAST = (
    adapter(kind) for kind in (values.Text, values.Count, values.Asked[values.Count], values.Day, values.PastDay)
)


def refuses(kind: TypeAdapter[Any], value: object) -> bool:
    try:
        kind.validate_python(value)
    except ValidationError:
        return True
    return False


@given(LETTERS, UNSEEN, LETTERS)
def test_a_text_holds_no_character_that_nobody_sees(before: str, hidden: str, after: str) -> None:
    assert refuses(TEXT, before + hidden + after)
    assert refuses(TEXT, hidden)
    assert refuses(TEXT, before + hidden)


@given(LETTERS)
def test_a_sound_text_is_composed_and_trimmed_and_otherwise_as_it_was(text: str) -> None:
    assert TEXT.validate_python(f" {unicodedata.normalize('NFD', text)}\u3000") == unicodedata.normalize("NFC", text)


@given(
    st.one_of(
        st.booleans(),
        st.floats(),
        st.text(),
        st.none(),
        st.lists(st.integers()),
        st.integers(max_value=-1),
        st.integers(min_value=2**31),
    )
)
def test_a_count_is_a_whole_number_that_the_database_can_hold(value: object) -> None:
    assert refuses(COUNT, value)


@given(
    st.text().filter(
        lambda text: not (text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and int(text) < 2**31)
    )
)
def test_a_count_in_an_address_is_written_in_digits(text: str) -> None:
    assert refuses(ASKED, text)


@given(st.integers(0, 2**31 - 1))
def test_a_count_is_taken_as_a_number_and_in_an_address_as_digits(number: int) -> None:
    assert COUNT.validate_python(number) == ASKED.validate_python(str(number)) == number


@given(
    st.one_of(st.dates(max_value=date(1899, 12, 31)), st.dates(min_value=date(2200, 1, 1))).map(str)
    | st.datetimes()
    | st.datetimes().map(datetime.isoformat)
    | st.integers()
    | st.floats()
    | st.text()
)
def test_a_day_is_one_of_our_time_written_in_one_way(value: object) -> None:
    assert refuses(DAY, value)


def test_what_has_happened_is_not_of_tomorrow() -> None:
    today = values.Clock().today()
    assert PAST.validate_python(str(today)) == today
    assert refuses(PAST, str(today + timedelta(days=1)))
    assert not refuses(DAY, str(today + timedelta(days=700)))
    assert refuses(DAY, str(today + timedelta(days=800)))


@given(st.dates(), st.integers(-(10**9), 10**9))
def test_sums_with_days_always_have_an_answer(day: date, many: int) -> None:
    assert add_days(day, many) in (
        date.min,
        date.max,
        date.fromordinal(min(max(day.toordinal() + many, 1), date.max.toordinal())),
    )
    assert date.min <= add_months(day, many) <= date.max


@pytest.mark.parametrize(
    ("kind", "sound", "wrong"),
    [
        (values.Quarter, "2017Q1", ["0000Q1", "2017Q5", "9999Q4", "2017q1", "２０１７Q1", "2017Q1\n"]),
        (values.Month, "2017-03", ["2017-13", "0000-01", "2017-3", "9999-12"]),
        (values.Division, "433124", ["993124", "033124", "43312", "４３３１２４", 433124]),
        (values.NodeName, "n433124", ["433124", "n43312", "n433124 "]),
        (values.Phone, "15400000001", ["12345678901", "1540000000", "+8615400000001"]),
        (values.Uscc, "91440300XL0000066R", ["91440300XL0000066I", "9144", "91440300xl0000066r"]),
        (values.Token, "k-1", ["", "a b", "é", "x" * 201]),
    ],
)
def test_a_code_has_its_form(kind: Any, sound: str, wrong: list[object]) -> None:
    assert adapter(kind).validate_python(sound) == sound
    assert [value for value in wrong if not refuses(adapter(kind), value)] == []


class _One(BaseModel):
    id: UUID


class _Other(BaseModel):
    id: UUID


@given(st.uuids())
def test_a_cursor_goes_back_to_the_list_it_came_from_and_to_no_other(last: UUID) -> None:
    cursor = encode_cursor("_One", last)
    assert after_id(cursor, _One) == last
    for stranger in (
        lambda: after_id(cursor, _Other),
        lambda: after_number(cursor, "_One"),
        lambda: after_id(cursor[:-2], _One),
    ):
        with pytest.raises(Invalid):
            stranger()


@given(st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True), st.text(max_size=80)))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        after_id(text, _One)


@given(st.integers(0, 2**63 - 1))
def test_a_cursor_may_hold_a_number(position: int) -> None:
    assert after_number(encode_cursor("public.jobs.vacancy", position), "public.jobs.vacancy") == position


@given(st.text())
def test_a_filename_is_kept_without_what_nobody_sees(name: str) -> None:
    kept = values.sound_filename(name)
    assert 0 < len(kept) <= 200
    assert not values.has_unseen(kept)
