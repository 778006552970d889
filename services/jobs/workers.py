"""What jobs does by itself: sheets of employers and vacancies are taken in."""

from __future__ import annotations

from libs.common.imports.worker import take_imports_in
from libs.common.service import ServiceContext
from services.jobs.operations.imports import IMPORTS


async def take_imports(context: ServiceContext) -> None:
    """Background: one sheet after the other."""
    await take_imports_in(context, IMPORTS)
