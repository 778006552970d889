"""Board, lodging and insurances as welfare texts promise them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.jobs.rules.text import plain
from services.jobs.rules.welfare import INSURANCES, read_board_and_lodging, read_insurances

FIVE = list(INSURANCES[:5])
SIX = list(INSURANCES)
LIVING = [
    ("包吃住", True, True),
    ("包吃包住", True, True),
    ("包食宿", True, True),
    ("提供食宿", True, True),
    ("食宿全包", True, True),
    ("免费吃住", True, True),
    ("管吃管住", True, True),
    ("包吃，不包住", True, False),
    ("包吃不包住", True, False),
    ("包住不包吃", False, True),
    ("不包吃住", False, False),
    ("不提供食宿", False, False),
    ("吃住自理", False, False),
    ("食宿自理", False, False),
    ("包住，伙食自理", False, True),
    ("包吃，住宿自理", True, False),
    ("提供工作餐", True, False),
    ("免费工作餐", True, False),
    ("包三餐", True, False),
    ("提供午餐", True, False),
    ("免费三餐", True, False),
    ("餐补300元/月", False, False),
    ("伙食补贴", False, False),
    ("工作餐补贴", False, False),
    ("住房补贴200元", False, False),
    ("外宿补贴", False, False),
    ("免费住宿、餐补300元/月", False, True),
    ("免费住宿，餐補300元", False, True),
    ("提供宿舍、免费工作餐", True, True),
    ("提供员工宿舍", False, True),
    ("提供住宿", False, True),
    ("住宿免费", False, True),
    ("包住", False, True),
    ("夫妻房", False, False),
    ("住房公积金", False, False),
    ("1.包吃住 2.五险", True, True),
    ("①包吃②包住③社保", True, True),
    ("包吃、住", True, True),
    ("包吃住/五险一金/全勤奖", True, True),
    ("包吃住；水电自理", True, True),
    ("", False, False),
    ("全勤奖", False, False),
]


@pytest.mark.parametrize(("text", "board", "lodging"), LIVING)
def test_board_and_lodging_are_what_is_really_offered(text: str, board: bool, lodging: bool) -> None:
    assert read_board_and_lodging(plain(text)) == (board, lodging)


INSURED = [
    ("五险一金", SIX),
    ("五險一金", SIX),
    ("六险一金", SIX),
    ("5险1金", SIX),
    ("五险、住房公积金", SIX),
    ("社保+公积金", SIX),
    ("五险", FIVE),
    ("社保", FIVE),
    ("购买社保", FIVE),
    ("社会保险", FIVE),
    ("缴纳社會保險", FIVE),
    ("转正后购买五险", FIVE),
    ("工伤保险", ["injury"]),
    ("工傷保險", ["injury"]),
    ("工伤险", ["injury"]),
    ("养老、医疗、工伤保险", ["pension", "medical", "injury"]),
    ("养老保险、医疗保险", ["pension", "medical"]),
    ("意外险", []),
    ("人身意外伤害保险", []),
    ("商业保险", []),
    ("雇主责任险", []),
    ("补充医疗保险", []),
    ("无社保", []),
    ("不购买社保", []),
    ("社保自理", []),
    ("社保补贴300元", []),
    ("工伤保险、意外险", ["injury"]),
    ("意外险、五险一金", SIX),
    ("", []),
    ("包吃住", []),
]


@pytest.mark.parametrize(("text", "kinds"), INSURED)
def test_only_social_insurances_count(text: str, kinds: list[str]) -> None:
    assert list(read_insurances(plain(text))) == kinds


@given(st.text(alphabet="包不提供吃住食宿自理免费工作餐补贴五险一金社保工伤养老、，；。 +/", max_size=30))
def test_any_jumble_of_welfare_words_is_read_without_a_fault(text: str) -> None:
    read_board_and_lodging(plain(text))
    assert set(read_insurances(plain(text))) <= set(INSURANCES)
