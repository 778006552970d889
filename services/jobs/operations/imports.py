"""Import a sheet (导入): good rows go in, bad ones come back with reasons, vetted vacancies are announced at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import IO, Literal
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.exports import ExportMark, mark_export
from libs.common.identity import Caller
from libs.common.privacy import Vault
from libs.common.sheets import open_refused, seal_refused
from libs.common.sheets.marking import mark_workbook
from libs.common.telemetry import log
from services.jobs.operations.announcing import announce_vacancies
from services.jobs.rules import (
    EmployerRow,
    EmployersReport,
    VacanciesReport,
    VacancyRow,
    read_employers,
    read_vacancies,
)
from services.jobs.rules.employers import Employer
from services.jobs.rules.imports import SheetImport
from services.jobs.rules.refusals import NothingRefused
from services.jobs.rules.requirements import EDUCATION_STEP
from services.jobs.rules.severity import VETTING
from services.jobs.rules.terms import CARE_GROUP, quarter_end
from services.jobs.rules.text import folded
from services.jobs.rules.vacancies import Vacancy
from services.jobs.rules.vetting import LAW
from services.jobs.store import employers, figures, imports, vacancies

BY_RULE = "vetting rules 2017.1"
_SEALED_AS = "jobs.import.refused"


@dataclass(frozen=True)
class Sheet:
    """A file as it was handed in, for a city, with the date on which it holds."""

    kind: Literal["employers", "vacancies"]
    content: IO[bytes]
    filename: str
    city: str
    as_of: date


async def import_sheet(tx: Transaction, caller: Caller, sheet: Sheet) -> SheetImport:
    """Read and keep one sheet. A row that is in already (the same sheet again) changes nothing and is counted `known`."""
    tx.reach.check(sheet.city)
    report, added = await (_import_employers if sheet.kind == "employers" else _import_vacancies)(tx, sheet)
    told = {key: value for key, value in report.as_json().items() if key != "rows"}
    kept = SheetImport(
        id=new_id(),
        kind=sheet.kind,
        city=sheet.city,
        filename=sheet.filename,
        as_of=sheet.as_of,
        by=caller.subject,
        report=told | {"added": added, "known": len(report.accepted) - added},
        refused=await asyncio.to_thread(
            seal_refused, report.table, report.refused_reasons(), tx.node.vault, context=_SEALED_AS
        ),
    )
    await imports.insert_import(tx, kept)
    await figures.note_change(tx, sheet.city, sheet.as_of)
    log.info(
        "import_sheet",
        kind=sheet.kind,
        city=sheet.city,
        accepted=told["accepted"],
        refused=told["refused"],
        added=added,
    )
    return kept


async def show_refused(tx: Transaction, caller: Caller, number: UUID) -> tuple[bytes, ExportMark]:
    """The workbook of refused rows with the mark of this export; 404 when every row went in."""
    kept = await imports.get_import(tx, number)
    refused = kept.refused
    if refused is None:
        raise NothingRefused()
    tx.trail.note(entities=[f"import:{number}"], fields=["refused rows"])
    mark = mark_export(tx, caller, "jobs.refused", kept.report["refused"], number=number)
    return await asyncio.to_thread(
        lambda: mark_workbook(open_refused(refused, tx.node.vault, context=_SEALED_AS), mark)
    ), mark


async def _import_employers(tx: Transaction, sheet: Sheet) -> tuple[EmployersReport, int]:
    report = await asyncio.to_thread(read_employers, sheet.content, sheet.filename, sheet.city)
    known = {row.uscc for row in (await employers.list_employers_by_name(tx, sheet.city)).values()}
    await employers.upsert_employers(tx, [_employer(row, sheet, tx.node.vault) for row in report.accepted])
    return report, sum(row.uscc not in known for row in report.accepted)


async def _import_vacancies(tx: Transaction, sheet: Sheet) -> tuple[VacanciesReport, int]:
    listed = await employers.list_employers_by_name(tx, sheet.city)
    report = await asyncio.to_thread(read_vacancies, sheet.content, sheet.filename, sheet.city, frozenset(listed))
    marks = _fingerprints(report.accepted)
    found = [_vacancy(row, sheet, listed, mark) for row, mark in zip(report.accepted, marks, strict=True)]
    added = await vacancies.insert_vacancies_if_absent(tx, found)
    await announce_vacancies(tx, added, sheet.as_of)
    return report, len(added)


def _employer(row: EmployerRow, sheet: Sheet, vault: Vault) -> Employer:
    return Employer(
        id=new_id(),
        city=sheet.city,
        uscc=row.uscc,
        name=row.name,
        folded_name=folded(row.name),
        district=row.district,
        industry=row.industry,
        staff=row.staff,
        designated=row.designated,
        base=row.base,
        listed_on=sheet.as_of,
        contact=vault.encrypt(row.contact, context="jobs.employer.contact") if row.contact else None,
        phone=vault.encrypt(row.phone, context="jobs.employer.phone") if row.phone else None,
    )


def _vacancy(row: VacancyRow, sheet: Sheet, listed: Mapping[str, Employer], fingerprint: str) -> Vacancy:
    employer, openings = listed.get(folded(row.employer)), row.openings or 0
    reasons = [finding.as_json() | {"law": LAW[finding.code]} for finding in row.findings if finding.code in VETTING]
    return Vacancy(
        id=new_id(),
        city=sheet.city,
        employer=employer.id if employer else None,
        employer_uscc=employer.uscc if employer else None,
        employer_name=employer.name if employer else row.employer,
        title=row.title,
        district=row.district,
        industry=row.industry,
        shift=row.shift,
        welfare=row.welfare,
        wage_text=row.wage_text,
        occupation=row.occupation,
        openings=openings,
        openings_left=openings,
        reserved={CARE_GROUP: openings} if row.reserved and openings else {},
        wage=row.wage.monthly_min,
        wage_max=row.wage.monthly_max,
        wage_basis=row.wage.basis,
        age_min=row.age_min,
        age_max=row.age_max,
        education_min=EDUCATION_STEP[row.education_min],
        offers=_offers(row),
        insurances=list(row.insurances),
        starts_by=quarter_end(sheet.as_of),
        listed_on=sheet.as_of,
        fingerprint=fingerprint,
        state="refused" if reasons else "vetted",
        reasons=reasons,
        vetted_by=BY_RULE,
        vetted_on=sheet.as_of,
    )


def _offers(row: VacancyRow) -> list[str]:
    """What matching knows as offered; `insurance` is social insurance (社保), not work injury alone."""
    given = {"board": row.board, "lodging": row.lodging, "insurance": {"pension", "medical"} <= set(row.insurances)}
    return [name for name, holds in given.items() if holds]


def _fingerprints(rows: Iterable[VacancyRow]) -> list[str]:
    """A digest of what a row says; rows that say the same are told apart by their order, so both stay."""
    seen: Counter[str] = Counter()
    marks = []
    for row in rows:
        said = "\0".join(
            map(
                folded,
                (row.employer, row.title, row.district, row.shift, row.wage_text, row.welfare, str(row.openings)),
            )
        )
        seen[said] += 1
        marks.append(sha256(f"{said}\0{seen[said]}".encode()).hexdigest())
    return marks
