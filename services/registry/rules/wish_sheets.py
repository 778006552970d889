"""Reading a wishes sheet (求职意愿登记表): who is meant, what they said, which of several visits counts, couples, groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO

from libs.common.codes import divisions
from libs.common.imports.reading import sound_rows
from libs.common.imports.report import Findings, add_finding, findings_of_reading
from libs.common.sheets import Row, Table, read_table
from libs.common.sheets.characters import simplified
from libs.common.sheets.text import read_date, tidy_name, word
from services.registry.rules.couples import judge_couples
from services.registry.rules.dates import read_available
from services.registry.rules.fellows import COLUMN, judge_fellows, read_group
from services.registry.rules.layouts import WISHES
from services.registry.rules.numbers import IdNumber, find_phone, is_phone, read_id_number
from services.registry.rules.places import Places, read_city, read_places
from services.registry.rules.report import KnownPerson, PeopleReport, WishesReport, WishRow, has_error
from services.registry.rules.wages import read_wage
from services.registry.rules.words import (
    ACCOMMODATIONS,
    CERTIFICATES,
    NEEDS,
    NOT_HELD,
    NOT_NEEDED,
    RESTRICTIONS,
    Words,
    read_codes,
    read_occupation,
    read_reason,
    read_together,
    read_training,
    read_years,
    read_yes_no,
)

Known = Mapping[str, KnownPerson]
_UNWILLING = (
    "否",
    "不愿",
    "不是",
    "不想",
    "不去",
    "不外出",
    "不出去",
    "不打算",
    "暂不",
    "无意",
    "无外出意",
    "没有意",
    "没意",
)


@dataclass(frozen=True)
class _Sheet:
    """What judging one row needs of the whole: the findings so far, who is known, the county that visits."""

    table: Table
    known: Known | None
    county: str
    findings: Findings

    def report(self, row: Row, code: str, column: str) -> None:
        add_finding(self.findings, row.number, code, column)


def read_wishes(
    content: bytes | IO[bytes], filename: str, people: PeopleReport | Known | None, *, county: str | None = None
) -> WishesReport:
    """Judge a whole sheet; nothing is stored. `people` says who is known (None: nobody is asked whether he is).

    `county` is the six-digit code of the visiting county; without it the numbers and names in the files tell.
    """
    table = read_table(content, filename, WISHES)
    known = people.known() if isinstance(people, PeopleReport) else people
    named = people.people[0].county if isinstance(people, PeopleReport) and people.people else ""
    return judge_wishes(table, known, county or guess_county(named, filename, table))


def judge_wishes(table: Table, known: Known | None, county: str) -> WishesReport:
    sheet, rows = _Sheet(table, known, county, findings_of_reading(table)), list(sound_rows(table))
    numbers = {row.number: _read_number(row) for row in rows}
    wishes = {}
    for row in rows:
        _judge_person(row, numbers[row.number], sheet)
        wish = _read_row(row, numbers[row.number], sheet)
        if wish:
            wishes[row.number] = wish
    _find_duplicates(wishes, sheet)
    accepted = {row: wish for row, wish in wishes.items() if not has_error(sheet.findings.get(row, ()))}
    spouses = {row.number: read_id_number(row.get("配偶证件号码")).number for row in rows}
    settled = judge_couples(accepted, spouses, sheet.findings)
    return WishesReport(table, sheet.findings, judge_fellows(settled, known or {}, sheet.findings))


def find_numbers(table: Table) -> set[str]:
    """The sound identity numbers of a sheet, so that the register can be asked who is known."""
    found = (read_id_number(row.get("证件号码")).number for row in sound_rows(table))
    return {number for number in found if number}


def guess_county(named: str, filename: str, table: Table) -> str:
    """The county of a sheet: as its people file names it, else the file's name, else where most numbers come from."""
    division = divisions.find(named) if named else None
    if division:
        return division.code
    written = re.search(r"(?<!\d)(\d{6})(?!\d)", filename)
    if written and written[1] in divisions.divisions():
        return written[1]
    areas = Counter(number[:6] for number in find_numbers(table))
    return areas.most_common(1)[0][0] if areas else "000000"


def _read_number(row: Row) -> IdNumber:
    """Of somebody who was alive at the visit."""
    number, visited = read_id_number(row.get("证件号码")), read_date(row.get("走访日期"))
    return number.of_somebody_alive(visited) if visited else number


def _judge_person(row: Row, number: IdNumber, sheet: _Sheet) -> None:
    """Is the number sound, is it known, a labourer, and called so."""
    if number.problem:
        sheet.report(row, number.problem, "证件号码")
    if number.old:
        sheet.report(row, "id_old_15", "证件号码")
    if not number.number or sheet.known is None:
        return
    person = sheet.known.get(number.number)
    if person is None:
        sheet.report(row, "wish_person_unknown", "证件号码")
        return
    if person.left:
        sheet.report(row, "person_left", "证件号码")
    if not person.labourer:
        sheet.report(row, "wish_person_not_labourer", "证件号码")
    if simplified(tidy_name(row.get("姓名"))) != simplified(person.name):
        sheet.report(row, "wish_name_differs", "姓名")


