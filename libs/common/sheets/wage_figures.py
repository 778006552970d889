"""Money in any notation as numbers with a basis (工资数字): 4千-6千, 0.4-0.6万, 三千五, 5,000元/月, 每小时22元."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from libs.common.sheets.numbers import without_endless
from libs.common.sheets.numerals import NUMERAL, read_numeral
from libs.common.sheets.text import dashed

Basis = Literal["month", "hour", "day", "week", "year", "piece", "negotiable"]

_SCALE = {"千": 1000, "k": 1000, "仟": 1000, "万": 10000, "w": 10000}
_UNIT_WORDS: dict[Basis, str] = {
    "hour": r"小时|工时|钟头|钟点|钟|时(?!间)|hours?|hr?",
    "day": r"天|日|班(?!制)|工(?![资作时])|d(?:ays?)?(?![a-z])",
    "week": r"周|星期|礼拜",
    "year": r"年|y(?:ears?)?(?![a-z])",
    "month": r"个?月|m(?:onths?)?(?![a-z])",
    "piece": r"件|个|只|双|套|打|米|公斤|kg|吨|单|车|平方?",
}
_LABELS: dict[Basis, str] = {
    "hour": r"时薪|小时工资|钟点工资|每(?:个)?小时|一(?:个)?小时|1小时|按小时",
    "day": r"日薪|日工资|日结|日均|每天|每日|一天|一日|按天",
    "week": r"周薪|每周|一周",
    "year": r"年薪|年收入|每年|一年|年综合|年均",
    "month": r"月薪|月工资|月收入|月均|月综合|每个?月|一个?月|月入|月",
}
_ONES = "一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_WORDS = re.compile(
    rf"(?<!\d)[{_ONES}][百千万佰仟][{NUMERAL}]*|(?<!\d)[{_ONES}]+[百千万佰仟][{NUMERAL}]*|(?<!\d)[{_ONES}]+(?=元)"
)
_MONEY = r"\d+(?:\.\d+)?"
_GROUP = re.compile(rf"({_MONEY})(千|仟|万|k|w)?(?:多|余|来)?元?(?:-[¥$]?({_MONEY})(千|仟|万|k|w)?(?:多|余|来)?元?)?")
_AFTER = re.compile(
    r"(?:左右|上下|以上|起)?\(?(?:/|每|一|按|\.)?\s*(?:1)?(?:人)?/?(?:"
    + "|".join(f"(?P<{b}>{w})" for b, w in _UNIT_WORDS.items())
    + ")"
)
_LABEL = re.compile("|".join(f"(?P<{b}>{w})" for b, w in _LABELS.items()))
_BESIDE = re.compile(r"[^\d,;。+()]{0,10}$")
_NEAR = 10
# Figures that are no wage: hours and days worked, dates, counts, allowances, social insurance, extra months.
_NOT_MONEY = (
    re.compile(r"(?<=[\d元月])\+\d{2,3}(?!\d)元?"),
    re.compile(r"\d{1,2}[:点]\d{0,2}(?:-\d{1,2}[:点]\d{0,2})?"),
    re.compile(
        r"(?:/|每|一)?(?:天|日|周|月|班)?(?:工作|上班|上)?\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?个?(?:小时|钟头)(?:制|工作制|/(?:天|日)|每天|一天|以内|内|班)"
    ),
    re.compile(
        r"(?:每天|每日|一天|日均|天|日|每周|工作|上班)(?:工作|上班|约)?\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?个?(?:小时|钟头)"
    ),
    re.compile(r"\d+(?:-\d+)?个?(?:小时|钟头)/(?:天|日|班|周)"),
    re.compile(
        r"(?:每月|月|每周|周)?(?:工作|上班|上|休|休息|放假)\d+(?:\.\d+)?(?:-\d+)?(?:天|日)|/\d+(?:天|日)|\d+(?:-\d+)?(?:天|日)(?=/(?:月|周)|工作|制|班)"
    ),
    re.compile(
        r"\d+(?:-\d+)?个月|满\d+(?:年|月)|\d+(?:号|日)(?=发|前|结|左右发)|\d{4}年(?:\d+月)?(?:\d+日)?|\d+(?:\.\d+)?%|\d+薪|\d+(?:\.\d+)?倍|\d位数|\d+(?:-\d+)?(?:岁|周岁|人|名|险|班制|点)"
    ),
    re.compile(
        r"(?:补贴|补助|津贴|奖金|全勤奖?|满勤奖?|餐补|饭补|房补|车补|话补|工龄奖?|高温费|夜班费|加班费|加班|奖励|返费|押金|体检费|伙食费?|住宿费?|车费|路费)"
        r"(?:为|约|是|:|每月|每天|另计|最高|达|-)*[¥]?\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?元?(?:/?每?(?:个?月|天|日|晚|班|次|小时|年|人))?"
    ),
    re.compile(
        r"\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?元?(?:/(?:月|天|晚|班))?(?:的)?(?:全勤|补贴|餐补|饭补|房补|车补|话补|补助|津贴|奖金|夜班费|高温费)"
    ),
)


# 人社部 2008 (21.75 paid days of 8 hours a month): an hour 174 times, a day 21.75 times, a week 4.35 times, a year / 12.
MONTHS: dict[Basis, Decimal] = {
    "month": Decimal(1),
    "piece": Decimal(1),
    "hour": Decimal(174),
    "day": Decimal("21.75"),
    "week": Decimal("4.35"),
    "year": Decimal(1) / 12,
}
_BY_THE_HOUR = re.compile("小时|时薪|钟点|计时")
_BY_THE_DAY = re.compile("日结|日薪|按天|天")


@dataclass(frozen=True)
class Figure:
    """One figure or range of yuan; `basis` is None when the text beside it names no unit."""

    low: Decimal
    high: Decimal
    ranged: bool
    basis: Basis | None


def read_figures(text: str) -> list[Figure]:
    """Every amount of money of a plain text, in its order, with the unit that stands beside it."""
    tidy = _in_digits(dashed(without_endless(text.lower())))
    for noise in _NOT_MONEY:
        tidy = noise.sub(" ", tidy)
    return [_figure(match, tidy) for match in _GROUP.finditer(tidy)]


def in_month(amount: Decimal | None, basis: Basis) -> int | None:
    """An amount of a basis as whole yuan a month, rounded down."""
    if amount is None or basis == "negotiable":
        return None
    return int(amount / 12 if basis == "year" else amount * MONTHS[basis])


def bases_of(figures: list[Figure], text: str) -> list[Basis]:
    """What each figure is meant for: as the text beside it says; a bare one is a month's, unless it is far too small for
    one and the text speaks of days or hours."""
    hourly, daily = bool(_BY_THE_HOUR.search(text)), bool(_BY_THE_DAY.search(text))
    yearly = "年薪" in text
    return [_meant(figure, hourly=hourly, daily=daily, yearly=yearly) for figure in figures]


def _meant(figure: Figure, *, hourly: bool, daily: bool, yearly: bool) -> Basis:
    if figure.basis == "day" and figure.low >= 2000:
        return "month"
    if figure.basis is not None:
        return figure.basis
    if figure.high < 100 and hourly:
        return "hour"
    if figure.high < 1000 and daily:
        return "day"
    return "year" if yearly and figure.low >= 20000 else "month"


def read_number(text: str) -> int | None:
    """The first whole number of a text, in digits or Chinese numerals; None when it has none."""
    tidy = without_endless(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text))
    if tidy.startswith("="):
        return None  # a formula that nobody has calculated holds figures and no number
    if match := re.search(r"\d+(?:\.0+(?!\d))?", tidy):
        return int(float(match[0]))
    if match := re.search(f"[{NUMERAL}]+", tidy):
        return read_numeral(match[0])
    return None


def _in_digits(text: str) -> str:
    tidy = without_endless(re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", text))
    tidy = re.sub(r"人民币|rmb|cny|[¥￥$]", "", tidy).replace("块钱", "元").replace("块", "元").replace("圆", "元")
    tidy = re.sub("(?<![百千万])([一二两三四五六七八九])、?([一二三四五六七八九])(千|万|百)", r"\1\3-\2\3", tidy)
    tidy = re.sub("(?<![百千万])([一二两三四五六七八九])-([一二三四五六七八九])(千|万|百)", r"\1\3-\2\3", tidy)
    tidy = re.sub(r"/(?:8|9|10|11|12)个?小时", "/天", tidy)
    tidy = _WORDS.sub(lambda word: str(read_numeral(word[0]) or ""), tidy)
    tidy = re.sub(r"(\d+)千(\d)(?![\d.千万k])", lambda part: str(int(part[1]) * 1000 + int(part[2]) * 100), tidy)
    return re.sub(r"(\d+)万(\d)(?![\d.千万k])", lambda part: str(int(part[1]) * 10000 + int(part[2]) * 1000), tidy)


def _figure(match: re.Match[str], text: str) -> Figure:
    low, scale, high, high_scale = match.groups()
    first, second = Decimal(low), Decimal(high or low)
    if high and not scale and (high_scale or second >= 1000) and first < 100:
        scale = high_scale or ("k" if first < 10 else None)
    first *= _SCALE.get(scale or "", 1)
    second *= _SCALE.get((high_scale if high else scale) or "", 1)
    return Figure(min(first, second), max(first, second), high is not None, _basis(match, text))


def _basis(match: re.Match[str], text: str) -> Basis | None:
    after = _AFTER.match(text, match.end())
    if after and after.lastgroup:
        return cast(Basis, after.lastgroup)
    beside = _BESIDE.search(text[max(0, match.start() - _NEAR) : match.start()])
    labels = [label.lastgroup for label in _LABEL.finditer(beside[0] if beside else "")]
    return cast(Basis, labels[-1]) if labels else None
