"""What the registry does by itself: files are taken in, tokens are made, rounds get their lists, whoever has changed is judged."""

from __future__ import annotations

import asyncio
from functools import partial

from libs.common.imports.worker import take_imports_in
from libs.common.service import ServiceContext
from libs.common.workers import in_portions
from services.registry.operations.imports import IMPORTS
from services.registry.operations.quality import judge_due
from services.registry.operations.round_listing import list_portion, sum_up
from services.registry.operations.searching import fill_tokens

# So many people in a transaction: nobody waits long for one of them.
PORTION = 500
# Writers make the tokens of whom they write: this is for those of before.
LOOK_SECONDS = 60.0


async def fill_search_index(context: ServiceContext) -> None:
    """Background, in portions: killed at any time it goes on where it was."""
    while True:
        async with context.database.transaction() as tx:
            filled = await fill_tokens(tx, PORTION)
        if not filled:
            await asyncio.sleep(LOOK_SECONDS)


async def take_imports(context: ServiceContext) -> None:
    """Background: people and wishes files, one after the other."""
    await take_imports_in(context, IMPORTS)


# How often somebody looks whether a round was opened, and how often the differences of its figures are summed up.
ROUND_SECONDS = 2.0
SUM_SECONDS = 60.0


async def list_rounds(context: ServiceContext) -> None:
    """Background: draws up the lists of rounds, and keeps their figures few rows."""
    clock = asyncio.get_running_loop().time
    summed = clock()
    while True:
        await draw_up(context)
        if clock() - summed > SUM_SECONDS:
            async with context.database.transaction() as tx:
                await sum_up(tx)
            summed = clock()
        await asyncio.sleep(ROUND_SECONDS)


async def draw_up(context: ServiceContext) -> None:
    """Whatever list is not whole, portion by portion, until nothing can be done at once."""
    await in_portions(context, partial(list_portion, portion=PORTION))


# So many changes in a transaction: some tens of milliseconds of judging.
JUDGED_AT_ONCE = 100


async def judge_quality(context: ServiceContext) -> None:
    """Background, in portions: who has changed is judged by the rules of data quality."""
    while True:
        async with context.database.transaction() as tx:
            judged = await judge_due(tx, JUDGED_AT_ONCE)
        if not judged:
            await asyncio.sleep(context.settings.restate_seconds)
