"""A person is told who looked; what was shown, corrected and handed on stands in the trail, and partners remember its ends."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from libs.common.audit.heads import state_once
from libs.common.events.audit import AuditHeadsStated
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.files import WHY, listed, revealed, told_by
from tests.integration.registry.test_cards import agree
from tests.support.nodes import Nodes, announced, assert_nothing_parked, client_of, hand_over
from tests.support.servers import connect_superuser
from tests.support.telling import tell


async def trail_of(context: ServiceContext) -> list[Any]:
    async with context.database.reading() as tx:
        return list((await tx.execute(text("SELECT * FROM audit ORDER BY place"))).all())


async def test_a_person_is_told_who_looked_for_what_and_when(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await agree(context)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as stranger:
        (row,) = await listed(client)
        path = f"/registry/v1/labourers/{row['id']}"
        await client.post(f"{path}/reveal", json=WHY)
        await client.post(f"{path}/reveal", json={})
        etag = (await client.get(path)).headers["etag"]
        await client.patch(path, json={"phone": "15400000002", "on": "2017-03-20"}, headers={"If-Match": etag})
        await revealed(client, context)
        first = (await client.get(f"{path}/accesses", params={"limit": 2})).json()
        rest = (await client.get(f"{path}/accesses", params={"limit": 2, "after": first["next"]})).json()
        hidden = await stranger.get(f"{path}/accesses")
    seen = [
        (each["action"], each["who"], each["purpose"], each["fields"][:1]) for each in first["items"] + rest["items"]
    ]
    assert seen == [
        ("registry.collect_reveals", "officer-1", "verification", ["name"]),
        ("registry.correct_labourer", "officer-1", "", ["phone"]),
        ("registry.reveal_labourer", "officer-1", "verification", ["name"]),
        ("registry.seal_card", "n440300", "introduction", ["name"]),
    ]
    assert rest["next"] is None
    assert hidden.status_code == 404


async def test_the_trail_holds_ids_and_reasons_and_no_name_number_or_phone(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await agree(context)
    async with client_of(context) as client:
        (plain,) = (await revealed(client, context)).values()
    rows = str(await trail_of(context))
    assert "registry.collect_reveals" in rows
    assert not [secret for secret in (plain["name"], plain["number"], plain["phone"]) if secret in rows]


async def test_reading_what_is_masked_leaves_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await agree(context)
    before = len(await trail_of(context))
    async with client_of(context) as client:
        (row,) = await listed(client)
        await client.get(f"/registry/v1/labourers/{row['id']}")
    assert len(await trail_of(context)) == before


async def test_partners_remember_where_chains_ended_and_see_one_that_was_cut(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    await agree(county)
    await state(county)
    await hand_over([one for one, _ in await announced(county)], city)
    connection = await connect_superuser(county.settings.database_url, "registry")
    await connection.execute(
        "ALTER TABLE audit DISABLE TRIGGER USER; DELETE FROM audit WHERE sequence = 1; UPDATE audit_head SET sequence = 1, hash = previous; UPDATE audit_seal SET records = 0"
    )
    await connection.close()
    await state(county)
    after = [one for one, _ in await announced(county) if one.envelope.type == AuditHeadsStated.TYPE]
    await hand_over(after[1:], city)
    await assert_nothing_parked(city)
    async with client_of(city, "auditor") as auditor, client_of(city) as officer:
        heads = (await auditor.get("/registry/v1/audit/heads", params={"node": "n433124"})).json()["items"]
        assert (await officer.get("/registry/v1/audit/heads")).status_code == 403
    assert [(each["service"], each["contradicts"]) for each in heads] == [("registry", True), ("registry", False)]


async def test_ends_that_the_partner_has_not_signed_are_remembered_by_nobody(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    await agree(county)
    await state(county)
    (stated,) = await told_by(county, AuditHeadsStated)
    await tell(city, stated, node="n433126")
    async with city.database.reading() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM witness"))).scalar() == 0
        assert (await tx.execute(text("SELECT count(*) FROM parked"))).scalar() == 1


async def state(context: ServiceContext) -> None:
    async with context.database.transaction() as tx:
        assert await state_once(tx, "registry")
