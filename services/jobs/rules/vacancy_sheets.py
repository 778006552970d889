"""Reading a vacancy sheet (岗位表): what its free text means, what is unclear, and what vetting refuses to publish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any, ClassVar

from libs.common.codes.occupations import find_post, posts
from libs.common.imports.reading import sound_rows
from libs.common.imports.report import Stored
from libs.common.sheets import Finding, Row, Table, read_table
from libs.common.sheets.gathered import gather
from services.jobs.rules.employer_sheets import EmployersReport
from services.jobs.rules.home import check_home
from services.jobs.rules.layouts import VACANCIES
from services.jobs.rules.requirements import Education, read_ages, read_education, read_openings
from services.jobs.rules.severity import ERRORS, VETTING, JobsReport, findings_of_rows, has_any
from services.jobs.rules.text import folded, plain, shown
from services.jobs.rules.vetting import Stumble, is_part_time, vet_ages, vet_wage, vet_words
from services.jobs.rules.wages import Wage, read_wage
from services.jobs.rules.welfare import read_board_and_lodging, read_insurances

_VETTED_COLUMNS = (
    "岗位名称",
    "学历要求",
    "福利待遇",
    "性别要求",
    "年龄要求",
    "其他要求",
    "备注",
    "薪资待遇",
    "班次",
    "招聘人数",
)
_CARE_MARKS = ("爱心帮扶", "爱心岗", "扶贫专岗")


@dataclass(frozen=True)
class VacancyRow:
    """One vacancy as the sheet means it. Ages are inclusive; `reserved` is a yellow row (爱心帮扶岗位)."""

    number: int
    employer: str
    title: str
    district: str
    industry: str
    shift: str
    welfare: str
    phone: str
    wage_text: str
    openings: int | None
    wage: Wage
    age_min: int | None
    age_max: int | None
    education_min: Education | None
    board: bool
    lodging: bool
    insurances: tuple[str, ...]
    reserved: bool
    findings: tuple[Finding, ...]
    stumbles: tuple[Stumble, ...] = ()

    @property
    def accepted(self) -> bool:
        return not has_any(self.findings, ERRORS)

    @property
    def vetted(self) -> bool:
        return self.accepted and not has_any(self.findings, VETTING)

    @property
    def occupation(self) -> str | None:
        """The group of the post that the title names; a title that the table does not know has none until an officer says."""
        return group_of_title(self.title)

    def shown(self) -> Stored:
        """As it would be stored: what the sheet says in words, and what that means."""
        words = ("employer", "title", "district", "industry", "shift", "welfare", "wage_text", "occupation")
        return {name: getattr(self, name) for name in words} | self.meaning() | {"vetted": self.vetted}

    def meaning(self) -> dict[str, Any]:
        """What the free text means, field by field."""
        return {
            "openings": self.openings,
            "wage_min": _number(self.wage.low),
            "wage_max": _number(self.wage.high),
            "wage_basis": self.wage.basis,
            "monthly_min": self.wage.monthly_min,
            "age_min": self.age_min,
            "age_max": self.age_max,
            "education_min": self.education_min,
            "board": self.board,
            "lodging": self.lodging,
            "insurances": list(self.insurances),
            "reserved": self.reserved,
        }


@dataclass(frozen=True)
class VacanciesReport(JobsReport):
    """What a vacancy sheet holds, what is wrong with it and what passes vetting."""

    kind: ClassVar[str] = "vacancies"

    rows: Sequence[VacancyRow]

    @property
    def accepted(self) -> Iterator[VacancyRow]:
        """In the order of the sheet, one at a time: the rows of a long one lie on disk."""
        return (row for row in self.rows if row.accepted)

    def summary(self) -> dict[str, Any]:
        told = Counter[str](vetted=0, openings_vetted=0, reserved=0)
        for row in self.rows:
            told["reserved"] += row.reserved
            if row.vetted:
                told["vetted"] += 1
                told["openings_vetted"] += row.openings or 0
        return super().summary() | dict(told)

    def stored(self) -> Iterator[tuple[int, Stored]]:
        return ((row.number, row.shown()) for row in self.accepted)

    def as_json(self) -> dict[str, Any]:
        """With the meaning of every row, a refused one too."""
        return super().as_json() | {"rows": {str(row.number): row.meaning() for row in self.rows}}


def read_vacancies(
    content: bytes | IO[bytes],
    filename: str,
    city: str,
    employers: EmployersReport | frozenset[str] | set[str] | None = None,
    on: date | None = None,
) -> VacanciesReport:
    """Read a city's vacancy sheet (xlsx or CSV) as of a day; `employers` are those whose names count as listed (None: not compared).

    Raises WrongFile problems for a file that is no such sheet, OtherCity for another city's.
    """
    listed = employers.names() if isinstance(employers, EmployersReport) else employers
    return judge_vacancies(read_table(content, filename, VACANCIES), city, listed, on)


def judge_vacancies(
    table: Table, city: str, listed: frozenset[str] | set[str] | None, on: date | None = None
) -> VacanciesReport:
    """Row by row, beside the names of listed employers, by the rules and the minimum wage of a day (without one: the newest)."""
    names = None if listed is None else frozenset(map(folded, listed))
    rows = gather(_read_row(row, city, names, on) for row in sound_rows(table))
    check_home((row.employer for row in rows), city)
    return VacanciesReport(table, findings_of_rows(table, rows), city, rows)


def employers_named(table: Table) -> set[str]:
    """Whom a sheet names, folded, so that the city's list can be asked for them."""
    return {folded(row.get("企业名称")) for row in sound_rows(table)}


