"""A county that nobody lives in (生成的县): as many people as asked for, in households and villages, with sound numbers.

Written row by row as the national export has them, the same from the same seed; a smaller county is the beginning of a larger one.
A few rows are wrong as files of offices are: numbers that a check digit refuses, people who stand there twice.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from services.registry.rules.layouts import PEOPLE, WISHES
from services.registry.rules.numbers import check_character

AS_OF = date(2016, 12, 31)
COLUMNS = tuple(column for column in (*PEOPLE.required, *PEOPLE.optional) if column != "序号")
WISH_COLUMNS = (*WISHES.required, "从事年限", "食宿需求", "走访人")
WRONG, TWICE = 0.002, 0.001
_AREAS = ("433124", "433123", "433130", "433127")
_TOWNSHIPS = (
    "花垣镇",
    "边城镇",
    "龙潭镇",
    "民乐镇",
    "吉卫镇",
    "麻栗场镇",
    "雅酉镇",
    "双龙镇",
    "石栏镇",
    "长乐乡",
    "猫儿乡",
    "补抽乡",
)
_IN_A_VILLAGE = 1200
_SURNAMES = "龙石麻吴田杨向彭张王李刘陈周黄罗唐邓谭梁秧隆廖欧余胡贺伍谢施熊姚符滕覃"
_GIVEN = (
    "金银玉花春秋冬梅兰菊竹松柏林森水清明亮光辉耀华荣昌盛富贵安康宁静平和顺利达成功名文武英雄杰俊秀美丽凤凤霞云雪霜雨露"
    "江河湖海山峰石岩田园村土生根本立志向学思远宏伟建国强军民心爱党红旗东南西北中正大小长永久恒常新妹珍珠宝贤良善德仁义礼"
)
_PLACES = "上下大小老新东西南北岩金水板排桃茶油杉竹白黑红"
_KINDS = "寨坪溪冲坡洞岭湾塘坝井垭"
_KIN = ("户主", "配偶", "之子", "之女", "之父", "之母")
_SAME = {
    "省": "湖南省",
    "市": "湘西土家族苗族自治州",
    "县": "花垣县",
    "证件类型": "居民身份证",
    "年度": "2016",
    "政治面貌": "群众",
    "是否享受低保": "否",
    "是否参加城镇职工基本养老保险": "否",
    "大病保险": "是",
    "新农合/城乡居民医保": "是",
    "城乡居民养老": "是",
    "会讲普通话": "是",
    "商业补充医保": "否",
    "是否国外务工": "否",
    "大病救助": "否",
    "其他健康扶贫": "否",
    "职工医保": "否",
    "特困供养": "否",
    "识别标准": "国家标准",
}


class Household(NamedTuple):
    """A house in its village, and the phone that stands in it."""

    number: str
    township: str
    village: str
    phone: str


def rows_of_people(people: int, seed: int, *, apart: int = 0) -> Iterator[dict[str, str]]:
    """So many rows. `apart` is the number of another county's beginning: nobody of one is in the other."""
    return islice(_rows(Random(f"{seed}/{apart}"), apart), people)


def rows_of_wishes(people: Iterator[dict[str, str]], seed: int) -> Iterator[dict[str, str]]:
    """What every third of those who can work said at a visit."""
    dice = Random(f"{seed}/wishes")
    for row in people:
        if row["劳动技能"] == "普通劳动力" and dice.random() < 1 / 3:
            yield _wish(row, dice)


