"""Rows given again on their way in (更正的行): judged like any sheet's, in as rows of the first import, which then says what is still open."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from libs.common.database import Transaction
from libs.common.imports.model import ImportRecord, Sheet
from libs.common.imports.report import Report
from libs.common.imports.rows import KeptRow, findings_as_json
from libs.common.imports.schemas import Answer
from libs.common.imports.taking import PORTION, Taking
from libs.common.problems import Conflict
from libs.common.sheets import Finding, Table


class RowsGone(Conflict):
    title = "有的行已不在 Some rows are gone"


Found = Mapping[int, Sequence[Finding]]


@dataclass
class Mending(Taking):
    """`origin` is the import whose rows they are."""

    origin: ImportRecord
    good: ClassVar[Answer] = "stored"

    async def read(self) -> tuple[Sheet, Table]:
        """The rows as they were given, on disk."""
        async with self.context.database.reading() as tx:
            rows, columns = await self.opened(self._given(tx))
        return self.sheet(io.BytesIO()), Table(0, tuple(columns), rows, {})

    def _given(self, tx: Transaction) -> AsyncIterator[list[KeptRow]]:
        return self.imports.tables.rows.list_portions(tx, self.record.id, "given", PORTION)

    async def put_in(
        self, tx: Transaction, sheet: Sheet, report: Any, entries: Sequence[Any]
    ) -> tuple[int, Mapping[str, int]]:
        """Of these entries those whose rows are still open: a row that was put right twice counts once."""
        tables, kind = self.imports.tables, self.imports.kinds[sheet.kind]
        still = await tables.rows.find_open(tx, self.origin.id, [kind.row_of(each) for each in entries])
        entries = [each for each in entries if kind.row_of(each) in still]
        if not entries:
            return 0, {}
        ready = await kind.prepare(tx, sheet, report, entries)
        origin = await self.lock_origin(tx, still)
        done = await kind.write(tx, sheet, report, entries, ready, replace(origin, by=self.record.by))
        await tables.rows.update_repaired(tx, origin.id, self.record.id, still)
        said = report_after(type(report), origin.report, still, self.found(report), done)
        await tables.update_repaired(tx, origin.id, said, sum(state == "refused" for state in still.values()))
        return len(entries), done

    async def lock_origin(self, tx: Transaction, still: Mapping[int, str]) -> ImportRecord:
        """The first import, whose rows these are and stay meanwhile; raises RowsGone."""
        await self.imports.tables.lock_record(tx, self.origin.id)
        if await self.imports.tables.rows.lock_open(tx, self.origin.id, still) != still:
            raise RowsGone("有的行刚被删除，请再交一次 Some of the rows are just gone: give the others again.")
        return await self.imports.get(tx, self.origin.id)

    async def keep(self, report: Report) -> None:
        """What comes back again stays with the first import."""

    async def settle(self, tx: Transaction, report: Report) -> dict[str, Any]:
        """Rows that were refused again are kept as they were given last; each row is answered."""
        tables, found, refused = self.imports.tables, self.found(report), report.refused_rows
        await tables.lock_record(tx, self.origin.id)
        async for portion in self._given(tx):
            await self.keep_refused(tx, [_again(each, self.origin, found) for each in portion if each.row in refused])
        await self._tell_origin(tx, refused, found)
        repaired = await tables.rows.list_repaired(tx, self.origin.id, self.record.id)
        answers = dict.fromkeys(self.record.report.get("already", ()), "already")
        for row in report.table.rows:
            answers[row.number] = (
                self.good if row.number in repaired else "refused" if row.number in refused else "already"
            )
        return _summary(answers, found, self.good)

    async def keep_refused(self, tx: Transaction, rows: Sequence[KeptRow]) -> None:
        """Rows that were refused again."""
        await self.imports.tables.rows.upsert_refused(tx, rows)

    async def _tell_origin(self, tx: Transaction, refused: frozenset[int], found: Found) -> None:
        origin = await self.imports.get(tx, self.origin.id)
        before = origin.report.get("findings", {})
        told = {str(row): findings_as_json(found.get(row, ())) for row in refused if str(row) in before}
        said = origin.report | {"findings": before | told}
        await self.imports.tables.update_repaired(tx, origin.id, said, 0)

    def found(self, report: Report) -> Found:
        """Without what only the whole file can say."""
        whole = self.imports.kinds[self.record.kind].form.whole
        return {row: [each for each in found if each.code not in whole] for row, found in report.findings.items()}


def report_after(
    kind: type[Report], said: Mapping[str, Any], still: Mapping[int, str], found: Found, done: Mapping[str, int]
) -> dict[str, Any]:
    """An import's report when these of its rows, open until now, are in; one that has failed had told of none."""
    refused = sum(state == "refused" for state in still.values())
    odd = {row: findings_as_json(found[row]) for row in still if kind.has_warning(found.get(row, ()))}
    told = {row: each for row, each in said.get("findings", {}).items() if int(row) not in still}
    counts = {name: said.get(name, 0) + count for name, count in done.items()}
    return {
        **said,
        **counts,
        "accepted": said.get("accepted", 0) + refused,
        "refused": max(0, said.get("refused", 0) - refused),
        "flagged": max(0, said.get("flagged", 0) - (len(still) - refused)) + len(odd),
        "repaired": said.get("repaired", 0) + len(still),
        "findings": told | {str(row): each for row, each in odd.items()},
    }


def _again(given: KeptRow, origin: ImportRecord, found: Found) -> KeptRow:
    return replace(given, origin=origin.id, state="refused", findings=findings_as_json(found.get(given.row, ())))


def _summary(answers: Mapping[int, str], found: Found, good: Answer) -> dict[str, Any]:
    """What the import of rows given again says of them."""
    counted = list(answers.values())
    odd = [row for row, answer in answers.items() if answer == good and found.get(row)]
    return {
        "total_rows": len(answers),
        "accepted": counted.count(good),
        "refused": counted.count("refused"),
        "flagged": len(odd),
        "findings": {str(row): findings_as_json(found[row]) for row in sorted(answers) if found.get(row)},
        "answers": {str(row): answer for row, answer in sorted(answers.items())},
    }
