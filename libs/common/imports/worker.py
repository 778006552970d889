"""The worker takes imports in (后台导入): one after the other, portion by portion, each portion whole or not at all.

Whoever is killed amid a file reads and judges it again and goes on behind the last portion that is in: where that is stands in
the portion's own transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from libs.common.faults import is_transient
from libs.common.imports.flow import HINT, Imports
from libs.common.imports.mending import Mending
from libs.common.imports.model import TRIED, TRYING, UNDOING, ImportRecord
from libs.common.imports.taking import GoneOn, Taking
from libs.common.imports.trying import MendingTrial, Trying
from libs.common.imports.undoing import Undoing
from libs.common.problems import Problem, Unexpected
from libs.common.service import ServiceContext
from libs.common.telemetry import log

LOOK_SECONDS = 5.0
# A file that ends its reader, or the process, so often without getting on is no file to be tried again.
MOST_ATTEMPTS = 5


class TriedTooOften(Problem):
    status = 422
    title = "多次处理失败 It failed again and again"


async def take_imports_in(context: ServiceContext, imports: Imports) -> None:
    """Until cancelled; one worker of a service at a time."""
    connection = await context.database.connect_raw()
    told = asyncio.Event()
    try:
        query = "SELECT pg_try_advisory_lock(hashtext('imports'), hashtext($1))"
        while not await connection.fetchval(query, context.database.schema):  # noqa: ASYNC110  the holder may be another process
            await asyncio.sleep(LOOK_SECONDS)
        await connection.add_listener(context.database.channel(HINT), lambda *_: told.set())
        while True:
            told.clear()
            if not await take_next_in(context, imports):
                await _told_within(told, LOOK_SECONDS)
    finally:
        connection.terminate()


async def _told_within(told: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(told.wait(), seconds)
    except TimeoutError:
        return


async def take_next_in(context: ServiceContext, imports: Imports) -> bool:
    """The oldest import that is not over, to its end; False where there is none."""
    async with context.database.transaction() as tx:
        number = await imports.tables.find_next(tx)
        if number is None:
            return False
        attempts = await imports.tables.update_begun(tx, number)
        record = await imports.get(tx, number)
        origin = await imports.get(tx, record.repairs) if record.repairs else None
    if record.state == UNDOING and imports.undo:
        undoing = Undoing(context, imports, record)
        await _finish(number, "undo", undoing.take_back(), undoing.fail)
    else:
        taking = _taking(context, imports, record, origin)
        await _finish(number, "import", _take_in(taking, attempts), taking.fail)
    return True


def _taking(context: ServiceContext, imports: Imports, record: ImportRecord, origin: ImportRecord | None) -> Taking:
    """How it goes in: a file or rows of one, at once or tried first."""
    if origin:
        return (MendingTrial if origin.state == TRIED else Mending)(context, imports, record, origin)
    return (Trying if record.state == TRYING else Taking)(context, imports, record)


async def _take_in(taking: Taking, attempts: int) -> None:
    if attempts > MOST_ATTEMPTS:
        raise TriedTooOften("请拆分或另存文件后再传 Split the file or save it anew, and send it again.")
    await taking.take_in()


async def _finish(number: UUID, what: str, work: Awaitable[None], fail: Callable[[Problem], Awaitable[None]]) -> None:
    """To its end, which is a failure where it cannot go on; what is transient is tried again by whoever watches over the worker."""
    try:
        await work
    except GoneOn:
        log.info(f"{what}_left", number=str(number))
    except Problem as problem:
        await fail(problem)
    except Exception as error:
        if is_transient(error):
            raise
        log.error(f"{what}_failed", number=str(number), exc_info=error)
        await fail(Unexpected("已记录，请联系管理员 It is logged: tell whoever runs this node."))
