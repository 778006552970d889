"""What jobs does by itself: sheets are taken in, vacancies expire and come back; designations, checks, courses and fairs end with their day."""

from __future__ import annotations

import asyncio
from functools import partial

from libs.common.imports.worker import take_imports_in
from libs.common.service import ServiceContext
from libs.common.workers import in_portions
from services.jobs.operations.checks import settle_checks
from services.jobs.operations.courses import settle_courses
from services.jobs.operations.designations import end_designations_over
from services.jobs.operations.fairs import settle_fairs
from services.jobs.operations.imports import IMPORTS
from services.jobs.operations.pausing import settle_pauses

# A day begins once; whoever waits for its begin waits so long at most.
LOOK_SECONDS = 30.0


async def take_imports(context: ServiceContext) -> None:
    """Background: one sheet after the other."""
    await take_imports_in(context, IMPORTS)


async def watch_days(context: ServiceContext) -> None:
    """Background: what has expired is offered no more, what was blacklisted until yesterday is offered again."""
    while True:
        await settle_day(context)
        await asyncio.sleep(LOOK_SECONDS)


async def settle_day(context: ServiceContext) -> None:
    """Portion by portion until today finds nothing otherwise; killed at any time it goes on where it was."""
    for settle in (settle_pauses, end_designations_over, settle_checks, settle_courses, settle_fairs):
        await in_portions(context, partial(settle, on=context.node.today()))
