"""A person forgotten: by two officers, through every service, journal and letter of the node, at the cities; and nothing late brings anybody back."""

from __future__ import annotations

import json
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.erasing import broker_settings
from libs.common.events.matching import IntroductionAgreed
from libs.common.events.registry import CardSealed, LabourerErased, LabourerRecorded
from libs.common.events.retention import SituationChanged
from libs.common.service import ServiceContext
from services.matching.app import SERVICE as MATCHING
from services.registry.app import SERVICE
from services.retention.app import SERVICE as RETENTION
from tests.integration.registry.files import a_file, a_row, listed, send_bytes, told_by
from tests.integration.registry.test_imports import a_number
from tests.integration.registry.test_withdrawals import rows, sent_by_now
from tests.support.nodes import Nodes, announced, assert_nothing_parked, carry, client_of, token_of
from tests.support.telling import a_labourer, a_vacancy, tell

WHY = {"reason": "person_asked", "reference": "申请 2017-06-12 第 3 号"}
JUNE = date(2017, 6, 13)


def second(context: ServiceContext) -> dict[str, str]:
    home = context.node
    return {
        "Authorization": f"Bearer {home.signer.issue(home.clock.now(), subject='officer-2', role='officer', regions=[home.code])}"
    }


async def erase(context: ServiceContext, person: str) -> dict[str, Any]:
    path = f"/registry/v1/labourers/{person}/erase"
    async with client_of(context) as client:
        asked = await client.post(path, json=WHY)
        assert (asked.status_code, asked.json()["state"]) == (202, "requested"), asked.text
        done = await client.post(f"{path}/approve", json={"on": str(JUNE)}, headers=second(context))
    assert done.status_code == 200, done.text
    return dict(done.json())


async def report(context: ServiceContext, person: str) -> dict[str, Any]:
    async with client_of(context) as client:
        return dict((await client.get(f"/registry/v1/labourers/{person}/erase")).json())


async def a_person(context: ServiceContext, name: str = "麻老石", order: str = "001", **cells: str) -> str:
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number(order=order), name, **cells)), "a.csv")
        return str((await listed(client))[-1]["id"])


