"""Whoever keeps a firm's code hears that two of its entries are one: matching, the registry and retention of the same node."""

from __future__ import annotations

from sqlalchemy import text

from libs.common.access.reach import SERVICE as EVERYTHING
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE as JOBS
from services.matching.app import SERVICE as MATCHING
from services.registry.app import SERVICE as REGISTRY
from services.retention.app import SERVICE as RETENTION
from tests.integration.jobs.test_employers import FIRM, OTHER, TODAY, act, enter, offer
from tests.support.nodes import Nodes, carry, client_of

KEPT = (("matching", "vacancies"), ("registry", "post"), ("retention", "vacancy"))


async def codes_in(context: ServiceContext, table: str) -> list[str]:
    async with context.database.transaction() as tx:
        assert tx.reach == EVERYTHING
        found = await tx.execute(text(f"SELECT employer_uscc FROM {context.service.name}.{table}"))
        return sorted(row.employer_uscc for row in found)


async def test_vacancies_of_the_entry_that_goes_are_the_other_ones_everywhere(nodes: Nodes) -> None:
    jobs = await nodes.open(JOBS, "n440300")
    others = {each.name: await nodes.open(each, "n440300") for each in (MATCHING, REGISTRY, RETENTION)}
    async with client_of(jobs) as client:
        stays = await enter(client)
        await enter(client, OTHER)
        for uscc in (FIRM, OTHER, OTHER):
            vacancy = await offer(client, uscc)
        await client.post(f"/jobs/v1/vacancies/{vacancy}/withdraw", json={"reason": "已招满", "on": TODAY})
        await carry(jobs, *others.values())
        for service, table in KEPT:
            assert await codes_in(others[service], table) == sorted([FIRM, OTHER, OTHER])
        merged = await act(client, stays["id"], "merge", goes=OTHER, reason="旧注册号", on=TODAY)
        assert merged.status_code == 200
        await carry(jobs, *others.values())
    for service, table in KEPT:
        assert await codes_in(others[service], table) == [FIRM] * 3
