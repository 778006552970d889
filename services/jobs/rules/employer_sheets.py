"""Reading an employer list (企业名单): credit codes checked, each firm once, 定点接收单位 and 就业扶贫基地 marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, ClassVar

from libs.common.codes.credit_codes import is_credit_code, is_old_number
from libs.common.imports.reading import sound_rows
from libs.common.imports.report import Stored
from libs.common.masks import mask_name, mask_phone
from libs.common.sheets import CellValue, Finding, Row, Table, read_table
from libs.common.sheets.gathered import gather
from libs.common.sheets.text import read_digits
from libs.common.sheets.wage_figures import read_number
from services.jobs.rules.home import check_home
from services.jobs.rules.layouts import EMPLOYERS
from services.jobs.rules.severity import ERRORS, JobsReport, findings_of_rows, has_any
from services.jobs.rules.text import folded, plain, shown

_USCC = "统一社会信用代码"
_YES = frozenset(["是", "√", "★", "☆", "✓", "✔", "☑", "■", "有", "y", "yes", "1", "true"])


@dataclass(frozen=True)
class EmployerRow:
    """One firm of the list as it goes in; `uscc` is tidied, also when it is wrong."""

    number: int
    name: str
    uscc: str
    district: str
    industry: str
    staff: int | None
    designated: bool
    base: bool
    contact: str
    phone: str
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        return not has_any(self.findings, ERRORS)

    def shown_masked(self) -> Stored:
        """As a list of employers would show it: that there is somebody to call, and not who."""
        return {
            "name": self.name,
            "uscc": self.uscc,
            "district": self.district,
            "industry": self.industry,
            "staff": self.staff,
            "designated": self.designated,
            "base": self.base,
            "contact": mask_name(self.contact) if self.contact else None,
            "phone": mask_phone(self.phone) if self.phone else None,
        }


@dataclass(frozen=True)
class EmployersReport(JobsReport):
    """What an employer list holds and what is wrong with it."""

    kind: ClassVar[str] = "employers"

    rows: Sequence[EmployerRow]

    @property
    def accepted(self) -> Iterator[EmployerRow]:
        """In the order of the sheet, one at a time: the rows of a long one lie on disk."""
        return (row for row in self.rows if row.accepted)

    def names(self) -> frozenset[str]:
        """Names of the accepted firms, folded, for the vacancies that refer to them."""
        return frozenset(folded(row.name) for row in self.accepted)

    def stored(self) -> Iterator[tuple[int, Stored]]:
        return ((row.number, row.shown_masked()) for row in self.accepted)

    def summary(self) -> dict[str, Any]:
        told = Counter(name for row in self.accepted for name in ("designated", "base") if getattr(row, name))
        return super().summary() | {"designated": told["designated"], "bases": told["base"]}


def read_employers(content: bytes | IO[bytes], filename: str, city: str) -> EmployersReport:
    """Read a city's employer list (xlsx or CSV).

    Raises WrongFile problems for a file that is no such list, OtherCity for another city's.
    """
    return judge_employers(read_table(content, filename, EMPLOYERS), city)


def judge_employers(table: Table, city: str) -> EmployersReport:
    """Row by row; raises OtherCity."""
    seen: set[str] = set()
    rows = gather(_read_row(row, seen) for row in sound_rows(table))
    check_home((row.name for row in rows), city)
    return EmployersReport(table, findings_of_rows(table, rows), city, rows)


def check_uscc(number: str) -> str | None:
    """None for a sound 18-character code, else the finding; 15 digits are a registration number of before 2015."""
    if not number:
        return "uscc_missing"
    if is_old_number(number):
        return "uscc_old_number"
    return None if is_credit_code(number) else "uscc_invalid"


def _read_row(row: Row, seen: set[str]) -> EmployerRow:
    number = read_digits(row.get(_USCC))
    return EmployerRow(
        number=row.number,
        name=shown(row.get("企业名称")),
        uscc=number,
        district=shown(row.get("所属区县")),
        industry=shown(row.get("行业")),
        staff=read_number(plain(row.get("用工人数"))),
        designated=_is_yes(row.get("定点接收单位")),
        base=_is_yes(row.get("就业扶贫基地")),
        contact=shown(row.get("联系人")),
        phone=shown(row.get("联系电话")),
        findings=tuple(sorted({*row.faults, *_findings(number, seen)})),
    )


def _findings(number: str, seen: set[str]) -> tuple[Finding, ...]:
    wrong = check_uscc(number)
    codes = [wrong] if wrong else []
    if wrong in (None, "uscc_old_number"):
        if number in seen:
            codes.append("uscc_duplicate")
        seen.add(number)
    return tuple(Finding(code, _USCC) for code in codes)


def _is_yes(value: CellValue) -> bool:
    return plain(value).casefold().strip("()") in _YES