def _read_row(row: Row, number: IdNumber, sheet: _Sheet) -> WishRow | None:
    """The row in codes, with all findings about its answers; None when it cannot go in."""
    visited, willing = _read_visited(row, sheet), _read_willing(row, sheet)
    places = _read_places(row, sheet)
    expected, minimum = _read_wages(row, sheet)
    wish = WishRow(
        row=row.number,
        person=number.number or "",
        willing=willing,
        unwilling_reason=None if willing else read_reason(row.get("不愿外出原因")),
        destinations=tuple(places.destinations),
        elsewhere="anywhere" if willing and places.only_refuses else places.elsewhere,
        refused=tuple(sorted(places.refused)),
        occupation=read_occupation(row.get("意向工种")),
        wage_expected=expected,
        wage_minimum=minimum,
        available_from=_read_available(row, visited, sheet),
        experience=read_years(row.get("从事年限")),
        certificates=_read_codes(row, "技能证书", CERTIFICATES, sheet, NOT_HELD),
        restrictions=_read_codes(row, "不能从事", RESTRICTIONS, sheet),
        accommodations=_read_codes(row, "所需便利", ACCOMMODATIONS, sheet, NOT_NEEDED),
        needs=read_codes(row.get("食宿需求"), NEEDS, NOT_NEEDED)[0],
        partner=None,
        together=read_together(row.get("是否夫妻同往")) if willing else None,
        relatives_city=_read_relatives(row, sheet),
        zero_employment=_read_zero_employment(row, sheet),
        training=read_training(row.get("培训意愿")),
        phone=_read_phone(row, sheet),
        visited=visited,
        fellows=read_group(row.get(COLUMN)) if willing else None,
    )
    return None if has_error(sheet.findings.get(row.number, ())) else wish


def _read_visited(row: Row, sheet: _Sheet) -> date:
    """A row without a visit is refused; its other answers are still judged, as if said at some new year."""
    visited = read_date(row.get("走访日期"))
    if visited is None:
        sheet.report(row, "wish_visit_missing", "走访日期")
    return visited or date(2000, 1, 1)


def _read_places(row: Row, sheet: _Sheet) -> Places:
    places = read_places(row.get("意向地区"), sheet.county)
    if places.unknown:
        sheet.report(row, "wish_place_unknown", "意向地区")
    return places


def _read_willing(row: Row, sheet: _Sheet) -> bool:
    column = "是否愿意外出务工"
    willing = read_yes_no(row.get(column), yes=("是", "愿", "想"), no=_UNWILLING)
    if willing is None:
        sheet.report(row, "yes_no_missing", column)
    return bool(willing)


def _read_zero_employment(row: Row, sheet: _Sheet) -> bool:
    column = "零就业家庭"
    said = read_yes_no(row.get(column), yes=("是",), no=("否", "不是"))
    if said is None and sheet.table.has(column):
        sheet.report(row, "yes_no_missing", column)
    return bool(said)


def _read_wages(row: Row, sheet: _Sheet) -> tuple[int | None, int | None]:
    """期望月薪 and 最低月薪; a minimum above the hope is taken as what is hoped for."""
    wages = []
    for column in ("期望月薪", "最低月薪"):
        wage = read_wage(row.get(column))
        if wage is None and not _is_empty(row, column):
            sheet.report(row, "wish_wage_unreadable", column)
        wages.append(wage)
    expected, minimum = wages
    if expected is not None and minimum is not None and minimum > expected:
        sheet.report(row, "wish_minimum_above_expected", "最低月薪")
        minimum = expected
    return expected, minimum


def _is_empty(row: Row, column: str) -> bool:
    return word(row.get(column)).strip("-/—、.") == ""


def _read_available(row: Row, visited: date, sheet: _Sheet) -> date:
    day = read_available(row.get("可上岗时间"), visited)
    if day is None:
        sheet.report(row, "wish_date_unreadable", "可上岗时间")
    return day or visited


def _read_codes(
    row: Row, column: str, words: Words, sheet: _Sheet, denied: re.Pattern[str] | None = None
) -> tuple[str, ...]:
    codes, unknown = read_codes(row.get(column), words, denied)
    if unknown:
        sheet.report(row, "wish_code_unknown", column)
    return codes


def _read_relatives(row: Row, sheet: _Sheet) -> str | None:
    city, unknown = read_city(row.get("亲友所在城市"), sheet.county)
    if unknown:
        sheet.report(row, "wish_place_unknown", "亲友所在城市")
    return city


def _read_phone(row: Row, sheet: _Sheet) -> str | None:
    """联系方式有变: the new number; empty, 无 and 否 are none, anything else that is no number is dropped."""
    text = word(row.get("联系方式有变"))
    if not text.strip("-/—") or text in ("无", "否", "没有", "没变", "不变", "未变", "无变化", "没有变", "暂无", "×"):
        return None
    digits = text.replace("-", "")
    phone = digits if is_phone(digits) else find_phone(text)
    if phone is None:
        sheet.report(row, "phone_invalid", "联系方式有变")
    return phone


def _find_duplicates(wishes: Mapping[int, WishRow], sheet: _Sheet) -> None:
    """Of the rows of one number the latest visit stays, of equal dates the lowest in the sheet."""
    kept: dict[str, int] = {}
    for row, wish in sorted(wishes.items()):
        other = kept.get(wish.person)
        if other is None:
            kept[wish.person] = row
            continue
        stays = row if wish.visited >= wishes[other].visited else other
        add_finding(sheet.findings, other if stays == row else row, "wish_duplicate", "证件号码")
        kept[wish.person] = stays
