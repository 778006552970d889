"""Words that vetting refuses, and the harmless ones that look like them."""

from __future__ import annotations

from datetime import date
from re import _parser  # type: ignore[attr-defined]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.jobs.rules.text import plain
from services.jobs.rules.vetting import LAW, is_part_time, one_sex_in, rules, vet_ages, vet_wage, vet_words

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
    assert one_sex_in(plain(text))


@pytest.mark.parametrize("text", BOTH_SEXES)
def test_both_sexes_or_none_mentioned_is_fine(text: str) -> None:
    assert not one_sex_in(plain(text))


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
    assert rules()["discriminatory_ethnicity"].words_in(plain(text))


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
    assert not rules()["discriminatory_ethnicity"].words_in(plain(text))


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
    assert rules()["discriminatory_health"].words_in(plain(text))


@pytest.mark.parametrize(
    "text", ["身体健康", "需办健康证", "无传染病", "不查乙肝", "乙肝携带者可", "免费接种乙肝疫苗", "", "无色盲"]
)
def test_health_that_the_work_needs_is_fine(text: str) -> None:
    assert not rules()["discriminatory_health"].words_in(plain(text))


def codes(text: str) -> set[str]:
    return {each.code for each in vet_words({"福利待遇": plain(text)})}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("不招残疾人", "discriminatory_disability"),
        ("身体健康，无残疾", "discriminatory_disability"),
        ("残疾人勿扰", "discriminatory_disability"),
        ("仅限本市户口", "discriminatory_origin"),
        ("农村户口勿扰", "discriminatory_origin"),
        ("不招外省人", "discriminatory_origin"),
        ("入职收取押金200元", "deposit_or_fee"),
        ("服装费 150 元", "deposit_or_fee"),
        ("扣押身份证", "deposit_or_fee"),
        ("押一个月工资", "deposit_or_fee"),
        ("年满15周岁", "child_labour"),
        ("14-30岁", "child_labour"),
        ("可招童工", "child_labour"),
    ],
)
def test_what_the_law_keeps_out_of_an_advert_is_found(text: str, code: str) -> None:
    assert codes(text) == {code}
    assert LAW[code]


@pytest.mark.parametrize(
    "text",
    [
        "残疾人优先",
        "残疾人均可报名",
        "不歧视残疾人",
        "户口不限",
        "欢迎外地人员",
        "不收押金",
        "免押金、免中介费",
        "无需交纳服装费",
        "不会扣押员工证件",
        "不押工资",
        "绝不收取任何费用",
        "不押一个月工资",
        "免费培训",
        "培训费公司承担",
        "严禁使用童工",
        "未满16周岁勿扰",
        "16-45岁",
        "工龄15年以上",
        "包吃住，押车员",
        "每天15小时",
    ],
)
def test_its_harmless_neighbours_are_not(text: str) -> None:
    assert codes(text) == set()


def test_a_decision_shows_the_words_it_stumbled_over() -> None:
    (found,) = vet_words({"岗位名称": "普工 限女性 18-40岁"})
    assert (found.code, found.column, found.words) == ("discriminatory_sex", "岗位名称", "限女性")
    (found,) = vet_words({"福利待遇": "包吃住,入职收取押金200元"})
    assert found.words == "收取押金"


def test_a_rule_holds_from_the_day_of_its_law() -> None:
    assert vet_words({"福利待遇": "限女性"}, date(2007, 12, 31)) == []
    assert vet_words({"福利待遇": "限女性"}, date(2008, 1, 1)) != []


def test_minors_are_let_in_only_where_the_work_is_open_to_them() -> None:
    assert [each.code for each in vet_ages(15, {})] == ["child_labour"]
    assert [each.code for each in vet_ages(16, {"岗位名称": "井下作业"})] == ["minor_forbidden_work"]
    assert [each.code for each in vet_ages(17, {"班次": "高空作业"})] == ["minor_forbidden_work"]
    assert vet_ages(16, {"岗位名称": "营业员"}) == vet_ages(18, {"岗位名称": "井下作业"}) == vet_ages(None, {}) == []


@pytest.mark.parametrize(
    ("place", "day", "wage", "code"),
    [
        ("440300", "2017-05-31", 2030, None),
        ("440300", "2017-05-31", 2029, "below_minimum_wage"),
        ("440300", "2017-06-01", 2129, "below_minimum_wage"),
        ("440300", "2017-06-01", 2130, None),
        ("440300", "2016-12-31", 2030, None),
        ("440300", "2016-12-31", 2029, "below_minimum_wage"),
        ("430100", "2017-06-30", 1580, None),
        ("430100", "2017-06-30", 1579, "below_minimum_wage"),
        ("433124", "2017-06-30", 9000, "minimum_unknown"),
    ],
)
def test_a_wage_is_judged_by_the_minimum_of_its_place_and_day(
    place: str, day: str, wage: int, code: str | None
) -> None:
    found = vet_wage(wage, place, date.fromisoformat(day))
    assert [each.code for each in found] == ([code] if code else [])


def test_the_minimum_for_an_hour_is_a_figure_of_its_own() -> None:
    assert [each.code for each in vet_wage(30, "440300", date(2017, 6, 1), "hour")] == ["minimum_unknown"]
    assert is_part_time(["小时工（非全日制）"])
    assert not is_part_time(["22元/小时"])


def unbounded(tree: object) -> list[str]:
    """Repetitions of a pattern that go on for as long as the text does."""
    found = []
    for operation, argument in tree:  # type: ignore[attr-defined]
        inner = argument if isinstance(argument, tuple | list) else ()
        if str(operation) in ("MAX_REPEAT", "MIN_REPEAT") and argument[1] == _parser.MAXREPEAT:
            found.append(str(argument[2]))
        for part in (each for group in inner for each in (group if isinstance(group, list) else [group])):
            if isinstance(part, _parser.SubPattern):
                found += unbounded(part)
    return found


def test_no_pattern_repeats_without_bound_so_that_reading_is_linear_in_the_text() -> None:
    patterns = [
        pattern
        for rule in rules().values()
        for pattern in (rule.harmless, rule.refused, rule.no_people)
        if pattern is not None
    ]
    assert len(patterns) > 12
    assert [found for pattern in patterns for found in unbounded(_parser.parse(pattern.pattern))] == []
    assert unbounded(_parser.parse("(?:男|a(?:b+)){1,3}")) != []


@pytest.mark.parametrize(
    "piece", ["新疆", "男、", "男女", "带男孩", "夫妻房", "不招收", "限女,", "押金", "15岁", "族", " "]
)
def test_an_adversarial_advert_is_read_to_its_end(piece: str) -> None:
    vet_words({"福利待遇": piece * 20_000})


@given(st.sampled_from(ONE_SEX), st.text(alphabet="包吃住、，。岁0123456789普工", max_size=12))
def test_harmless_words_beside_it_do_not_hide_a_refusal(text: str, beside: str) -> None:
    assert one_sex_in(plain(f"{beside}，{text}"))
