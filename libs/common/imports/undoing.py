"""An import on its way back (撤回中): portion by portion, each whole or not at all, from where it has got, as on its way in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from libs.common.database import Transaction
from libs.common.faults import is_transient
from libs.common.imports.flow import Imports
from libs.common.imports.model import ImportRecord
from libs.common.imports.taking import PAUSE_SECONDS
from libs.common.problems import Problem, Unexpected
from libs.common.service import ServiceContext
from libs.common.telemetry import log


@dataclass
class Undoing:
    """One import that is taken back."""

    context: ServiceContext
    imports: Imports
    record: ImportRecord

    async def take_back(self) -> None:
        """To its end; what fails by a fault of ours ends here, and goes on when it is asked for again."""
        try:
            while await self._portion():  # noqa: ASYNC110  a pause, so that whoever waits has a turn
                await asyncio.sleep(PAUSE_SECONDS)
        except Problem as problem:
            await self._fail(problem)
        except Exception as error:
            if is_transient(error):
                raise
            log.error("undo_failed", number=str(self.record.id), exc_info=error)
            await self._fail(Unexpected("已记录，请联系管理员 It is logged: tell whoever runs this node."))

    async def _portion(self) -> bool:
        assert self.imports.undo
        async with self.context.database.transaction() as tx:
            return await self.imports.undo(tx, self.record.id)

    async def _fail(self, problem: Problem) -> None:
        async with self.context.database.transaction() as tx:
            await self._end(tx, problem)

    async def _end(self, tx: Transaction, problem: Problem) -> None:
        said = problem.body(f"/{self.imports.service}/v1/imports/{self.record.id}")
        await self.imports.tables.update_over(tx, self.record.id, "failed", problem=said)
