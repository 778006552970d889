"""An import on its way back (撤回中): portion by portion, each whole or not at all, from where it has got, as on its way in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from libs.common.imports.flow import Imports
from libs.common.imports.model import ImportRecord
from libs.common.imports.taking import PAUSE_SECONDS
from libs.common.problems import Problem
from libs.common.service import ServiceContext


@dataclass
class Undoing:
    """One import that is taken back."""

    context: ServiceContext
    imports: Imports
    record: ImportRecord

    async def take_back(self) -> None:
        """To its end."""
        while await self._portion():  # noqa: ASYNC110  a pause, so that whoever waits has a turn
            await asyncio.sleep(PAUSE_SECONDS)

    async def fail(self, problem: Problem) -> None:
        """It ends here, and goes on when it is asked for again."""
        async with self.context.database.transaction() as tx:
            said = problem.body(f"/{self.imports.service}/v1/imports/{self.record.id}")
            await self.imports.tables.update_over(tx, self.record.id, "failed", problem=said)

    async def _portion(self) -> bool:
        assert self.imports.undo
        async with self.context.database.transaction() as tx:
            return await self.imports.undo(tx, self.record.id)
