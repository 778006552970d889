"""统一社会信用代码: what GB 32100-2015 lets stand is taken, from every department that registers, and no single slip is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from libs.common.codes.credit_codes import DEPARTMENTS, SIGNS, check_sign, is_credit_code, organisation_check
from libs.common.values import Uscc
from services.jobs.rules import check_uscc

# GB 32100-2015, appendix: 31 signs, weights 3^(i-1) modulo 31.
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def code_of(department: str, kind: str, division: str, organisation: str) -> str:
    begun = f"{department}{kind}{division}{organisation}{organisation_check(organisation)}"
    return begun + check_sign(begun)


codes = st.builds(
    code_of,
    st.sampled_from(sorted(DEPARTMENTS)),
    st.sampled_from("123459"),
    st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    st.text(SIGNS, min_size=8, max_size=8),
)


@given(codes)
def test_every_code_of_every_department_is_taken_at_every_way_in(code: str) -> None:
    assert is_credit_code(code)
    assert check_uscc(code) is None
    assert TypeAdapter(Uscc).validate_python(code) == code


@given(codes)
def test_the_last_sign_is_that_of_the_standards_sum(code: str) -> None:
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(code, WEIGHTS, strict=False))
    assert (total + SIGNS.index(code[17])) % 31 == 0


@given(codes, st.integers(0, 17), st.sampled_from(SIGNS))
def test_no_slip_of_one_sign_is_taken(code: str, place: int, sign: str) -> None:
    slipped = code[:place] + sign + code[place + 1 :]
    assert is_credit_code(slipped) == (slipped == code)


@given(codes, st.integers(0, 16))
def test_no_two_neighbours_change_places(code: str, place: int) -> None:
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(turned) == (turned == code)


@pytest.mark.parametrize("begun", ["N2433124", "Y1433124", "A1433124", "91440300", "51440300", "12433124"])
def test_village_collectives_and_others_are_firms_too(begun: str) -> None:
    assert is_credit_code(code_of(begun[0], begun[1], begun[2:], "MA5D8C1X"))


@pytest.mark.parametrize("wrong", ["", "91440300XL0000066r", "9" * 18, "B1440300XL0000066R", "91440300XL000006 R"])
def test_what_the_standard_does_not_know_is_refused_with_words_in_both_languages(wrong: str) -> None:
    assert not is_credit_code(wrong)
    with pytest.raises(ValidationError):
        TypeAdapter(Uscc).validate_python(wrong)


def test_an_old_registration_number_is_still_taken() -> None:
    assert TypeAdapter(Uscc).validate_python("440301103097413") == "440301103097413"