async def test_nothing_of_the_person_is_left_in_any_column_and_the_others_stay(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    one, other = await a_person(context), await a_person(context, "龙大妹", "002")
    async with client_of(context) as client:
        tag = (await client.get(f"/registry/v1/labourers/{one}")).headers["etag"]
        await client.patch(f"/registry/v1/labourers/{one}", json={"phone": "15400000009"}, headers={"If-Match": tag})
        said = {"on": "2017-05-20", "found": "changed", "wish": {"willing": True}}
        await client.post(f"/registry/v1/labourers/{one}/visits", json=said)
        await client.post(f"/registry/v1/labourers/{one}/departures", json={"way": "dead", "on": "2017-06-01"})
    await announced(context)
    await sent_by_now(context)
    told = await erase(context, one)
    gone = {(part["service"], part["table"]): part["rows"] for part in told["erased"]}
    assert gone["registry", "change"] == 2
    assert {gone["registry", table] for table in ("person", "situation", "wish", "visit", "departure")} == {1}
    assert gone["registry", "journal"] >= 2
    await said_nowhere(
        context, one, but={"erasure", "erasure_part", "outbox", "journal", "audit", "sync_row", "round_person"}
    )
    async with client_of(context) as client:
        assert [row["id"] for row in await listed(client)] == [other]
        assert (await client.get(f"/registry/v1/labourers/{one}")).status_code == 404
    assert [event.person for event in await told_by(context, LabourerErased)] == [UUID(one)]
    assert UUID(one) not in [event.person for event in await told_by(context, LabourerRecorded)]


async def said_nowhere(context: ServiceContext, person: str, but: set[str]) -> None:
    """No table but those that keep the fact names the id; the blind index finds nobody."""
    async with context.database.reading() as tx:
        for table in context.service.metadata.sorted_tables:
            if table.name not in but:
                found = (
                    await tx.execute(
                        text(f"SELECT count(*) FROM {table.fullname} AS t WHERE position(:id IN t::text) > 0"),
                        {"id": person},
                    )
                ).scalar_one()
                assert found == 0, table.name


async def test_one_officer_alone_erases_nobody(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    one = await a_person(context)
    path = f"/registry/v1/labourers/{one}/erase"
    async with client_of(context) as client:
        assert (await client.post(f"{path}/approve", json={}, headers=second(context))).status_code == 404
        await client.post(path, json=WHY)
        refused = await client.post(f"{path}/approve", json={})
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:xieli:problem:second-officer-needed")
        assert len(await listed(client)) == 1
        cadre = {"Authorization": f"Bearer {token_of(context, 'cadre', ['433124:花垣镇'])}"}
        assert (await client.post(f"{path}/approve", json={}, headers=cadre)).status_code == 403
        assert (await client.post(path.replace(one, str(new_id())), json=WHY)).status_code == 404


@pytest.mark.parametrize("role", ["employer", "auditor", "analyst", "operator"])
async def test_no_other_role_asks_for_it(nodes: Nodes, role: str) -> None:
    context = await nodes.open(SERVICE)
    one = await a_person(context)
    async with client_of(context, role) as client:
        assert (await client.post(f"/registry/v1/labourers/{one}/erase", json=WHY)).status_code in (403, 404)


async def test_refused_rows_with_the_persons_number_go_and_others_stay(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    one = await a_person(context)
    async with client_of(context) as client:
        for order in ("001", "007"):  # good number, no name: refused, with the row as it came
            await send_bytes(
                client, a_file(a_row(a_number(order=order), ""), a_row(a_number(order="050"), "龙大妹")), "b.csv"
            )
    before = (await rows(context, "SELECT count(*) FROM import_row WHERE content IS NOT NULL AND state = 'refused'"))[
        0
    ][0]
    told = await erase(context, one)
    assert before == 2
    assert next(part["rows"] for part in told["erased"] if part["table"] == "import_row") == 1
    assert await rows(context, "SELECT count(*) FROM import_row WHERE state = 'refused'") == [(1,)]


async def test_through_all_services_and_the_city_and_the_report_is_complete_when_all_have_answered(
    nodes: Nodes,
) -> None:
    registry, matching, retention = [await nodes.open(one) for one in (SERVICE, MATCHING, RETENTION)]
    there, city = await nodes.open(SERVICE, "n440300"), await nodes.open(MATCHING, "n440300")
    contexts = (registry, matching, retention, there, city)
    one = await a_person(registry)
    await carry(*contexts)
    vacancy = a_vacancy()
    for context in (matching, city):
        await tell(context, vacancy, node="n440300", service="jobs")
    await introduce(matching, one, vacancy.vacancy)
    await carry(*contexts)
    assert await rows(there, "SELECT count(*) FROM guest") == [(1,)]
    assert (await erase(registry, one))["state"] == "under_way"
    await carry(*contexts)
    told = await report(registry, one)
    assert told["state"] == "complete", told
    assert {part["service"] for part in told["erased"]} == {"registry", "matching", "retention"}
    assert [(card["city"], card["erased_on"] is not None) for card in told["cities"]] == [("440300", True)]
    assert told["topics"][0]["gone_by"] > str(JUNE)
    assert await rows(there, "SELECT count(*) FROM guest") == [(0,)]
    assert (
        await rows(matching, "SELECT count(*) FROM people")
        == await rows(retention, "SELECT count(*) FROM person")
        == [(0,)]
    )
    assert await rows(matching, "SELECT declared FROM introductions") == [(None,)]
    assert "麻老石" not in json.dumps(told, ensure_ascii=False)


async def introduce(matching: ServiceContext, person: str, vacancy: UUID) -> None:
    """As far as consent, whether or not the person was willing when the file was written."""
    async with matching.database.transaction() as tx:
        await tx.execute(text("UPDATE people SET labourer = true, willing = true"))
    path = "/matching/v1/introductions"
    async with client_of(matching) as client:
        made = await client.post(path, json={"person": person, "vacancy": str(vacancy), "on": "2017-05-01"})
        assert made.status_code == 201, made.text
        for verb, body in (("offer", {}), ("agree", {"consent": "2017.1"})):
            done = await client.post(f"{path}/{made.json()['id']}/{verb}", json={"on": "2017-05-03", **body})
            assert done.status_code == 200, done.text


async def test_in_any_order_and_doubled_nothing_late_brings_the_person_back(nodes: Nodes) -> None:
    matching, retention = await nodes.open(MATCHING), await nodes.open(RETENTION)
    for order in permutations(range(3)):
        recorded = a_labourer()
        again = recorded.model_copy(update={"burden": 40})
        news = [recorded, LabourerErased(person=recorded.person, on=JUNE), again]
        for number in (*order, *order):
            for context in (matching, retention):
                await tell(context, news[number])
    assert (
        await rows(matching, "SELECT count(*) FROM people")
        == await rows(retention, "SELECT count(*) FROM person")
        == [(0,)]
    )
    assert await rows(matching, "SELECT count(*) FROM erased_people") == [(6,)]
    await assert_nothing_parked(matching, retention)


async def test_late_news_of_an_erased_person_seals_no_card_and_parks_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    one = UUID(await a_person(context))
    await erase(context, str(one))
    await tell(context, SituationChanged(person=one, work_place="03", channel=None, since=JUNE), service="retention")
    agreed = IntroductionAgreed(
        introduction=new_id(),
        county="433124",
        city="440300",
        vacancy=new_id(),
        on=JUNE,
        person=one,
        consent="2017.1",
        consent_on=JUNE,
    )
    await tell(context, agreed, service="matching")
    assert await told_by(context, CardSealed) == []
    assert await rows(context, "SELECT count(*) FROM person") == [(0,)]
    await assert_nothing_parked(context)
    assert len([event for event in await told_by(context, LabourerRecorded) if event.on >= JUNE]) == 0


@pytest.mark.parametrize(
    ("topic", "short"),
    [
        ("home.registry.labourer", True),
        ("to.n440300.registry.card", True),
        ("n433124__to.n440300.registry.card", True),
        ("public.jobs.vacancy", False),
        ("to.n440300.matching.introduction", False),
        ("public.matching.run", False),
    ],
)
def test_topics_that_tell_of_one_person_are_kept_for_a_short_time(topic: str, short: bool) -> None:
    assert bool(broker_settings(topic)) is short
