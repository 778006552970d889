"""A person entered by hand (录入): judged as the row of a people file that says the same, so both ways in have one rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from libs.common.problems import FieldError, Invalid, one_of
from libs.common.sheets import Row, Table
from libs.common.sheets.model import CellValue
from services.registry.rules.identity import field_error, number_errors
from services.registry.rules.numbers import IdNumber, read_id_number
from services.registry.rules.people_sheets import LISTED, judge_row, person_of
from services.registry.rules.report import SEVERITY, PersonRow
from services.registry.rules.wording import WORDS

COLUMNS: Mapping[str, str] = {
    "number": "证件号码",
    "name": "姓名",
    "sex": "性别",
    "birth_date": "出生日期",
    "household_no": "户编号",
    "township": "乡",
    "village": "村",
    "person_no": "人口编号",
    "ethnic_group": "民族",
    "kinship": "与户主关系",
    "education": "文化程度",
    "pupil": "在校生状况",
    "ability": "劳动技能",
    "health": "健康状况",
    "disability": "残疾类别",
    "political_status": "政治面貌",
    "household_phone": "户联系电话",
    "phone": "成员联系电话",
    "work_place": "务工所在地",
    "work_months": "务工时间（月）",
    "work_employer": "务工企业名称",
    "channel": "就业渠道",
    "low_income": "是否享受低保",
    "destitute": "特困供养",
}
_FIELDS = {column: field for field, column in COLUMNS.items()}
# A file is taken in although a cell of it is odd; who types can put it right at once.
_REFUSED_BY_HAND = {"code_unknown", "phone_invalid"}


class EntryRefused(Invalid):
    title = "录入内容不符合要求 What was entered cannot be taken"


@dataclass(frozen=True)
class EntryFinding:
    """Something odd that keeps nobody out, with the field it is told of, and of whom where it is another member."""

    code: str
    field: str
    zh: str
    en: str


def find(code: str, field: str) -> EntryFinding:
    return EntryFinding(code, field, *WORDS[code])


def read_entry(said: Mapping[str, Any], as_of: date) -> tuple[PersonRow, list[EntryFinding]]:
    """The person as a file would bring them in, and what is odd; EntryRefused names each field that cannot stand."""
    number = read_id_number(said["number"]).of_somebody_alive(as_of)
    table = _as_table(said, number)
    found = [(code, _FIELDS[column]) for code, column in judge_row(table.rows[0], number, table)]
    told = {field for _, field in found}
    wrong = [_refusal(code, field) for code, field in found if _is_refused(code)]
    wrong += [error for error in number_errors(said, number) if error.pointer[1:] not in told]
    if wrong:
        raise EntryRefused("请修正所列字段 Correct the fields listed.", errors=wrong)
    return person_of(table.rows[0], number, as_of), [find(code, field) for code, field in found]


def _refusal(code: str, field: str) -> FieldError:
    """The finding; of a list, with what may be chosen."""
    told = field_error(field, code)
    known = LISTED.get(COLUMNS[field]) if code == "code_unknown" else None
    return replace(told, message=one_of(sorted(known))) if known else told


def _is_refused(code: str) -> bool:
    return SEVERITY[code] == "error" or code in _REFUSED_BY_HAND or code.endswith("_id_mismatch")


def _as_table(said: Mapping[str, Any], number: IdNumber) -> Table:
    """One row; what the number says need not be said, and who says nothing of an allowance has none."""
    follows = {"birth_date": number.birth, "sex": number.sex, "low_income": False, "destitute": False}
    cells = {column: _cell(said.get(field, follows.get(field))) for field, column in COLUMNS.items()}
    return Table(1, tuple(COLUMNS.values()), (Row(1, cells),), {})


def _cell(value: Any) -> CellValue:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value)
    cell: CellValue = value
    return cell
