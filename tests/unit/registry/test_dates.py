"""Dates in every notation, and when somebody could start as people say it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.sheets.numerals import read_numeral
from libs.common.sheets.text import read_date
from services.registry.rules.dates import read_available

VISITED = date(2017, 1, 20)
START: list[tuple[str | float | None, str | None]] = [
    ("2017-03-01", "2017-03-01"),
    ("2017/3/1", "2017-03-01"),
    ("20170301", "2017-03-01"),
    (20170301.0, "2017-03-01"),
    (42795.0, "2017-03-01"),
    ("42795", "2017-03-01"),
    ("2017年3月1日", "2017-03-01"),
    ("2017.3.1", "2017-03-01"),
    ("2017年3月1号", "2017-03-01"),
    ("２０１７年３月１日", "2017-03-01"),
    ("2017 年 3 月 1 日", "2017-03-01"),
    ("3月", "2017-03-01"),
    ("3月初", "2017-03-01"),
    ("３月", "2017-03-01"),
    ("三月", "2017-03-01"),
    ("三月初", "2017-03-01"),
    ("3月份", "2017-03-01"),
    ("三月份", "2017-03-01"),
    ("03月", "2017-03-01"),
    ("3月8日", "2017-03-08"),
    ("3月8号", "2017-03-08"),
    ("三月八日", "2017-03-08"),
    ("三月八号", "2017-03-08"),
    ("三月二十八日", "2017-03-28"),
    ("3月 8 日", "2017-03-08"),
    ("3.8", "2017-03-08"),
    ("3/8", "2017-03-08"),
    ("3-8", "2017-03-08"),
    ("3月8", "2017-03-08"),
    ("3月8日以后", "2017-03-08"),
    ("3月8日左右", "2017-03-08"),
    ("3月以后", "2017-03-01"),
    ("3月底", "2017-03-31"),
    ("2月底", "2017-02-28"),
    ("3月中旬", "2017-03-11"),
    ("3月上旬", "2017-03-01"),
    ("3月下旬", "2017-03-21"),
    ("2017年3月", "2017-03-01"),
    ("2017年3月初", "2017-03-01"),
    ("2017-03", "2017-03-01"),
    ("2017.3", "2017-03-01"),
    ("2017/3", "2017-03-01"),
    ("今年3月", "2017-03-01"),
    ("12月", "2017-12-01"),
    ("十二月", "2017-12-01"),
    ("十月", "2017-10-01"),
    ("17年3月8日", "2017-03-08"),
    ("年后", "2017-02-11"),
    ("过完年", "2017-02-11"),
    ("春节后", "2017-02-11"),
    ("过年后", "2017-02-11"),
    ("过了年", "2017-02-11"),
    ("过完春节", "2017-02-11"),
    ("春节之后", "2017-02-11"),
    ("春节以后", "2017-02-11"),
    ("春節後", "2017-02-11"),
    ("過完年", "2017-02-11"),
    ("年後", "2017-02-11"),
    ("年 后", "2017-02-11"),
    ("过完年后", "2017-02-11"),
    ("年后再去", "2017-02-11"),
    ("等过完年", "2017-02-11"),
    ("过了春节", "2017-02-11"),
    ("正月十五以后", "2017-02-11"),
    ("元宵节后", "2017-02-11"),
    ("过完元宵节", "2017-02-11"),
    ("新年后", "2017-02-11"),
    ("过大年后", "2017-02-11"),
    ("过年之后", "2017-02-11"),
    ("年过完", "2017-02-11"),
    ("随时", "2017-01-20"),
    ("马上", "2017-01-20"),
    ("隨時", "2017-01-20"),
    ("馬上", "2017-01-20"),
    ("随时可以", "2017-01-20"),
    ("随时都行", "2017-01-20"),
    ("随 时", "2017-01-20"),
    ("立即", "2017-01-20"),
    ("现在就可以", "2017-01-20"),
    ("即时", "2017-01-20"),
    ("", "2017-01-20"),
    (None, "2017-01-20"),
    ("  ", "2017-01-20"),
    ("立刻", "2017-01-20"),
    ("随时到岗", "2017-01-20"),
    ("看情况", None),
    ("2017-02-30", None),
    ("2017年2月30日", None),
    ("2017/2/30", None),
    ("2017.2.30", None),
    ("20170230", None),
    ("2月30日", None),
    ("忙完农活", None),
    ("等通知", None),
    ("不确定", None),
    ("待定", None),
    ("13月", None),
    ("0月", None),
    ("3月40日", None),
    ("农忙后", None),
    ("插秧后", None),
    ("小孩放假后", None),
    ("明年", None),
    ("2017-13-01", None),
    ("2017年13月", None),
    ("三个月后", None),
    ("3个月后", None),
    ("半年后", None),
    ("一年后", None),
    ("两年后", None),
    ("1年后", None),
]
NO_DATES = [
    "",
    "不详",
    "19851340",
    "2017-02-30",
    "2017/13/1",
    "1985-3",
    "199011",
    "0",
    "17-3-1",
    "20170301000000",
    "无",
]
NOTATIONS = [
    "%Y%m%d",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%Y年%m月%d号",
    "%Y-%m-%d 00:00:00",
    "%Y/%m/%d 10:20",
    " %Y - %m - %d ",
    "%Y。%m。%d",
    "%Y\\%m\\%d",
    "'%Y-%m-%d",
    "\t%Y%m%d",
    "%Y－%m－%d",
    "%Y—%m—%d",
    "%Y-%m-%d（周三）",
    "%Y %m %d",
    "%Y年 %m月 %d日",
    "%Y-%m-%d.",
]


@pytest.mark.parametrize(("said", "day"), START)
def test_when_somebody_could_start_is_understood(said: str | float | None, day: str | None) -> None:
    assert read_available(said, VISITED) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)), st.sampled_from(NOTATIONS))
def test_a_date_is_read_in_any_notation(day: date, notation: str) -> None:
    assert read_date(day.strftime(notation)) == day


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)))
def test_a_date_is_read_from_excel_as_date_day_number_or_eight_digits(day: date) -> None:
    number = (day - date(1899, 12, 30)).days
    written: list[object] = [day, datetime.fromisoformat(f"{day}T08:30"), number, float(number), str(number)]
    assert {read_date(value) for value in [*written, int(day.strftime("%Y%m%d"))]} == {day}  # type: ignore[arg-type]


def test_chinese_numerals_of_a_date_are_read() -> None:
    assert read_date("二〇一七年三月十五日") == read_date("2017年三月十五日") == date(2017, 3, 15)
    assert [read_numeral(text) or 0 for text in ("十", "十五", "二十", "三十一", "两", "日")] == [10, 15, 20, 31, 2, 0]


def test_after_the_new_year_follows_the_year_of_the_visit() -> None:
    assert read_available("年后", date(2017, 11, 3)) == date(2018, 3, 2)
    assert read_available("3月", date(2017, 11, 3)) == date(2018, 3, 1)
