"""The people as officers see them and put them right: masked, by township, with reasons, on the version that was read."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.common.events.registry import LabourerRecorded, RegistryIndicatorsStated
from libs.common.events.retention import SituationChanged
from libs.common.masks import year_end
from libs.common.prepared_queries import PreparedQuery
from services.registry.app import SERVICE
from services.registry.routes import labourers
from services.registry.rules.people import PersonState
from services.registry.schemas import LabourerShown
from services.registry.store import people, people_lists
from services.registry.tables import person
from tests.integration.registry.files import TRUTH, WHY, YEAR_END, a_file, a_row, listed, send, send_bytes, told_by
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, assert_nothing_parked, client_of
from tests.support.telling import tell

LABOURERS = "/registry/v1/labourers"


async def test_names_are_masked_and_no_parameter_opens_them(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number(), "龙老大")), "a.csv")
        (masked,) = await listed(client)
        refused = await client.get(LABOURERS, params={"plain": True})
    assert (masked["name"], masked["number"], masked["phone"]) == ("龙**", a_number()[:6] + "*" * 12, "154********")
    assert not masked.keys() & {"age", "birth_date"}
    assert refused.status_code == 422


async def test_a_cadre_sees_the_own_township_and_nobody_else(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    rows = a_file(a_row(a_number()), a_row(a_number(order="003"), "吴老二", 乡="边城镇", 户编号="430002"))
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        await send_bytes(client, rows, "a.csv")
        everybody, own = await listed(client), await listed(cadre)
        other = next(row for row in everybody if row["township"] == "花垣镇")
        hidden = await cadre.get(f"{LABOURERS}/{other['id']}")
        counted = (await cadre.get("/registry/v1/identification")).json()
    assert [row["township"] for row in own] == ["边城镇"]
    assert hidden.status_code == 404
    assert [each["township"] for each in counted["townships"]] == ["边城镇"]


async def test_a_list_asks_for_some_people_by_their_ids_within_reach(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    rows = a_file(a_row(a_number()), a_row(a_number(order="003"), "吴老二", 乡="边城镇", 户编号="430002"))
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        await send_bytes(client, rows, "a.csv")
        everybody = await listed(client)
        ids = ",".join(row["id"] for row in everybody)
        asked = [(await who.get(LABOURERS, params={"ids": ids})).json()["items"] for who in (client, cadre)]
        one = (await client.get(LABOURERS, params={"ids": everybody[1]["id"], "employed": "false"})).json()["items"]
        refused = await client.get(LABOURERS, params={"ids": f"{ids},me"})
    assert [len(rows) for rows in asked] == [2, 1]
    assert [row["id"] for row in one] == [everybody[1]["id"]] or everybody[1]["employed"]
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/query/ids")


async def test_identification_is_counted_at_the_end_of_any_quarter(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send(client, "people")
        then, later = [
            (await client.get("/registry/v1/identification", params={"as_of": day})).json()
            for day in (YEAR_END, "2026-12-31")
        ]
        between = await client.get("/registry/v1/identification", params={"as_of": "2016-12-30"})
        async with client_of(context, "analyst") as analyst:
            rough = (await analyst.get("/registry/v1/identification", params={"as_of": YEAR_END})).json()
    truth = TRUTH["people-433124.xlsx"]
    assert (then["labourers"], then["reasons"], then["rule"]) == (
        truth["labourers"],
        truth["not_labourers_by_reason"],
        "v1",
    )
    assert {each["township"]: each["labourers"] for each in then["townships"] if each["labourers"]} == truth[
        "labourers_by_township"
    ]
    assert later["people"] == then["people"]
    assert later["reasons"]["age"] != then["reasons"]["age"]
    assert between.status_code == 422
    assert all(count % 5 == 0 for count in (rough["people"], rough["labourers"], *rough["reasons"].values()))
    assert abs(rough["labourers"] - then["labourers"]) <= 2 * len(then["townships"])


async def test_one_person_comes_with_every_ground_and_its_fact(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number("20010101"), 在校生状况="普通高中一年级", 文化程度="")), "a.csv")
        (row,) = await listed(client)
        shown = (await client.get(f"{LABOURERS}/{row['id']}")).json()
        plain = (await client.post(f"{LABOURERS}/{row['id']}/reveal", json={**WHY, "as_of": YEAR_END})).json()
    grounds = {reason["code"]: (reason["holds"], reason["zh"]) for reason in shown["identification"]}
    assert grounds["age"] == (False, "年龄不在 16–59 岁之间")
    assert (plain["age"], plain["identification"][0]["zh"]) == (15, "2016-12-31 满 15 岁，不在 16–59 岁之间")
    assert grounds["in_school"] == (False, "在校生状况：普通高中一年级")
    assert grounds["unable"][0]
    assert plain["labourer_on_day"] is shown["labourer"] is False


async def test_a_correction_needs_the_version_that_was_read_and_is_told_to_everybody(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number())), "a.csv")
        assert len(await told_by(context, RegistryIndicatorsStated)) == 1
        (row,) = await listed(client)
        path = f"{LABOURERS}/{row['id']}"
        etag = (await client.get(path)).headers["etag"]
        body = {"ability": "丧失劳动力", "work_place": "04", "channel": "自主就业", "on": "2017-03-20"}
        nothing, stale = (
            await client.patch(path, json=body),
            await client.patch(path, json=body, headers={"If-Match": '"v9"'}),
        )
        changed = await client.patch(path, json=body, headers={"If-Match": etag})
        again = await client.patch(path, json=body, headers={"If-Match": etag})
    assert (nothing.status_code, stale.status_code, changed.status_code, again.status_code) == (428, 412, 200, 412)
    assert (changed.json()["labourer"], changed.json()["reasons"], changed.json()["work_place"]) == (
        False,
        ["unable"],
        "04",
    )
    event = (await told_by(context, LabourerRecorded))[-1]
    assert (event.labourer, event.reasons, event.work_place, event.on) == (False, ("unable",), "04", date(2017, 3, 20))
    figures = [(each.as_of, each.figures["labourers"]) for each in await told_by(context, RegistryIndicatorsStated)]
    assert figures == [(date(2016, 12, 31), 1), (date(2017, 3, 20), 0)]


async def test_a_correction_outside_the_lists_is_refused_by_pointer(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number())), "a.csv")
        (row,) = await listed(client)
        body = {"ability": "很能干", "health": ["健康", "感冒"], "phone": "123", "work_place": "05"}
        answer = await client.patch(f"{LABOURERS}/{row['id']}", json=body, headers={"If-Match": '"v1"'})
        unknown = await client.patch(f"{LABOURERS}/{row['id']}", json={"shoe_size": 41}, headers={"If-Match": '"v1"'})
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/ability", "/health/1", "/phone", "/work_place"}
    assert [error["pointer"] for error in unknown.json()["errors"]] == ["/shoe_size"]


async def test_where_somebody_works_follows_what_retention_reports_each_on_its_own_day(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number())), "a.csv")
        (row,) = await listed(client)
        begun = SituationChanged(person=row["id"], work_place="04", channel="帮扶就业", since=date(2017, 5, 8))
        home = SituationChanged(person=row["id"], work_place=None, since=date(2017, 7, 15))
        await tell(context, home, service="retention")
        await tell(context, begun, begun, service="retention")
        seen = {
            day: (await listed(client, as_of=day))[0]["work_place"]
            for day in ("2017-05-07", "2017-05-08", "2017-07-14", "2017-07-15")
        }
        working = await listed(client, employed=True, as_of="2017-06-01")
    assert seen == {"2017-05-07": None, "2017-05-08": "04", "2017-07-14": "04", "2017-07-15": None}
    assert [each["id"] for each in working] == [row["id"]]
    figures = {each.as_of: each.figures["employed"] for each in await told_by(context, RegistryIndicatorsStated)}
    assert figures == {date(2016, 12, 31): 0, date(2017, 5, 8): 1, date(2017, 7, 15): 0}
    assert (await told_by(context, LabourerRecorded))[-1].employed is False
    await assert_nothing_parked(context)


async def test_pages_hold_everybody_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send(client, "people", "433124")
        rows = await listed(client, limit=97)
        nonsense = await client.get(LABOURERS, params={"after": "MQ"})
    assert len({row["id"] for row in rows}) == len(rows) == TRUTH["people-433124.xlsx"]["accepted"]
    assert nonsense.status_code == 422


async def test_what_is_not_checked_again_is_what_checking_would_give(nodes: Nodes) -> None:
    """Rows of pages take two short cuts: questions put together once, and models of values that the store has typed."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        (await send(client, "people")).raise_for_status()
    async with context.database.reading() as tx:
        rows = await people_lists.list_people(tx, date(2016, 12, 31))
        whole = people.states_of(PersonState).order_by(person.c.id)
        day = {"as_of": date(2016, 12, 31)}
        assert [tuple(row) for row in await tx.ask(PreparedQuery[Any](whole), **day)] == [
            tuple(row) for row in await tx.execute(whole, day)
        ]
    today = context.node.today()
    for row in rows:
        shown = labourers.show_masked(row, context.node.vault, today, year_end(today))
        assert shown.model_dump() == LabourerShown(**vars(shown)).model_dump()
