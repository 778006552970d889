"""What jobs does by itself: states its figures when they have changed."""

from __future__ import annotations

from libs.common.service import ServiceContext
from libs.common.workers import keep_stated
from services.jobs.operations.announcing import restate_figures


async def keep_figures_stated(context: ServiceContext) -> None:
    await keep_stated(restate_figures, context)
