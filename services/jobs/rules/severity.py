"""How much each finding of the jobs importers weighs: error keeps the row out, vetting keeps it unpublished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from libs.common.imports import reading
from libs.common.imports.report import Report, finding_of, findings_of_reading
from libs.common.sheets import Finding, Table

ERRORS = frozenset({"uscc_missing", "uscc_invalid", "uscc_duplicate", "openings_unclear"}) | reading.ERRORS
WARNINGS = (
    frozenset({"uscc_old_number", "employer_not_listed", "wage_not_stated", "minimum_unknown"}) | reading.WARNINGS
)
# 审核不通过: code -> what an office reads, and English.
VETTING_WORDS: dict[str, tuple[str, str]] = {
    "below_minimum_wage": ("低于当地最低工资标准", "below the local minimum wage"),
    "discriminatory_sex": ("限定或优先某一性别", "asks for one sex"),
    "discriminatory_ethnicity": ("限定民族", "asks for an ethnic group"),
    "discriminatory_health": ("以乙肝为由限制", "rules out hepatitis B"),
    "discriminatory_disability": ("排斥残疾人", "keeps disabled people away"),
    "discriminatory_origin": ("排斥农村或外地劳动者", "keeps people from villages or elsewhere away"),
    "deposit_or_fee": ("收取押金、费用或扣押证件", "takes deposits, fees or papers"),
    "child_labour": ("招用未满 16 周岁", "takes children under 16"),
    "minor_forbidden_work": ("未成年人禁止从事的工作", "work that is forbidden to minors"),
}
VETTING = frozenset(VETTING_WORDS)

SEVERITY = dict.fromkeys(ERRORS, "error") | dict.fromkeys(WARNINGS, "warning") | dict.fromkeys(VETTING, "vetting")

# 退回原因: code -> what an office reads in the last column of the sheet that comes back, and English.
WORDS: dict[str, tuple[str, str]] = {
    **reading.WORDS,
    "uscc_missing": ("未填统一社会信用代码", "no unified social credit code"),
    "uscc_invalid": (
        "统一社会信用代码有误（长度、字符或校验位）",
        "the credit code is wrong (length, characters or check digit)",
    ),
    "uscc_duplicate": ("统一社会信用代码与前面的行重复", "the credit code stands in a row before"),
    "uscc_old_number": ("15 位旧注册号", "an old registration number of 15 digits"),
    "openings_unclear": ("招聘人数不是数字", "the number of openings is no number"),
    "employer_not_listed": ("企业不在本市企业名单中", "the employer is not in the city's list"),
    "wage_not_stated": ("未写明薪资", "no wage is stated"),
    "minimum_unknown": ("当地最低工资标准未知，未比对", "no local minimum wage is known to compare with"),
    **VETTING_WORDS,
}


class Judged(Protocol):
    """A row that was judged."""

    @property
    def number(self) -> int: ...
    @property
    def findings(self) -> Sequence[Finding]: ...


def has_any(findings: Iterable[Finding], codes: frozenset[str]) -> bool:
    return any(finding.code in codes for finding in findings)


def findings_of_rows(table: Table, rows: Iterable[Judged]) -> dict[int, Sequence[Finding]]:
    """What was found in any row, read or judged; of many rows the same few findings."""
    found = {row.number: [finding_of(each.code, each.column) for each in row.findings] for row in rows if row.findings}
    return {**findings_of_reading(table), **found}


@dataclass(frozen=True)
class JobsReport(Report):
    """What both sheets of jobs report, named as in the officers' agreement on these files."""

    severity: ClassVar[Mapping[str, str]] = SEVERITY
    kind: ClassVar[str]

    city: str

    @staticmethod
    def word(found: Sequence[Finding]) -> str:
        return "；".join(f"{finding.column}：{WORDS[finding.code][0]}" for finding in found if finding.code in ERRORS)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "region": self.city} | super().as_json()