def group_of_title(title: str) -> str | None:
    """The occupation group of the post named in a title, by the versioned table of titles."""
    post = find_post(plain(title))
    return posts()[post] if post else None


def _read_row(row: Row, city: str, listed: frozenset[str] | None, on: date | None) -> VacancyRow:
    text = {column: plain(value) for column, value in row.values.items()}
    wage, openings = read_wage(text["薪资待遇"]), read_openings(text["招聘人数"])
    age_min, age_max = _ages(text)
    board, lodging = read_board_and_lodging(text.get("福利待遇", ""))
    stumbles = _stumbles(text, wage, age_min, city, on)
    return VacancyRow(
        number=row.number,
        employer=shown(row.get("企业名称")),
        title=shown(row.get("岗位名称")),
        district=shown(row.get("地区")),
        industry=shown(row.get("行业")),
        shift=shown(row.get("班次")),
        welfare=shown(row.get("福利待遇")),
        phone=shown(row.get("联系电话")),
        wage_text=shown(row.get("薪资待遇")),
        openings=openings,
        wage=wage,
        age_min=age_min,
        age_max=age_max,
        education_min=read_education(text.get("学历要求", "")),
        board=board,
        lodging=lodging,
        insurances=read_insurances(text.get("福利待遇", "")),
        reserved=_is_reserved(row, text),
        findings=tuple(sorted({*row.faults, *_findings(text, wage, openings, stumbles, listed)})),
        stumbles=tuple(stumbles),
    )


def _ages(text: dict[str, str]) -> tuple[int | None, int | None]:
    """From the title; where the title says nothing, from the column that other offices keep for it."""
    for column in ("岗位名称", "年龄要求", "学历要求", "其他要求"):
        if any(ages := read_ages(text.get(column, ""))):
            return ages
    return None, None


def _is_reserved(row: Row, text: dict[str, str]) -> bool:
    return "岗位名称" in row.marked or any(
        mark in text.get(column, "") for column in ("岗位名称", "备注") for mark in _CARE_MARKS
    )


def _stumbles(text: dict[str, str], wage: Wage, age_min: int | None, city: str, on: date | None) -> list[Stumble]:
    """A full-timer's wage by the hour is compared as a month's; a part-timer's with the minimum for an hour, which is another figure."""
    texts = {column: text.get(column, "") for column in _VETTED_COLUMNS}
    hourly = wage.basis == "hour" and is_part_time(texts.values())
    paid = (
        vet_wage(None if wage.low is None else float(wage.low), city, on, "hour")
        if hourly
        else vet_wage(wage.monthly_min, city, on)
    )
    return [*vet_words(texts, on), *vet_ages(age_min, texts, on), *paid]


def _findings(
    text: dict[str, str], wage: Wage, openings: int | None, stumbles: list[Stumble], listed: frozenset[str] | None
) -> tuple[Finding, ...]:
    found = [Finding(each.code, each.column) for each in stumbles]
    if openings is None:
        found.append(Finding("openings_unclear", "招聘人数"))
    if wage.low is None:
        found.append(Finding("wage_not_stated", "薪资待遇"))
    if listed is not None and folded(text["企业名称"]) not in listed:
        found.append(Finding("employer_not_listed", "企业名称"))
    return tuple(found)


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)
