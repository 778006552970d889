"""Revoked tokens: what an operator takes away is gone at every service, for tokens issued before and not for those after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import httpx
import pytest
from sqlalchemy import text

from deploy.local.turning import turn_sign_key
from libs.common.housekeeping import forget
from libs.common.identity import Signer, Verifier
from libs.common.problems import Unauthenticated
from libs.common.revocations import refresh, revoke
from libs.common.service import ServiceContext, create_context
from libs.common.tokens import LONGEST
from services.console.app import SERVICE as CONSOLE
from services.jobs.app import SERVICE as JOBS
from tests.support.console import open_console
from tests.support.doors import application_of
from tests.support.nodes import Nodes, announced, client_of, hand_over


def token(context: ServiceContext, subject: str, ago: timedelta = timedelta(0)) -> str:
    home = context.node
    return home.signer.issue(home.clock.now() - ago, subject=subject, role="officer", regions=[home.code])


async def lists(context: ServiceContext, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application_of(context)), base_url="http://node", headers=headers
    ) as client:
        return (await client.get("/jobs/v1/vacancies")).status_code


async def test_a_closed_account_is_refused_by_every_service_with_the_tokens_it_had(nodes: Nodes) -> None:
    console, jobs = await open_console(nodes, "n440300"), await nodes.open(JOBS, "n440300")
    theirs, others = token(jobs, "officer", timedelta(seconds=5)), token(jobs, "officer-2", timedelta(seconds=5))
    assert [await lists(jobs, each) for each in (theirs, others)] == [200, 200]
    async with client_of(console, "operator") as operator:
        await operator.post("/console/v1/accounts/officer/close", json={"reason": "调离"})
    await hand_over([arrival for arrival, _ in await announced(console)], jobs)
    await refresh(jobs.database)
    assert [await lists(jobs, each) for each in (theirs, others)] == [401, 200]


async def test_the_state_is_read_again_only_when_it_has_changed_and_survives_a_restart(nodes: Nodes) -> None:
    context = await nodes.open(CONSOLE)
    old = token(context, "shi", timedelta(seconds=5))
    seen = await refresh(context.database)
    async with context.database.transaction() as tx:
        await revoke(tx, issuer=context.node.id, subject="shi")
    assert await refresh(context.database, seen) != seen
    with pytest.raises(Unauthenticated):
        context.node.verifier.verify(old, context.node.clock.now())
    context.node.verifier.revoked.clear()
    await refresh(context.database)
    with pytest.raises(Unauthenticated):
        context.node.verifier.verify(old, context.node.clock.now())
    later = context.node.clock.now() + timedelta(seconds=2)
    after = context.node.signer.issue(later, subject="shi", role="officer", regions=["433124"])
    assert context.node.verifier.verify(after, later).subject == "shi"


async def test_one_token_is_revoked_by_its_id_and_the_others_of_its_owner_live(nodes: Nodes) -> None:
    context = await nodes.open(CONSOLE)
    now = context.node.clock.now()
    lost, kept = token(context, "shi"), token(context, "shi")
    caller = context.node.verifier.verify(lost, now)
    async with context.database.transaction() as tx:
        await revoke(tx, issuer=caller.issuer, token_id=caller.token_id)
    await refresh(context.database)
    with pytest.raises(Unauthenticated):
        context.node.verifier.verify(lost, now)
    assert context.node.verifier.verify(kept, now).subject == "shi"


async def test_an_operator_revokes_a_token_by_its_id_and_a_holder_the_one_in_hand(nodes: Nodes) -> None:
    context = await open_console(nodes)
    first, second, kept = (token(context, "shi") for _ in range(3))
    ids = [context.node.verifier.verify(each, context.node.clock.now()).token_id for each in (first, second)]

    async def shows(bearer: str, method: str = "GET", path: str = "/console/v1/province") -> int:
        headers = {"Authorization": f"Bearer {bearer}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(application_of(context)), base_url="http://node", headers=headers
        ) as client:
            return (await client.request(method, path)).status_code

    assert await shows(kept, "DELETE", f"/console/v1/tokens/{ids[0]}") == 403
    async with client_of(context, "operator") as operator, client_of(context, "auditor") as auditor:
        assert (await operator.delete(f"/console/v1/tokens/{ids[0]}")).status_code == 204
        assert await shows(second, "DELETE", "/console/v1/tokens/own") == 204
        await refresh(context.database)
        assert [await shows(each) for each in (first, second, kept)] == [401, 401, 200]
        trail = (await auditor.get("/console/v1/audit?limit=2")).json()["items"]
    assert [(one["action"], one["actor"]) for one in trail] == [
        ("console.revoke_own", "shi"),
        ("console.revoke_token", "operator-1"),
    ]
    assert [one["entities"] for one in trail] == [[f"token:{ids[1]}"], [f"token:{ids[0]}"]]


async def test_a_revocation_is_forgotten_when_no_token_can_live_that_it_is_about(nodes: Nodes) -> None:
    context = await nodes.open(CONSOLE)
    async with context.database.transaction() as tx:
        await revoke(tx, issuer=context.node.id, subject="shi")
        await revoke(tx, issuer=context.node.id, subject="long")
        old = {"by": LONGEST + timedelta(minutes=3)}
        await tx.execute(text("UPDATE revocation SET until = until - CAST(:by AS interval) WHERE subject = 'shi'"), old)
    await forget(context)
    async with context.database.reading() as tx:
        assert (await tx.execute(text("SELECT subject FROM revocation"))).scalars().all() == ["long"]


async def test_a_running_service_takes_up_a_signing_key_that_has_turned(nodes: Nodes, tmp_path: Path) -> None:
    """Over HTTP, at a service that knows the turn by nothing but the file; it signs by the new key itself."""
    jobs = await nodes.open(JOBS, "n440300")
    keys = tmp_path / "keys"
    copytree(jobs.settings.keys, keys)
    turning = replace(jobs.node, signer=Signer.read("n440300", keys), verifier=Verifier.read("n440300", keys))
    running = create_context(JOBS, jobs.settings, turning)
    before = token(running, "shi")
    assert await lists(running, before) == 200
    turn_sign_key("n440300", keys)
    after = Signer.read("n440300", keys).issue(
        running.node.clock.now(), subject="shi", role="officer", regions=["440300"]
    )
    assert [await lists(running, each) for each in (after, before, token(running, "shi"))] == [200, 200, 200]
    turn_sign_key("n440300", keys)
    assert [await lists(running, each) for each in (token(running, "shi"), after, before)] == [200, 200, 401]
    await running.close()
