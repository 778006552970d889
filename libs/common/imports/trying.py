"""A file is judged and waits (先试后存): its rows are put right while nothing of it is in, and when it is confirmed all of it goes in, judged anew."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, ClassVar

from libs.common.database import Transaction
from libs.common.imports.mending import Mending, report_after
from libs.common.imports.model import TRIED, TRYING, Sheet
from libs.common.imports.report import Report
from libs.common.imports.rows import KeptRow, findings_as_json
from libs.common.imports.schemas import Answer
from libs.common.imports.taking import GoneOn, Taking
from libs.common.telemetry import log

# Of so many rows it is told what would be stored: who looks at them sees whether the columns are where they belong.
SHOWN_ROWS = 20


@dataclass
class Trying(Taking):
    """One import that is tried: what would go in is told, what would come back is kept to be put right."""

    judging: ClassVar[str] = TRYING

    async def take_in(self) -> None:
        _, report = await self.judge()
        said = await asyncio.to_thread(_summary, report)
        await self.keep(report)
        async with self.context.database.transaction() as tx:
            if not await self.imports.tables.update_progress(tx, self.record.id, state=TRIED, report=said):
                raise GoneOn()
            told = {name: said[name] for name in ("accepted", "refused")}
            self.remember(tx, "try_import", kind=self.record.kind, **told)
            log.info("try_import", number=str(self.record.id), kind=self.record.kind, **told)

    @property
    def keeps_odd(self) -> bool:
        """Nothing is in yet, so that whatever is odd can be put right."""
        return True


@dataclass
class MendingTrial(Mending):
    """Rows given again of an import that is tried: they wait, as they were given last, until it is confirmed."""

    good: ClassVar[Answer] = "accepted"

    async def put_in(
        self, tx: Transaction, sheet: Sheet, report: Any, entries: Sequence[Any]
    ) -> tuple[int, Mapping[str, int]]:
        """None of them goes in; those that are still open are put right."""
        tables, kind, found = self.imports.tables, self.imports.kinds[sheet.kind], self.found(report)
        still = await tables.rows.find_open(tx, self.origin.id, [kind.row_of(each) for each in entries])
        if not still:
            return 0, {}
        origin = await self.lock_origin(tx, still)
        given = (await tables.rows.list_by_number(tx, self.record.id, still)).values()
        await tables.rows.upsert_given(
            tx, [self._kept(each, findings_as_json(found.get(each.row, ()))) for each in given]
        )
        await tables.update_repaired(tx, origin.id, report_after(type(report), origin.report, still, found, {}), 0)
        return 0, {}

    async def keep_refused(self, tx: Transaction, rows: Sequence[KeptRow]) -> None:
        await self.imports.tables.rows.upsert_given(tx, [replace(each, repaired_by=self.record.id) for each in rows])

    def _kept(self, given: KeptRow, findings: list[dict[str, str]]) -> KeptRow:
        return replace(given, origin=self.origin.id, state="mended", findings=findings, repaired_by=self.record.id)


def _summary(report: Report) -> dict[str, Any]:
    """`rows` keep the order of what is said, which the database does not."""
    rows = {str(row): list(said.items()) for row, said in islice(report.stored(), SHOWN_ROWS)}
    return report.summary() | {"rows": rows}
