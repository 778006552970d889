"""What retention does by itself: it states what was promised beside what was kept, soon after either has changed."""

from __future__ import annotations

from libs.common.service import ServiceContext
from libs.common.workers import keep_stated
from services.retention.operations.promises import state_due


async def state_promises(context: ServiceContext) -> None:
    """Background: firm by firm; killed in between, what was due is still due."""
    await keep_stated(state_due, context)
