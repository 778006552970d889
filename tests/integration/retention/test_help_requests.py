"""Requests for help: asked by a person or for her, answered by the county, closed by who asked, read on record, gone with the person."""

from __future__ import annotations

from datetime import date

import httpx
from sqlalchemy import text

from libs.common.events.registry import LabourerErased
from services.retention.app import SERVICE
from tests.support.nodes import Nodes, client_of
from tests.support.telling import a_labourer, tell

HELP = "/retention/v1/help-requests"
SAID = "七月的工资还没有发，老板叫王大壮"


async def ask(client: httpx.AsyncClient, **more: str) -> httpx.Response:
    return await client.post(HELP, json={"category": "wage_arrears", "text": SAID, **more})


async def step(client: httpx.AsyncClient, one: str, verb: str, **body: str) -> httpx.Response:
    version = (await client.get(f"{HELP}/{one}")).headers.get("etag", '"v1"')
    return await client.post(f"{HELP}/{one}/{verb}", json=body or None, headers={"If-Match": version})


async def test_she_asks_the_county_answers_and_she_closes(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    person, other = a_labourer(), a_labourer(township="边城镇")
    await tell(context, person, other)
    herself = client_of(context, "labourer", subject=str(person.person))
    cadre = client_of(context, "cadre", regions=["433124:花垣镇"])
    beyond = client_of(context, "cadre", regions=["433124:边城镇"])
    async with herself as mine, cadre as near, beyond as far, client_of(context) as officer:
        asked = await ask(mine)
        one = asked.json()["id"]
        for_other = await ask(mine, person=str(other.person))
        nobody = await ask(officer)
        [listed] = (await near.get(HELP, params={"state": "open"})).json()["items"]
        hidden = [await far.get(f"{HELP}/{one}"), await step(far, one, "answer", answer="x")]
        early = await step(officer, one, "close")
        answered = await step(near, one, "answer", answer="已联系企业，八月五日前补发")
        stale = await officer.post(f"{HELP}/{one}/answer", json={"answer": "x"}, headers={"If-Match": '"v1"'})
        not_hers = await step(officer, one, "close")
        closed = await step(mine, one, "close")
        again = await step(near, one, "answer", answer="x")
        seen = (await mine.get(f"{HELP}/{one}")).json()
    assert (asked.status_code, for_other.status_code, nobody.status_code) == (201, 404, 422)
    assert nobody.json()["errors"][0]["pointer"] == "/person"
    assert (listed["id"], listed["by_person"], "text" in listed) == (one, True, False)
    assert [each.status_code for each in hidden] == [404, 404]
    assert (early.status_code, answered.status_code, stale.status_code) == (403, 200, 412)
    assert (not_hers.status_code, closed.status_code, again.status_code) == (403, 200, 409)
    assert (seen["state"], seen["text"], seen["answer"]) == ("closed", SAID, "已联系企业，八月五日前补发")


async def test_an_official_asks_for_her_and_what_was_written_is_sealed_and_goes_with_the_person(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    person = a_labourer()
    await tell(context, person)
    async with client_of(context) as officer:
        one = (await ask(officer, person=str(person.person))).json()["id"]
        early = await step(officer, one, "close")
        await step(officer, one, "answer", answer="已办")
        done = await step(officer, one, "close")
        async with context.database.reading() as tx:
            rows = (await tx.execute(text("SELECT h::text FROM help_request h"))).scalars().all()
            trail = (
                await tx.execute(text("SELECT persons FROM audit WHERE action = 'retention.show_help_request'"))
            ).all()
        await tell(context, LabourerErased(person=person.person, on=date(2017, 9, 1)))
        gone = await officer.get(f"{HELP}/{one}")
    assert (early.status_code, done.json()["state"], gone.status_code) == (409, "closed", 404)
    assert rows
    assert not any("王大壮" in row for row in rows)
    assert trail
