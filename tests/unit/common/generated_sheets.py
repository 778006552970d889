"""Sound rows of all four kinds of sheets, and workbooks and CSV made of them, for tests that do to them what offices do."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from xlsxwriter import Workbook

from libs.common.imports.report import Report
from libs.common.sheets import Layout
from services.jobs.rules import read_employers, read_vacancies
from services.jobs.rules.layouts import EMPLOYERS, VACANCIES
from services.registry.rules import PEOPLE, WISHES, read_people, read_wishes
from services.registry.rules.numbers import check_character

Line = list[Any]
COUNTY, CITY = "433124", "440300"


@dataclass(frozen=True)
class Kind:
    """A kind of sheet: its form, a header, how its n-th row reads, and its reader."""

    name: str
    layout: Layout
    header: Sequence[str]
    row: Callable[[int], Mapping[str, Any]]
    read: Callable[[bytes, str], Report]

    def lines(self, count: int, first: int = 0) -> list[Line]:
        return [[self.row(number)[column] for column in self.header] for number in range(first, first + count)]

    def sheet(self, count: int, first: int = 0) -> list[Line]:
        return [list(self.header), *self.lines(count, first)]


def identity(number: int) -> str:
    first17 = f"{COUNTY}{1960 + number % 40}0101{number // 40:03d}"
    return first17 + check_character(first17)


def _person(number: int) -> dict[str, Any]:
    return dict.fromkeys([*PEOPLE.required, *PEOPLE.optional], "") | {
        "县": "花垣县",
        "乡": "花垣镇",
        "村": f"{number}组村",
        "户编号": f"4331{number:06d}",
        "姓名": f"石{chr(0x4E00 + number)}",
        "性别": "男" if int(identity(number)[16]) % 2 else "女",
        "出生日期": identity(number)[6:14],
        "证件号码": identity(number),
        "年度": "2016",
        "与户主关系": "户主",
        "文化程度": "初中",
        "劳动技能": "普通劳动力",
        "健康状况": "健康",
    }


def _wish(number: int) -> dict[str, Any]:
    return dict.fromkeys([*WISHES.required, *WISHES.optional], "") | {
        "姓名": f"石{chr(0x4E00 + number)}",
        "证件号码": identity(number),
        "是否愿意外出务工": "是",
        "意向地区": "深圳",
        "意向工种": "普工",
        "期望月薪": "4500",
        "最低月薪": "4000",
        "可上岗时间": "随时",
        "走访日期": "2017-02-23",
        "零就业家庭": "否",
    }


def _uscc(number: int) -> str:
    """Sound in both check characters: taken from a search, for they are sums over the rest."""
    from services.jobs.rules.employer_sheets import check_uscc

    for at in range(number * 2000, (number + 1) * 2000):
        for last in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            code = f"91{CITY}XL{at:06d}{last}"
            for check in "0123456789X":
                found = f"{code[:16]}{check}{code[16]}"
                if check_uscc(found) is None:
                    return found
    raise AssertionError("no sound code")


_CODES = [_uscc(number) for number in range(40)]


def _employer(number: int) -> dict[str, Any]:
    return dict.fromkeys([*EMPLOYERS.required, *EMPLOYERS.optional], "") | {
        "企业名称": f"深圳市角宿{chr(0x4E00 + number)}电子有限公司",
        "统一社会信用代码": _CODES[number % len(_CODES)],
        "行业": "电子",
        "用工人数": "120",
        "联系电话": "0755-00167245",
    }


def _vacancy(number: int) -> dict[str, Any]:
    return dict.fromkeys([*VACANCIES.required, *VACANCIES.optional], "") | {
        "企业名称": f"深圳市角宿{chr(0x4E00 + number)}电子有限公司",
        "岗位名称": "18-45岁 普工",
        "招聘人数": "10",
        "薪资待遇": "4500-6000元/月",
        "福利待遇": "包吃,包住,五险",
        "联系电话": "0755-00167245",
    }


KINDS = [
    Kind("people", PEOPLE, [*PEOPLE.required, "县", "成员联系电话", "年度"], _person, read_people),
    Kind("wishes", WISHES, [*WISHES.required, "零就业家庭"], _wish, partial(read_wishes, people=None, county=COUNTY)),
    Kind(
        "employers", EMPLOYERS, [*EMPLOYERS.required, "行业", "联系电话"], _employer, partial(read_employers, city=CITY)
    ),
    Kind(
        "vacancies",
        VACANCIES,
        [*VACANCIES.required, "福利待遇", "联系电话"],
        _vacancy,
        partial(read_vacancies, city=CITY),
    ),
]


@dataclass
class Tab:
    """One sheet of a workbook, and what is hidden of it (rows and columns from 0)."""

    name: str
    lines: Sequence[Line]
    hidden: bool = False
    hidden_rows: Sequence[int] = field(default_factory=list)
    hidden_columns: Sequence[int] = field(default_factory=list)


def workbook(*tabs: Tab) -> bytes:
    buffer = io.BytesIO()
    with Workbook(buffer, {"strings_to_formulas": False, "strings_to_numbers": False}) as made:
        for tab in tabs:
            sheet = made.add_worksheet(tab.name)
            for row, line in enumerate(tab.lines):
                for column, value in enumerate(line):
                    if value not in (None, ""):
                        sheet.write(row, column, value)
            for row in tab.hidden_rows:
                sheet.set_row(row, None, None, {"hidden": True})
            for column in tab.hidden_columns:
                sheet.set_column(column, column, None, None, {"hidden": True})
            if tab.hidden:
                sheet.hide()
            else:
                sheet.activate()
                sheet.set_first_sheet()
    return buffer.getvalue()


def text_of(lines: Sequence[Line], mark: str = ",") -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=mark, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue()


def in_format(lines: Sequence[Line], extension: str) -> tuple[bytes, str]:
    """The lines as a file of a format, and its name."""
    if extension == "csv":
        return text_of(lines).encode("gb18030"), "a.csv"
    return workbook(Tab("数据", lines)), "a.xlsx"


def accepted(report: Report) -> int:
    return int(report.summary()["accepted"])
