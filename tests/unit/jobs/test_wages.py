"""Wage text of many offices, read into figures and a month's wage."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.jobs.rules.text import plain
from services.jobs.rules.wages import read_wage

MONTHLY = [
    ("5000-6800元/月", 5000, 6800),
    ("5500以上", 5500, None),
    ("5500元起", 5500, None),
    ("5500+", 5500, None),
    ("不低于4000元", 4000, None),
    ("保底3000+提成", 3000, None),
    ("3800元/月", 3800, 3800),
    ("3800", 3800, 3800),
    ("4000左右", 4000, 4000),
    ("５０００－６８００元", 5000, 6800),
    ("5000—6800", 5000, 6800),
    ("5000～6800元每月", 5000, 6800),
    ("5000至6800元/月", 5000, 6800),
    ("5000元到6800元", 5000, 6800),
    ("5000元/月-6800元/月", 5000, 6800),
    ("6800-5000元/月", 5000, 6800),
    ("￥4,500-6,000", 4500, 6000),
    ("¥4500/月", 4500, 4500),
    ("月薪：4500-6000元", 4500, 6000),
    ("每月4500元", 4500, 4500),
    ("4k-6k", 4000, 6000),
    ("4-6K", 4000, 6000),
    ("4-6千", 4000, 6000),
    ("4千-6千", 4000, 6000),
    ("4千5", 4500, 4500),
    ("0.45-0.6万/月", 4500, 6000),
    ("月薪1万以上", 10000, None),
    ("四千元", 4000, 4000),
    ("四千至六千元/月", 4000, 6000),
    ("三千五", 3500, 3500),
    ("三四千元", 3000, 4000),
    ("一万二", 12000, 12000),
    ("5000-6800元/月，8小时工作制", 5000, 6800),
    ("每天8小时，4500元/月", 4500, 4500),
    ("8小时/天，26天/月，4500-6000", 4500, 6000),
    ("月休4天 4000-5000元", 4000, 5000),
    ("4500元/月+餐补300元/月", 4500, 4500),
    ("4000-5000元，全勤奖200元", 4000, 5000),
    ("4500-6000元/月（时薪22元）", 4500, 6000),
    ("底薪2130元，综合4500-6000元/月", 2130, 6000),
    ("试用期3500，转正4500-6000", 3500, 6000),
    ("4500-6000（含加班费），13薪", 4500, 6000),
    ("5000元/月，五险一金", 5000, 5000),
    ("4500元/月 每月15号发薪", 4500, 4500),
    ("面议（4000元以上）", 4000, None),
    ("5000-6800元/月，日结工可谈", 5000, 6800),
    ("5000-6800元/人/月", 5000, 6800),
    ("人民币4500元", 4500, 4500),
    ("4500塊", 4500, 4500),
    ("5000-7000元/個月", 5000, 7000),
]


@pytest.mark.parametrize(("text", "low", "high"), MONTHLY)
def test_a_wage_by_the_month_is_read_in_any_notation(text: str, low: float, high: float | None) -> None:
    wage = read_wage(plain(text))
    assert (wage.low, wage.high, wage.basis, wage.monthly_min) == (low, high, "month", low)


OTHER = [
    ("22元/小时", "hour", 22, 22, 3828),
    ("22-25元/小时", "hour", 22, 25, 3828),
    ("22元/小時", "hour", 22, 22, 3828),
    ("时薪22元", "hour", 22, 22, 3828),
    ("每小时22元", "hour", 22, 22, 3828),
    ("22元/h", "hour", 22, 22, 3828),
    ("20/小时以上", "hour", 20, None, 3480),
    ("12.5元/小时", "hour", Decimal("12.5"), Decimal("12.5"), 2175),
    ("150元/天", "day", 150, 150, 3262),
    ("150-200元/日", "day", 150, 200, 3262),
    ("日薪180元", "day", 180, 180, 3915),
    ("每天一百五十元", "day", 150, 150, 3262),
    ("150元/天（8小时）", "day", 150, 150, 3262),
    ("180-200元，日结", "day", 180, 200, 3915),
    ("年薪6-8万", "year", 60000, 80000, 5000),
    ("6万-8万元/年", "year", 60000, 80000, 5000),
    ("60000元/年", "year", 60000, 60000, 5000),
    ("计件 4200-6000", "piece", 4200, 6000, 4200),
    ("计件，4200-6000元/月", "piece", 4200, 6000, 4200),
    ("計件4200-6000", "piece", 4200, 6000, 4200),
    ("4200-6000（计件）", "piece", 4200, 6000, 4200),
    ("保底3000+计件", "piece", 3000, None, 3000),
]


@pytest.mark.parametrize(("text", "basis", "low", "high", "monthly"), OTHER)
def test_other_bases_become_a_months_wage(text: str, basis: str, low: int, high: int | None, monthly: int) -> None:
    wage = read_wage(plain(text))
    assert (wage.basis, wage.low, wage.high, wage.monthly_min) == (basis, low, high, monthly)


@pytest.mark.parametrize(
    "text", ["面议", "面議", "电议", "待定", "", "按公司规定", "工资面谈", "8小时工作制，面议", "从优"]
)
def test_a_wage_without_a_figure_is_negotiable(text: str) -> None:
    wage = read_wage(plain(text))
    assert (wage.low, wage.high, wage.basis, wage.monthly_min) == (None, None, "negotiable", None)


def test_a_price_for_each_piece_is_no_wage() -> None:
    assert (read_wage("计件0.5元/件").low, read_wage("计件0.5元/件").basis) == (None, "piece")


@given(
    low=st.integers(1000, 20000),
    more=st.integers(0, 9000),
    separator=st.sampled_from(["-", "—", "~", "～", "至", "到", " - "]),
)
def test_any_range_keeps_its_figures(low: int, more: int, separator: str) -> None:
    wage = read_wage(plain(f"{low}{separator}{low + more}元/月"))
    assert (wage.low, wage.high, wage.basis) == (low, low + more, "month")


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault_and_in_order(text: str) -> None:
    wage = read_wage(plain(text))
    assert wage.low is None or wage.high is None or wage.low <= wage.high


@given(st.text(alphabet="0123456789千万kw元/月小时天日年-~以上计件面议,.+ 四五六", max_size=24))
def test_any_jumble_of_wage_marks_is_read_without_a_fault(text: str) -> None:
    read_wage(plain(text))
