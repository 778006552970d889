"""Import a file (导入): a people file or a wishes sheet; good rows go in, bad ones come back with reasons."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Literal
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction, new_id
from libs.common.exports import ExportMark, mark_export
from libs.common.identity import Caller
from libs.common.problems import NotFound
from libs.common.sheets import open_refused, read_table, seal_refused
from libs.common.sheets.marking import mark_workbook
from libs.common.telemetry import log
from services.registry.operations.people import Recorded, record_people
from services.registry.operations.wishes import known_people, record_wishes
from services.registry.rules import (
    WISHES,
    PeopleReport,
    WishesReport,
    check_home,
    find_numbers,
    judge_wishes,
    read_people,
)
from services.registry.rules.wording import word_reasons
from services.registry.store import batches

SEALED_AS = "registry.batch.refused"


class ImportNotFound(NotFound):
    title = "没有这次导入 No such import"


class NothingRefused(NotFound):
    title = "没有退回的行 No row was refused"


@dataclass(frozen=True)
class Sheet:
    """A file as it was handed in; `as_of` is the day on which its facts hold, where the file does not say it itself."""

    kind: Literal["people", "wishes"]
    content: IO[bytes]
    filename: str
    as_of: date | None


async def import_sheet(tx: Transaction, caller: Caller, sheet: Sheet) -> Row[Any]:
    """Read, judge and record one file in one transaction; a file that cannot be read changes nothing."""
    number = new_id()
    report, recorded = await (_import_people if sheet.kind == "people" else _import_wishes)(tx, caller, sheet, number)
    told = report.summary() | recorded.as_json()
    as_of = report.as_of if isinstance(report, PeopleReport) else _last_visit(tx, report, sheet)
    row = await batches.add_batch(
        tx,
        {
            "id": number,
            "kind": sheet.kind,
            "filename": sheet.filename,
            "as_of": as_of,
            "report": told,
            "imported_by": caller.subject,
            "refused_sealed": await asyncio.to_thread(_pack_refused, tx, report),
        },
    )
    tx.trail.note(entities=[f"import:{number}"], kind=sheet.kind, accepted=told["accepted"], refused=told["refused"])
    log.info("import_sheet", kind=sheet.kind, accepted=told["accepted"], refused=told["refused"], **recorded.as_json())
    return row


async def show_import(tx: Transaction, number: UUID) -> Row[Any]:
    """One import; 404 when there is none."""
    row = await batches.find_batch(tx, number)
    if row is None:
        raise ImportNotFound(str(number))
    return row


async def show_refused(tx: Transaction, caller: Caller, number: UUID) -> tuple[bytes, ExportMark]:
    """The workbook of refused rows with the mark of this export; 404 when every row went in."""
    row = await show_import(tx, number)
    if row.refused_sealed is None:
        raise NothingRefused(str(number))
    tx.trail.note(entities=[f"import:{number}"], fields=["refused rows"])
    mark = mark_export(tx, caller, "registry.refused", row.report["refused"], number=number)
    return await asyncio.to_thread(
        lambda: mark_workbook(open_refused(row.refused_sealed, tx.node.vault, context=SEALED_AS), mark)
    ), mark


async def _import_people(tx: Transaction, caller: Caller, sheet: Sheet, number: UUID) -> tuple[PeopleReport, Recorded]:
    report = await asyncio.to_thread(read_people, sheet.content, sheet.filename, sheet.as_of)
    check_home(report, tx.node.code)
    await batches.take_turn(tx)
    return report, await record_people(tx, report, number, caller.subject)


async def _import_wishes(tx: Transaction, caller: Caller, sheet: Sheet, number: UUID) -> tuple[WishesReport, Recorded]:
    table = await asyncio.to_thread(read_table, sheet.content, sheet.filename, WISHES)
    await batches.take_turn(tx)
    known = await known_people(tx, find_numbers(table))
    report = await asyncio.to_thread(judge_wishes, table, known, tx.node.code)
    return report, await record_wishes(tx, report, number, caller.subject)


def _last_visit(tx: Transaction, report: WishesReport, sheet: Sheet) -> date:
    return sheet.as_of or max((wish.visited for wish in report.wishes), default=tx.node.today())


def _pack_refused(tx: Transaction, report: PeopleReport | WishesReport) -> bytes | None:
    reasons = {number: word_reasons(report.findings[number]) for number in report.refused_rows}
    return seal_refused(report.table, reasons, tx.node.vault, context=SEALED_AS)
