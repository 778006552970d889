"""What the registry imports (导入): a people file or a wishes sheet; good rows go in, bad ones come back with reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from libs.common.database import Transaction
from libs.common.imports.flow import Imports, SheetKind
from libs.common.imports.model import ImportRecord, Sheet
from libs.common.sheets import Table
from libs.common.sheets.sheet_xml import MAX_ROWS
from services.registry.operations.departures import list_left
from services.registry.operations.people import PreparedPeople, list_brought, prepare_people, record_people
from services.registry.operations.undoing import stop_undo, undo_portion
from services.registry.operations.wishes import Indexes, index_wishes, list_known_people, record_wishes
from services.registry.rules import (
    PeopleReport,
    PersonRow,
    WishesReport,
    WishRow,
    check_home,
    find_numbers,
    judge_people,
    judge_wishes,
)
from services.registry.rules.report import RegistryReport
from services.registry.rules.sheet_forms import PEOPLE_FORM, WISHES_FORM
from services.registry.store import batches


class PeopleFile(SheetKind[PeopleReport, PersonRow, PreparedPeople]):
    """贫困人口信息表: every row is judged by the file alone, but for who has left the register."""

    form = PEOPLE_FORM

    async def judge(self, tx: Transaction, sheet: Sheet, read: Table) -> PeopleReport:
        """Rows given again bring nobody whom another row of the same file has brought."""
        others = await list_brought(tx, sheet.repairs, find_numbers(read)) if sheet.repairs else {}
        left = await list_left(tx)
        return await asyncio.to_thread(self._judge, sheet, read, left, others)

    def _judge(self, sheet: Sheet, read: Table, left: set[str], others: Mapping[str, int]) -> PeopleReport:
        report = judge_people(read, sheet.as_of, left, sheet.seen.count_judged, others)
        check_home(report, sheet.region)
        return report

    def entries(self, report: PeopleReport) -> Sequence[PersonRow]:
        return report.people

    def row_of(self, entry: PersonRow) -> int:
        return entry.row

    def belong_together(self, entry: PersonRow, following: PersonRow) -> bool:
        """A household is weighed once, and its people are announced once."""
        return entry.household_no == following.household_no

    async def prepare(
        self, tx: Transaction, sheet: Sheet, report: PeopleReport, entries: Sequence[PersonRow]
    ) -> PreparedPeople:
        return await prepare_people(tx, entries, report.as_of)

    async def write(
        self,
        tx: Transaction,
        sheet: Sheet,
        report: PeopleReport,
        entries: Sequence[PersonRow],
        ready: PreparedPeople,
        origin: ImportRecord,
    ) -> dict[str, int]:
        return await record_people(tx, entries, report.as_of, ready, origin.id, origin.by)

    def day_of(self, sheet: Sheet, report: PeopleReport, today: date) -> date:
        return report.as_of


class WishesSheet(SheetKind[WishesReport, WishRow, Indexes]):
    """求职意愿登记表: judged beside the register, which says who is known."""

    form = WISHES_FORM
    most_rows = MAX_ROWS

    async def judge(self, tx: Transaction, sheet: Sheet, read: Table) -> WishesReport:
        known = await list_known_people(tx, find_numbers(read))
        return await asyncio.to_thread(judge_wishes, read, known, sheet.region)

    def entries(self, report: WishesReport) -> Sequence[WishRow]:
        return report.wishes

    def row_of(self, entry: WishRow) -> int:
        return entry.row

    async def prepare(self, tx: Transaction, sheet: Sheet, report: WishesReport, entries: Sequence[WishRow]) -> Indexes:
        return await index_wishes(tx, entries)

    async def write(
        self,
        tx: Transaction,
        sheet: Sheet,
        report: WishesReport,
        entries: Sequence[WishRow],
        ready: Indexes,
        origin: ImportRecord,
    ) -> dict[str, int]:
        return await record_wishes(tx, entries, ready, origin.id, origin.by)

    def day_of(self, sheet: Sheet, report: WishesReport, today: date) -> date:
        """The last visit, where nobody says another day."""
        return sheet.as_of or max((wish.visited for wish in report.wishes), default=today)


IMPORTS = Imports(
    service="registry",
    kinds={"people": PeopleFile(), "wishes": WishesSheet()},
    reports=RegistryReport,
    tables=batches.TABLES,
    insert=batches.insert_import,
    get=batches.get_import,
    undo=undo_portion,
    stop_undo=stop_undo,
)
