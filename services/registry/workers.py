"""What the registry does by itself: files are taken in, and whoever has no tokens yet gets those to be found by."""

from __future__ import annotations

import asyncio

from libs.common.imports.worker import take_imports_in
from libs.common.service import ServiceContext
from services.registry.operations.imports import IMPORTS
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
