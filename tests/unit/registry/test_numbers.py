"""Identity numbers and telephones: what a number says and what is wrong with it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.rules.numbers import check_character, find_phone, is_phone, lengthen, read_id_number

SOUND = "433124199105260037"
BORN = st.dates(date(1930, 1, 1), date(2016, 12, 31))


@st.composite
def numbers(draw: st.DrawFn) -> str:
    first17 = f"{draw(st.integers(110000, 659999))}{draw(BORN):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first17 + check_character(first17)


@given(numbers())
def test_a_right_number_is_accepted_and_says_birth_and_sex(number: str) -> None:
    found = read_id_number(number)
    assert (found.number, found.problem, found.old) == (number, None, False)
    assert found.birth == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert found.sex == ("男" if int(number[16]) % 2 else "女")


@given(numbers(), st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_character_is_noticed(number: str, place: int, more: int) -> None:
    old = number[place]
    wrong = str((int(old) + more) % 10) if old.isdecimal() else str(more)
    assert read_id_number(number[:place] + wrong + number[place + 1 :]).problem == "id_check_digit"


@given(numbers(), st.integers(0, 16))
def test_two_neighbours_exchanged_are_noticed(number: str, place: int) -> None:
    turned = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert turned == number or read_id_number(turned).problem == "id_check_digit"


FORMS = [
    "{}",
    " {} ",
    "　{}",
    "\u00a0{}",
    "\t{}",
    "'{}",
    "‘{}",
    "`{}",
    "\u200b{}",
    "\ufeff{}\u200e",
    '="{}"',
    '"{}"',
    "{}\n",
]


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_a_number_is_put_right_without_a_word(form: str) -> None:
    assert read_id_number(form.format(SOUND)).number == SOUND


@given(numbers())
def test_full_width_lower_case_and_spaced_numbers_are_one_with_the_plain(number: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}".lower()
    assert read_id_number(wide).number == read_id_number(spaced).number == number


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, "id_missing"),
        ("", "id_missing"),
        ("　", "id_missing"),
        ("'", "id_missing"),
        (4.3312419370414e17, "id_lost_digits"),
        (433124199105260000, "id_lost_digits"),
        ("4.33E+17", "id_lost_digits"),
        ("4.33126e+17", "id_lost_digits"),
        ("4.33126E17", "id_lost_digits"),
        ("４.33126Ｅ＋17", "id_lost_digits"),
        ("43312419910526003", "id_length"),
        (SOUND + "1", "id_length"),
        ("无", "id_length"),
        ("4331241991", "id_length"),
        ("433124199105260038", "id_check_digit"),
        ("43312419910526003X", "id_check_digit"),
        ("43312419910526OO37", "id_check_digit"),
        ("4331248503010X1", "id_check_digit"),
        ("43312419910230003" + check_character("43312419910230003"), "id_birth_invalid"),
        ("43312419911301003" + check_character("43312419911301003"), "id_birth_invalid"),
        ("433124850230001", "id_birth_invalid"),
    ],
)
def test_what_is_wrong_with_a_number_has_its_code(value: str | float | None, problem: str) -> None:
    found = read_id_number(value)
    assert (found.problem, found.number, found.birth, found.sex) == (problem, None, None, None)


@given(st.integers(110000, 659999), st.dates(date(1930, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_fifteen_digits_go_in_as_eighteen(area: int, birth: date, order: int) -> None:
    old = f"{area}{birth:%y%m%d}{order:03}"
    found = read_id_number(old)
    assert found.old
    assert found.birth == birth
    assert found.number == lengthen(old) == read_id_number(float(old)).number


def test_the_area_of_a_number_is_not_checked() -> None:
    assert not [area for area in ("522229", "513522") if read_id_number(lengthen(f"{area}850301001")).problem]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("15400000000", "15400000000"),
        ("154-0000-0000", "15400000000"),
        ("新号码：15400000000", "15400000000"),
        ("+8615400000000", "15400000000"),
        ("154—0000—0000", "15400000000"),
        ("1540000000", None),
        ("0743-0123456", None),
        ("是", None),
        ("15400000000，15300000000", None),
        ("154000000000", None),
        ("12400000000", None),
    ],
)
def test_the_one_new_telephone_number_is_found(text: str, phone: str | None) -> None:
    assert find_phone(text) == phone


def test_a_telephone_is_judged_by_its_form_alone() -> None:
    assert is_phone("15400000000")
    assert not any(map(is_phone, ("12400000000", "1540000000", "154000000000", "154-0000-0000", "")))
