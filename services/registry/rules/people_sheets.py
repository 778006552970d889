"""Reading a people file (贫困人口信息表): every row judged by itself, then numbers and households across the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import IO

from libs.common.codes.lists import education_steps, ethnic_groups, register_list
from libs.common.imports.reading import is_sound
from libs.common.imports.report import Findings, add_finding
from libs.common.problems import FieldError, Invalid
from libs.common.row_mapping import maker_of
from libs.common.sheets import Row, Table, read_table
from libs.common.sheets.gathered import gather
from libs.common.sheets.numbers import read_amount
from libs.common.sheets.text import compact, has_control_characters, read_date, remembered, tidy_name
from services.registry.rules.across import Across
from services.registry.rules.identification import identify
from services.registry.rules.layouts import PEOPLE
from services.registry.rules.names import has_private_characters, name_faults
from services.registry.rules.numbers import IdNumber, has_lost_digits, is_phone, read_id_number
from services.registry.rules.report import PeopleReport, PersonRow, has_error
from services.registry.rules.values import (
    read_health,
    read_listed,
    read_months,
    read_place_name,
    read_work_place,
    says_months,
)

YES_NO = (
    "是否享受低保",
    "是否参加城镇职工基本养老保险",
    "大病保险",
    "新农合/城乡居民医保",
    "城乡居民养老",
    "会讲普通话",
    "商业补充医保",
    "是否国外务工",
    "大病救助",
    "其他健康扶贫",
    "职工医保",
    "特困供养",
)
LISTED = {
    "性别": frozenset(register_list("sex")),
    "民族": frozenset(ethnic_groups()),
    "与户主关系": frozenset(register_list("kinship")),
    "文化程度": frozenset(education_steps()),
    "在校生状况": frozenset(register_list("pupils")),
    "劳动技能": frozenset(register_list("ability")),
    "健康状况": frozenset(register_list("health")),
    "政治面貌": frozenset(register_list("political_status")),
    "务工所在地": frozenset(register_list("work_place")),
    "就业渠道": frozenset(register_list("channel")),
}


_read_year = remembered(read_amount)


class DayMissing(Invalid):
    """The file names no year of its own, so the day on which ages are counted must be said."""

    title = "缺少认定日期 The day of identification is missing"


def read_people(content: bytes | IO[bytes], filename: str, as_of: date | None = None) -> PeopleReport:
    """Judge a whole file; nothing is stored. Without `as_of` ages are those of the last day of the file's own 年度.

    Raises a WrongFile problem when the file cannot be read at all.
    """
    return judge_people(read_table(content, filename, PEOPLE), as_of)


def judge_people(
    table: Table,
    as_of: date | None = None,
    left: Collection[str] = (),
    judged: Callable[[], None] = lambda: None,
    others: Mapping[str, int] = MappingProxyType({}),
) -> PeopleReport:
    """Every row by itself and beside all others. `left` are numbers of people who have left the register; `judged` is called for each row;
    `others` are numbers that came with the same file before, and in which row."""
    across, years = Across(), Counter[int]()
    for row in table.rows:
        if (year := _read_year(row.get("年度"))) and 1990 <= year <= 2100:
            years[year] += 1
        if is_sound(row):
            across.look(row, read_id_number(row.get("证件号码")))
    day = as_of or _last_day(years)
    across.settle(day)
    findings: Findings = {}
    people = gather(
        _accepted(table, _counted(table, judged), across, day, _Known(left, others), findings), _pack, _unpack
    )
    return PeopleReport(table, findings, people, as_of=day)


@dataclass(frozen=True)
class _Known:
    """What the register says of numbers: whose people have left, and which came with another row of the same file."""

    left: Collection[str]
    others: Mapping[str, int]

    def bars(self, number: str | None, row: int) -> str | None:
        """Why somebody with this number does not go in."""
        if number in self.left:
            return "person_left"
        return "id_duplicate" if number and self.others.get(number, row) != row else None


def _accepted(
    table: Table, rows: Iterable[Row], across: Across, as_of: date, known: _Known, findings: Findings
) -> Iterator[PersonRow]:
    """The rows that go in, with whatever was found in any."""
    for row in rows:
        for fault in row.faults:
            add_finding(findings, row.number, fault.code, fault.column)
        if not is_sound(row):
            continue
        number = read_number(row, as_of)
        for code, column in judge_row(row, number, table):
            add_finding(findings, row.number, code, column)
        across.judge(row, number, findings)
        if has_error(findings.get(row.number, ())):
            continue
        if barred := known.bars(number.number, row.number):
            add_finding(findings, row.number, barred, "证件号码")
        else:
            yield person_of(row, number, as_of)


def _counted(table: Table, judged: Callable[[], None]) -> Iterator[Row]:
    for row in table.rows:
        judged()
        yield row


def _pack(person: PersonRow) -> tuple[object, ...]:
    return tuple(vars(person).values())


_unpack = maker_of(PersonRow, [field.name for field in fields(PersonRow)])


def _last_day(years: Counter[int]) -> date:
    """31 December of the year that most rows state in 年度."""
    if not years:
        raise DayMissing(
            errors=[
                FieldError("/as_of", "missing", "文件没有年度列，请给出 as_of The file states no year: send as_of.")
            ]
        )
    return date(years.most_common(1)[0][0], 12, 31)


def read_number(row: Row, as_of: date) -> IdNumber:
    return read_id_number(row.get("证件号码")).of_somebody_alive(as_of)


def judge_row(row: Row, number: IdNumber, table: Table) -> list[tuple[str, str]]:
    """What is wrong or odd in a row by itself, each with its column: the same for a row of a file and for a form."""
    return [
        *_judge_number(row, number),
        *_judge_name(row),
        *_judge_schooling(row),
        *_judge_work(row),
        *_judge_lists(row, table),
    ]


def _judge_number(row: Row, number: IdNumber) -> list[tuple[str, str]]:
    """The number, and birth date and sex against it."""
    found = [(number.problem, "证件号码")] if number.problem else []
    if number.old:
        found.append(("id_old_15", "证件号码"))
    birth, sex = read_date(row.get("出生日期")), read_listed(row.get("性别"))
    if birth is None:
        found.append(("birth_unreadable", "出生日期"))
    elif number.birth and birth != number.birth:
        found.append(("birth_id_mismatch", "出生日期"))
    if number.sex and sex in LISTED["性别"] and sex != number.sex:
        found.append(("sex_id_mismatch", "性别"))
    return found + _judge_register_numbers(row)


def _judge_register_numbers(row: Row) -> list[tuple[str, str]]:
    """户编号 and 人口编号 are names made of digits: kept as a number, many households become one."""
    household, person = row.get("户编号"), row.get("人口编号")
    found = [("person_no_lost_digits", "人口编号")] if has_lost_digits(person) else []
    if has_lost_digits(household):
        found.append(("household_no_lost_digits", "户编号"))
    elif not compact(household):
        found.append(("household_no_missing", "户编号"))
    return found


def _judge_name(row: Row) -> list[tuple[str, str]]:
    value = row.get("姓名")
    found = [(code, "姓名") for code in name_faults(value)]
    if has_control_characters(value):
        found.append(("name_control_char", "姓名"))
    if has_private_characters(value):
        found.append(("name_private_character", "姓名"))
    return found


def _judge_schooling(row: Row) -> list[tuple[str, str]]:
    """Exactly one of 文化程度 and 在校生状况 is given."""
    finished, attending = read_listed(row.get("文化程度")), read_listed(row.get("在校生状况"))
    if finished and attending:
        return [("schooling_both", "在校生状况")]
    return [] if finished or attending else [("schooling_neither", "文化程度")]


def _judge_work(row: Row) -> list[tuple[str, str]]:
    place, months = read_work_place(row.get("务工所在地")), read_months(row.get("务工时间（月）"))
    found = []
    if place and not months:
        found.append(("work_place_without_months", "务工时间（月）"))
    if months and not place:
        found.append(("work_months_without_place", "务工所在地"))
    if not says_months(row.get("务工时间（月）")):
        found.append(("work_months_unreadable", "务工时间（月）"))
    for column in ("户联系电话", "成员联系电话"):
        phone = compact(row.get(column))
        if phone and not is_phone(phone):
            found.append(("phone_invalid", column))
    return found


def _judge_lists(row: Row, table: Table) -> list[tuple[str, str]]:
    """Values outside the list of their column, yes/no that is neither, both or neither health insurance."""
    asked = (column for column in YES_NO if table.has(column))
    found = [("yes_no_missing", column) for column in asked if read_listed(row.get(column)) not in ("是", "否")]
    insured = read_listed(row.get("新农合/城乡居民医保")), read_listed(row.get("职工医保"))
    if insured == ("是", "是"):
        found.append(("medical_both", "职工医保"))
    if insured == ("否", "否"):
        found.append(("medical_none", "职工医保"))
    return found + [("code_unknown", column) for column in LISTED if not _is_listed(row, column)]


def _is_listed(row: Row, column: str) -> bool:
    value = row.get(column)
    if column == "健康状况":
        return all(part in LISTED[column] for part in read_health(value))
    text = read_work_place(value) if column == "务工所在地" else read_listed(value)
    return not text or text in LISTED[column]


def person_of(row: Row, number: IdNumber, as_of: date) -> PersonRow:
    """An accepted row as it goes in. The number's date and sex are used."""
    assert number.number and number.birth, "an accepted row has a sound number"  # noqa: PT018
    assert number.sex
    ability, pupil = read_listed(row.get("劳动技能")), read_listed(row.get("在校生状况"))
    phones = [compact(row.get(column)) for column in ("户联系电话", "成员联系电话")]
    return PersonRow(
        row=row.number,
        number=number.number,
        name=tidy_name(row.get("姓名")),
        sex=number.sex,
        birth=number.birth,
        household_no=compact(row.get("户编号")),
        person_no="" if has_lost_digits(row.get("人口编号")) else compact(row.get("人口编号")),
        province=read_place_name(row.get("省")),
        prefecture=read_place_name(row.get("市")),
        county=read_place_name(row.get("县")),
        township=read_place_name(row.get("乡")),
        village=read_place_name(row.get("村")),
        ethnic_group=read_listed(row.get("民族")),
        kinship=read_listed(row.get("与户主关系")),
        education=read_listed(row.get("文化程度")),
        pupil=pupil,
        ability=ability,
        health=read_health(row.get("健康状况")),
        disability=read_listed(row.get("残疾类别")),
        political_status=read_listed(row.get("政治面貌")),
        household_phone=phones[0] if is_phone(phones[0]) else "",
        phone=phones[1] if is_phone(phones[1]) else "",
        work_place=read_work_place(row.get("务工所在地")),
        work_months=read_months(row.get("务工时间（月）")),
        work_employer=compact(row.get("务工企业名称")),
        channel=read_listed(row.get("就业渠道")),
        low_income=read_listed(row.get("是否享受低保")) == "是",
        destitute=read_listed(row.get("特困供养")) == "是",
        verdict=identify(number.birth, ability, pupil, as_of),
    )
