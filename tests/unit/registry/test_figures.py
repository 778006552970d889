"""Figures as people write them: wages hoped for, months worked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.sheets.numbers import read_amount
from services.registry.rules.values import read_months

AMOUNTS: list[tuple[str | float | None, int | None]] = [
    ("3500", 3500),
    ("3500元", 3500),
    ("3500元/月", 3500),
    ("3500-4500", 3500),
    ("3500—4500元", 3500),
    ("3500～4500", 3500),
    ("3500至4500", 3500),
    ("4000元以上", 4000),
    ("4000以上", 4000),
    ("4000左右", 4000),
    ("约4000", 4000),
    ("4千", 4000),
    ("4千左右", 4000),
    ("4千5", 4500),
    ("4千5百", 4500),
    ("4.5千", 4500),
    ("4.5k", 4500),
    ("4K", 4000),
    ("4k-6k", 4000),
    ("4-6k", 4000),
    ("4-6千", 4000),
    ("3~4千", 3000),
    ("3、4千", 3000),
    ("0.4万", 4000),
    ("0.45万", 4500),
    ("1万", 10000),
    ("1万2", 12000),
    ("1.2w", 12000),
    ("３５００", 3500),
    ("３５００元／月", 3500),
    ("3,500", 3500),
    ("3，500", 3500),
    ("3 500", 3500),
    ("￥3500", 3500),
    ("¥3500.00", 3500),
    ("3500.0", 3500),
    (3500, 3500),
    (3500.0, 3500),
    (3500.5, 3500),
    ("'3500", 3500),
    ("\t3500", 3500),
    ("月薪3500", 3500),
    ("不低于3500元", 3500),
    ("最低3500", 3500),
    (">=3500", 3500),
    ("3500+", 3500),
    ("3500起", 3500),
    ("至少3500", 3500),
    ("四千左右", None),
    ("面议", None),
    ("看情况", None),
    ("", None),
    (None, None),
    ("四五千", None),
    ("4000块", 4000),
    ("4000元每月", 4000),
    ("每月4000元", 4000),
    ("4000 元", 4000),
    ("4 000元", 4000),
    ("RMB4000", 4000),
    ("4000—", 4000),
    ("3千多", 3000),
    ("3千-4千", 3000),
    ("３千５", 3500),
    ("4仟", 4000),
    ("4萬", 40000),
    ("包吃住4000", 4000),
    ("4百", 400),
    ("4000/月", 4000),
    ("3500~4500元/月", 3500),
    ("3500-4500元/月", 3500),
    ("（3500）", 3500),
    ("3500元(税后)", 3500),
    ("3.5-4.5k", 3500),
    ("3.5K以上", 3500),
    ("3k5", 3500),
    ("4000.", 4000),
    ("4000,00", 4000),
]
MONTHS = [
    ("6", 6),
    (6.0, 6),
    ("6个月", 6),
    ("６", 6),
    ("", 0),
    (None, 0),
    ("0", 0),
    (0.0, 0),
    ("半年", 6),
    ("一年", 12),
    ("全年", 12),
    ("十个月", 10),
    ("0.5", 1),
    ("无", 0),
    ("-", 0),
]


@pytest.mark.parametrize(("value", "amount"), AMOUNTS)
def test_the_first_figure_is_the_amount(value: str | float | None, amount: int | None) -> None:
    assert read_amount(value) == amount


@given(
    st.integers(1000, 19999),
    st.sampled_from(
        [
            "{}元/月",
            "{}-9999",
            "约{}",
            "{}以上",
            "￥{}",
            "{:,}元",
            " {} ",
            "'{}",
            "月薪{}元左右",
            "{}.0",
            "{}元（税后）",
        ]
    ),
)
def test_a_wage_keeps_its_figure_in_any_wording(wage: int, wording: str) -> None:
    assert read_amount(wording.format(wage)) == wage


@given(st.integers(10, 99), st.sampled_from([("{}k", 100), ("{}千", 100), ("{}K以上", 100), ("{}万", 1000)]))
def test_thousands_and_ten_thousands_count(tenths: int, wording: tuple[str, int]) -> None:
    assert read_amount(wording[0].format(tenths / 10)) == tenths * wording[1]


@pytest.mark.parametrize(("value", "months"), MONTHS)
def test_months_of_work_are_read(value: str | float | None, months: int) -> None:
    assert read_months(value) == months


@given(st.text(max_size=30))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert (read_amount(text) or 0) >= 0
