"""Import a sheet (导入): good rows go in, bad ones come back with reasons, vetted vacancies are announced at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256

from libs.common.database import Transaction, new_id
from libs.common.imports.flow import Imports, SheetKind
from libs.common.imports.model import ImportRecord, Sheet
from libs.common.indicators import note_changes
from libs.common.privacy import Vault
from libs.common.sheets import Table
from services.jobs.operations.announcing import announce_vacancies
from services.jobs.operations.history import note_written
from services.jobs.operations.pausing import settle_pauses
from services.jobs.operations.sealing import seal
from services.jobs.rules import EmployerRow, EmployersReport, VacanciesReport, VacancyRow, judge_vacancies
from services.jobs.rules.employer_sheets import judge_employers
from services.jobs.rules.employers import Employer
from services.jobs.rules.requirements import EDUCATION_STEP
from services.jobs.rules.severity import JobsReport
from services.jobs.rules.sheet_forms import EMPLOYERS_FORM, VACANCIES_FORM
from services.jobs.rules.terms import CARE_GROUP, quarter_end
from services.jobs.rules.text import folded
from services.jobs.rules.vacancies import Vacancy
from services.jobs.rules.vacancy_sheets import employers_named
from services.jobs.rules.vetting import VETTING_RULE
from services.jobs.store import employers, imports, vacancies


class EmployerList(SheetKind[EmployersReport, EmployerRow, list[Employer]]):
    """企业名单: of a known credit code the newer sheet's row counts."""

    form = EMPLOYERS_FORM

    async def judge(self, tx: Transaction, sheet: Sheet, read: Table) -> EmployersReport:
        return await asyncio.to_thread(judge_employers, read, sheet.region)

    def entries(self, report: EmployersReport) -> Iterable[EmployerRow]:
        return report.accepted

    def row_of(self, entry: EmployerRow) -> int:
        return entry.number

    async def prepare(
        self, tx: Transaction, sheet: Sheet, report: EmployersReport, entries: Sequence[EmployerRow]
    ) -> list[Employer]:
        on, vault = self.day_of(sheet, report, tx.node.today()), tx.node.vault
        return await asyncio.to_thread(lambda: [_employer(row, report.city, on, vault) for row in entries])

    async def write(
        self,
        tx: Transaction,
        sheet: Sheet,
        report: EmployersReport,
        entries: Sequence[EmployerRow],
        ready: list[Employer],
        origin: ImportRecord,
    ) -> dict[str, int]:
        on, codes = self.day_of(sheet, report, tx.node.today()), [row.uscc for row in entries]
        known = await employers.lock_employers_by_uscc(tx, report.city, codes)
        await employers.upsert_employers(tx, ready)
        listed = await employers.lock_employers_by_uscc(tx, report.city, codes)
        written = [(known.get(code), each) for code, each in listed.items()]
        await note_written(tx, written, origin.by, source="file", reason=origin.filename)
        await note_changes(tx, report.city, on, [each.id for each in listed.values()])
        return _counts(added=sum(code not in known for code in codes), accepted=len(entries))


# A row with its fingerprint.
Marked = tuple[VacancyRow, str]


class VacancySheet(SheetKind[VacanciesReport, Marked, None]):
    """岗位表: judged beside the city's list of employers; a row that is in already changes nothing."""

    form = VACANCIES_FORM

    async def judge(self, tx: Transaction, sheet: Sheet, read: Table) -> VacanciesReport:
        listed = await employers.list_employers_by_name(tx, sheet.region, employers_named(read))
        on = sheet.as_of or tx.node.today()
        return await asyncio.to_thread(judge_vacancies, read, sheet.region, frozenset(listed), on)

    def entries(self, report: VacanciesReport) -> Iterable[Marked]:
        """Fingerprints are of the whole sheet: rows that say the same are told apart by their order in it."""
        return _fingerprinted(report.accepted)

    def row_of(self, entry: Marked) -> int:
        return entry[0].number

    async def prepare(self, tx: Transaction, sheet: Sheet, report: VacanciesReport, entries: Sequence[Marked]) -> None:
        """Nothing of a vacancy is enciphered."""

    async def write(
        self,
        tx: Transaction,
        sheet: Sheet,
        report: VacanciesReport,
        entries: Sequence[Marked],
        ready: None,
        origin: ImportRecord,
    ) -> dict[str, int]:
        on = self.day_of(sheet, report, tx.node.today())
        listed = await employers.list_employers_by_name(tx, report.city, {folded(row.employer) for row, _ in entries})
        found = [_vacancy(row, report.city, on, listed, mark) for row, mark in entries]
        added = await vacancies.insert_vacancies_if_absent(tx, found)
        await announce_vacancies(tx, added, on)
        await note_changes(tx, report.city, on, [each.id for each in added])
        for firm in listed.values():
            if firm.blacklisted_on(tx.node.today()):
                await settle_pauses(tx, tx.node.today(), employer=firm.id)
        return _counts(added=len(added), accepted=len(entries))


IMPORTS = Imports(
    service="jobs",
    kinds={"employers": EmployerList(), "vacancies": VacancySheet()},
    reports=JobsReport,
    tables=imports.TABLES,
    insert=imports.insert_import,
    get=imports.get_import,
)


def _counts(*, added: int, accepted: int) -> dict[str, int]:
    return {"added": added, "known": accepted - added}


def _employer(row: EmployerRow, city: str, on: date, vault: Vault) -> Employer:
    return Employer(
        id=new_id(),
        city=city,
        uscc=row.uscc,
        name=row.name,
        folded_name=folded(row.name),
        district=row.district,
        industry=row.industry,
        staff=row.staff,
        designated=row.designated,
        base=row.base,
        listed_on=on,
        contact=seal(vault, "contact", row.contact),
        phone=seal(vault, "phone", row.phone),
    )


def _vacancy(row: VacancyRow, city: str, on: date, listed: Mapping[str, Employer], fingerprint: str) -> Vacancy:
    employer, openings = listed.get(folded(row.employer)), row.openings or 0
    reasons = [each.reason() for each in sorted(row.stumbles)]
    return Vacancy(
        id=new_id(),
        city=city,
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
        kind="reserved" if row.reserved and openings else "ordinary",
        wage=row.wage.monthly_min,
        wage_max=row.wage.monthly_max,
        wage_basis=row.wage.basis,
        age_min=row.age_min,
        age_max=row.age_max,
        education_min=EDUCATION_STEP[row.education_min],
        offers=_offers(row),
        insurances=list(row.insurances),
        starts_by=quarter_end(on),
        listed_on=on,
        fingerprint=fingerprint,
        state="vetted" if row.vetted else "refused",
        reasons=reasons,
        vetted_by=VETTING_RULE,
        vetted_on=on,
    )


def _offers(row: VacancyRow) -> list[str]:
    """What matching knows as offered; `insurance` is social insurance (社保), not work injury alone."""
    given = {"board": row.board, "lodging": row.lodging, "insurance": {"pension", "medical"} <= set(row.insurances)}
    return [name for name, holds in given.items() if holds]


def _fingerprinted(rows: Iterable[VacancyRow]) -> Iterator[Marked]:
    """With a digest of what a row says; rows that say the same are told apart by their order, so both stay."""
    seen: Counter[bytes] = Counter()
    for row in rows:
        said = "\0".join(
            map(
                folded,
                (row.employer, row.title, row.district, row.shift, row.wage_text, row.welfare, str(row.openings)),
            )
        )
        same = sha256(said.encode()).digest()
        seen[same] += 1
        yield row, sha256(f"{said}\0{seen[same]}".encode()).hexdigest()
