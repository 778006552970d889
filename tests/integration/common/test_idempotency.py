"""A kept answer belongs to one caller in one role: nobody else's key meets it, and nobody refused reads it."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import httpx
import pytest
from sqlalchemy import text

from libs.common.housekeeping import forget
from libs.common.service import ServiceContext
from tests.support.doors import application_of
from tests.support.nodes import Nodes
from tests.support.sample import SERVICE

BODY = {"name": "a", "number": 1}
WHO = {
    "officer": {"subject": "shi", "role": "officer"},
    "another officer": {"subject": "long", "role": "officer"},
    "the same name as an employer": {"subject": "shi", "role": "employer", "organisation": "91440300MA5D8C1X2T"},
    "the same name at another firm": {"subject": "shi", "role": "employer", "organisation": "91430100MA4L2C3X4B"},
    "a name that looks like two": {"subject": 'shi", "officer', "role": "officer"},
}


async def post(context: ServiceContext, who: dict[str, str], key: str = "k1") -> httpx.Response:
    home = context.node
    token = home.signer.issue(home.clock.now(), regions=[home.code], **who)  # type: ignore[arg-type]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application_of(context)), base_url="http://node"
    ) as client:
        return await client.post("/sample/v1/counts", json=BODY, headers=headers)


@pytest.mark.parametrize(("one", "other"), list(permutations(WHO, 2)))
async def test_two_callers_with_one_key_never_see_each_others_answers(nodes: Nodes, one: str, other: str) -> None:
    context = await nodes.open(SERVICE)
    first, second = await post(context, WHO[one]), await post(context, WHO[other])
    assert {first.status_code, second.status_code} == {201}
    assert "idempotent-replayed" not in second.headers
    assert first.json()["id"] != second.json()["id"]
    assert (await post(context, WHO[one])).json() == first.json()


async def test_whoever_may_not_create_does_not_read_what_was_created_under_another_role(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await post(context, WHO["officer"])
    assert (await post(context, {"subject": "shi", "role": "auditor"})).status_code == 403


async def test_a_key_is_free_again_after_some_days_whether_or_not_it_was_cleared_away(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    first = await post(context, WHO["officer"])
    await _age(context)
    second = await post(context, WHO["officer"])
    assert second.json()["id"] != first.json()["id"]
    assert (await post(context, WHO["officer"])).json() == second.json()
    await _age(context)
    await forget(context)
    async with context.database.reading() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM idempotency"))).scalar() == 0


async def _age(context: ServiceContext) -> None:
    async with context.database.transaction() as tx:
        await tx.execute(
            text("UPDATE idempotency SET created_at = created_at - CAST(:by AS interval)"),
            {"by": timedelta(days=3) + timedelta(seconds=1)},
        )
