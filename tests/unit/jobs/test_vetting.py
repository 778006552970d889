"""Words that vetting refuses, and the harmless ones that look like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.jobs.rules.text import plain
from services.jobs.rules.vetting import (
    below_minimum,
    discriminates_by_ethnicity,
    discriminates_by_health,
    discriminates_by_sex,
)

ONE_SEX = [
    "绿化工 40-58岁，限男性",
    "保安员（男女不限）（只招女工）",
    "女工优先",
    "女性优先",
    "男士优先",
    "限女",
    "只招男工",
    "仅限女性",
    "普工（女）",
    "女普工",
    "男，18-45岁",
    "性别：女",
    "要求男性",
    "女士勿扰",
    "不招女工",
    "男女不限，女性优先",
    "限女性、18-40歲",
    "只要男的",
    "男",
    "限男性、汉族",
    "男性優先",
    "招小伙子",
    "男工优先，女工亦可",
]
BOTH_SEXES = [
    "普工（男女不限）",
    "男女均可",
    "不限男女",
    "性别不限",
    "夫妻房",
    "夫妻优先",
    "子女入学",
    "男、女不限",
    "男/女均可",
    "女装缝纫工",
    "男装车位",
    "男女宿舍分开",
    "女生宿舍",
    "妇女节福利",
    "男5名，女5名",
    "男18-45岁，女18-40岁",
    "男女各10名",
    "月嫂",
    "女职工特殊保护",
    "男女同工同酬",
    "",
    "身体健康",
    "男女工均可",
    "女鞋针车工",
]


@pytest.mark.parametrize("text", ONE_SEX)
def test_one_sex_only_or_preferred_is_refused(text: str) -> None:
    assert discriminates_by_sex(plain(text))


@pytest.mark.parametrize("text", BOTH_SEXES)
def test_both_sexes_or_none_mentioned_is_fine(text: str) -> None:
    assert not discriminates_by_sex(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "只招汉族",
        "限汉族",
        "限男性、汉族",
        "汉族优先",
        "漢族",
        "少数民族勿扰",
        "不招少数民族",
        "非少数民族",
        "少数民族谢绝",
        "维吾尔族勿扰",
        "不要彝族",
        "回族除外",
        "限汉",
        "只招漢族",
    ],
)
def test_keeping_peoples_away_is_refused(text: str) -> None:
    assert discriminates_by_ethnicity(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "民族不限",
        "不限民族",
        "汉族、少数民族均可",
        "各民族均可",
        "提供民族餐",
        "苗族刺绣工",
        "少数民族优先",
        "尊重少数民族习惯",
        "",
        "土家族织锦学徒",
    ],
)
def test_peoples_welcome_or_only_named_is_fine(text: str) -> None:
    assert not discriminates_by_ethnicity(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "不限，无乙肝",
        "非乙肝携带者",
        "两对半正常",
        "乙肝两对半阴性",
        "无大三阳小三阳",
        "HBV阴性",
        "表面抗原阴性",
        "无肝炎",
        "體檢乙肝",
    ],
)
def test_asking_for_hepatitis_b_is_refused(text: str) -> None:
    assert discriminates_by_health(plain(text))


@pytest.mark.parametrize(
    "text", ["身体健康", "需办健康证", "无传染病", "不查乙肝", "乙肝携带者可", "免费接种乙肝疫苗", "", "无色盲"]
)
def test_health_that_the_work_needs_is_fine(text: str) -> None:
    assert not discriminates_by_health(plain(text))


def test_the_minimum_wage_itself_is_enough() -> None:
    assert not below_minimum(2130, 2130)
    assert below_minimum(2129, 2130)
    assert not below_minimum(None, 2130)
    assert not below_minimum(100, None)


@given(st.sampled_from(ONE_SEX), st.text(alphabet="包吃住、，。岁0123456789普工", max_size=12))
def test_harmless_words_beside_it_do_not_hide_a_refusal(text: str, beside: str) -> None:
    assert discriminates_by_sex(plain(f"{beside}，{text}"))
