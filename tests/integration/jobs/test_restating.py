"""Figures are stated beside the change, by the background work of the service."""

from __future__ import annotations

import asyncio

from libs.common.events.jobs import JobsIndicatorsStated
from services.jobs.app import SERVICE
from tests.integration.jobs.test_imports import announced_by, import_file
from tests.support.eventually import eventually
from tests.support.nodes import Nodes, client_of


async def test_the_background_work_states_what_has_changed(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    (work,) = SERVICE.background
    task = asyncio.create_task(work(context))

    async def stated() -> int:
        return sum(kind == JobsIndicatorsStated.TYPE for kind, _ in await announced_by(context))

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
