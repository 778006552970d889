"""Figures are stated beside the change, by the background work of the service."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from libs.common.events.jobs import JobsIndicatorsStated
from libs.common.workers import state_figures
from services.jobs.app import SERVICE
from tests.integration.jobs.test_imports import import_file
from tests.support.eventually import eventually
from tests.support.nodes import Nodes, client_of

_STATED = text("SELECT count(*) FROM outbox WHERE type = :type")


async def test_the_background_work_states_what_has_changed(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    task = asyncio.create_task(state_figures(context))

    async def stated() -> int:
        async with context.database.transaction() as tx:
            return int((await tx.execute(_STATED, {"type": JobsIndicatorsStated.TYPE})).scalar_one())

    async def more() -> bool:
        return await stated() > before

    try:
        async with client_of(context) as client:
            await import_file(client, "employers")
            await eventually(stated)
            before = await stated()
            await import_file(client, "vacancies")
            await eventually(more)
    finally:
        task.cancel()