def write_csv(path: Path, columns: tuple[str, ...], rows: Iterator[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _rows(dice: Random, apart: int) -> Iterator[dict[str, str]]:
    """Household by household; whoever stands there twice does so at once."""
    used: Counter[tuple[int, int]] = Counter()
    for number in count():
        home = _household(number, dice, apart)
        head = ""
        for place in range(dice.choice((1, 2, 3, 3, 4, 4, 5, 6))):
            row = _person(home, place, dice, used, apart)
            head = head or row["姓名"]
            row |= {"户主姓名": head}
            if dice.random() < WRONG:
                row["证件号码"] = row["证件号码"][:17] + ("1" if row["证件号码"][17] != "1" else "2")
            yield row
            if dice.random() < TWICE:
                yield dict(row)


def _household(number: int, dice: Random, apart: int) -> Household:
    village = number * 3 // _IN_A_VILLAGE
    name = _PLACES[village % len(_PLACES)] + _PLACES[village * 7 // 5 % len(_PLACES)] + _KINDS[village % len(_KINDS)]
    township = _TOWNSHIPS[village % len(_TOWNSHIPS)]
    phone = f"15{dice.randrange(10**9):09d}" if dice.random() < 0.9 else ""
    return Household(f"43{apart:02d}24{number:010d}", township, f"{name}{village}村", phone)


def _person(home: Household, place: int, dice: Random, used: Counter[tuple[int, int]], apart: int) -> dict[str, str]:
    kin = _KIN[place]
    sex = {"配偶": "女", "之子": "男", "之女": "女", "之父": "男", "之母": "女"}.get(kin, "男")
    age = dice.randrange(*{"之子": (1, 28), "之女": (1, 28), "之父": (55, 90), "之母": (55, 90)}.get(kin, (26, 62)))
    birth = AS_OF - timedelta(days=age * 365 + dice.randrange(365))
    pupil = "小学" if 7 <= age < 13 else "七年级" if 13 <= age < 16 else "学龄前儿童" if age < 7 else ""
    able = "普通劳动力" if 16 <= age < 60 else "弱劳动力或半劳动力" if 60 <= age < 70 else "无劳动力"
    works = able == "普通劳动力" and dice.random() < 0.4
    return _SAME | {
        "乡": home.township,
        "村": home.village,
        "户编号": home.number,
        "人口编号": f"{home.number}{place + 1:02d}",
        "姓名": dice.choice(_SURNAMES) + "".join(dice.choices(_GIVEN, k=dice.choice((1, 2, 2, 2)))),
        "性别": sex,
        "民族": dice.choice(("苗族", "苗族", "苗族", "土家族", "汉族")),
        "出生日期": birth.strftime("%Y%m%d"),
        "证件号码": _number(birth, sex, used, apart),
        "与户主关系": kin,
        "文化程度": "" if pupil else dice.choice(("文盲或半文盲", "小学", "小学", "初中", "初中", "高中", "大专")),
        "在校生状况": pupil,
        "劳动技能": able,
        "务工时间（月）": str(dice.randrange(1, 13)) if works else "",
        "务工所在地": dice.choice(("乡(镇)内", "县外省内", "省外", "省外", "省外")) if works else "",
        "务工企业名称": "电子制造有限公司" if works else "",
        "就业渠道": "自主就业" if works else "",
        "健康状况": "健康" if age < 50 or dice.random() < 0.6 else dice.choice(("长期慢性病", "患有大病", "残疾")),
        "户联系电话": home.phone,
        "成员联系电话": f"13{dice.randrange(10**9):09d}" if 16 <= age < 60 and dice.random() < 0.7 else "",
    }


def _number(birth: date, sex: str, used: Counter[tuple[int, int]], apart: int) -> str:
    """The next one of that day; nobody has had it."""
    key = birth.toordinal(), sex == "男"
    used[key] += 1
    area, serial = divmod(used[key] - 1, 500)
    first17 = f"{_AREAS[area + 2 * apart]}{birth:%Y%m%d}{2 * serial + key[1]:03d}"
    return first17 + check_character(first17)


def _wish(row: dict[str, str], dice: Random) -> dict[str, str]:
    willing = dice.random() < 0.7
    return {
        "姓名": row["姓名"],
        "证件号码": row["证件号码"],
        "是否愿意外出务工": "是" if willing else "否",
        "意向地区": "广东省" if willing else "",
        "意向工种": dice.choice(("电子组装工", "缝纫工", "普工", "保洁员")) if willing else "",
        "期望月薪": str(dice.randrange(30, 60) * 100) if willing else "",
        "最低月薪": "2800" if willing else "",
        "可上岗时间": "随时" if willing else "",
        "走访日期": "2017-03-20",
        "走访人": "村干部",
        "从事年限": str(dice.randrange(9)),
        "食宿需求": "包吃住" if willing else "",
    }
