"""Two become one and two again, on real PostgreSQL: whatever hangs on either follows and goes back, nothing is lost on the way."""

from __future__ import annotations

import json
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from libs.common.events.registry import LabourerErased, LabourerRecorded, LabourersMerged, LabourersUnmerged
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from services.registry.operations.situations import change_situation
from services.registry.rules.comparing import TAKEN
from services.registry.store.merges import FOLLOWING, STAYING
from services.registry.tables import metadata
from tests.integration.registry.files import a_file, a_row, listed, send_bytes, told_by
from tests.integration.registry.phones import HUAYUAN, SYNC, Phone
from tests.integration.registry.rounds import ROUNDS, no_change, open_round, stands, total
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_duplicates import DUPLICATES
from tests.integration.registry.test_imports import a_number
from tests.integration.registry.test_quality import findings, judge
from tests.integration.registry.test_searches import found
from tests.support.nodes import WAITING, Nodes, client_of

MERGES = "/registry/v1/merges"


async def two(client: httpx.AsyncClient, place: int = 0) -> tuple[str, str]:
    """One man in two households under two numbers; ids in the order of entry."""
    home, other = f"43{place:02}01", f"43{place:02}02"
    birth = f"{1982 - place}{place % 12 + 1:02}{place % 28 + 1:02}"
    numbers = [a_number(birth, order) for order in ("001", "003")]
    rows = [
        a_row(numbers[0], "吴秀龙", 户编号=home, 务工所在地="省外", **{"务工时间（月）": "6"}),
        a_row(numbers[1], "吳秀龍", 户编号=other, 文化程度="高中", 成员联系电话="15400000003"),
    ]
    (await send_bytes(client, a_file(*rows), f"{place}.csv")).raise_for_status()
    (pair,) = (await client.get(DUPLICATES, params={"state": "open"})).json()["items"]
    return pair["one"]["id"], pair["other"]["id"]


async def pair_of(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(DUPLICATES)).json()["items"][0]
    return found


async def merged(
    client: httpx.AsyncClient, stays: str, *taken: str, pair: dict[str, Any] | None = None
) -> httpx.Response:
    pair = pair or (await client.get(DUPLICATES, params={"person": stays, "state": "open"})).json()["items"][0]
    said = {"decision": "same", "stays": stays, "taken": list(taken), "on": "2017-03-20", "reason": "同一人"}
    path, tag = f"{DUPLICATES}/{pair['id']}/decision", f'"v{pair["version"]}"'
    return await client.post(path, json=said, headers={"If-Match": tag})


async def unmerged(client: httpx.AsyncClient, merge: str) -> httpx.Response:
    return await client.post(f"{MERGES}/{merge}/undo", json={"reason": "实为两人", "on": "2017-04-01"})


async def visit(client: httpx.AsyncClient, one: str, on: str, **wish: Any) -> None:
    said = {"on": on, "found": "changed", "wish": {"willing": True, "destinations": ["440300"], **wish}}
    answer = await client.post(f"{LABOURERS}/{one}/visits", json=said)
    assert answer.status_code == 201, answer.text


async def rows_of(context: ServiceContext, *people: str) -> dict[str, list[str]]:
    """Everything that hangs on these people, without what only counts versions."""
    found: dict[str, list[str]] = {}
    async with context.database.transaction() as tx:
        for table in (*FOLLOWING, "person"):
            whose = "id" if table == "person" else "person"
            query = text(f"SELECT to_jsonb(t) - 'version' - 'as_of' FROM {table} t WHERE {whose} = ANY(:people)")
            rows = await tx.execute(query, {"people": [UUID(each) for each in people]})
            found[table] = sorted(json.dumps(row[0], ensure_ascii=False, sort_keys=True) for row in rows)
    return found


async def test_who_goes_is_the_one_who_stays_on_every_way_and_two_again_as_before(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=[HUAYUAN]) as cadre:
        stays, goes = await two(client)
        await visit(client, goes, "2017-02-20")
        await visit(client, stays, "2017-02-20", wage_expected=4000)
        await visit(client, goes, "2017-03-01", wage_expected=5000)
        phone = Phone(cadre)
        await phone.pull()
        before = await rows_of(context, stays, goes)
        homes = {each["id"]: each["household"] for each in await listed(client)}
        answer = await merged(client, stays, "number", "phone", "education", "name")
        assert answer.status_code == 200, answer.text
        merge = answer.json()["merge"]

        gone = await client.get(f"{LABOURERS}/{goes}")
        shown = (await client.get(f"{LABOURERS}/{stays}")).json()
        assert (gone.status_code, gone.json()["merged_into"]) == (410, f"{LABOURERS}/{stays}")
        assert [each["id"] for each in await listed(client)] == [stays]
        assert [each["id"] for each in await listed(client, departed="true")] == []
        assert (shown["education"], shown["visited"], shown["wish"]["wage_expected"]) == ("高中", "2017-03-01", 5000)
        visits = (await client.get(f"{LABOURERS}/{stays}/visits")).json()["items"]
        assert [each["visited"] for each in visits] == ["2017-03-01", "2017-02-20", "2017-02-20"]
        assert (await client.get(f"/registry/v1/households/{homes[goes]}")).json()["closed_on"] == "2017-03-20"
        await phone.pull()
        assert phone.people.keys() == {stays}
        told = await history(client, stays)
        assert {"merged", "number", "phone", "visit"} <= {each["field"] for each in told}
        assert next(each["after"] for each in told if each["field"] == "merged") == goes

        # By either number a file, a phone that is late and an event mean the one who stays.
        later = [
            a_row(a_number("19820101", order), "吴秀龙", 户编号="430001", 文化程度="大专", 与户主关系=kinship)
            for order, kinship in (("001", "其他"), ("003", "户主"))
        ]
        (await send_bytes(client, a_file(*later), "b.csv", as_of="2017-12-31")).raise_for_status()
        day = str(context.node.today())
        sent = {"kind": "visit", "id": str(uuid4()), "person": goes, "on": day, "found": "no_change"}
        (pushed,) = (await cadre.post(SYNC, json={"today": day, "mutations": [sent]})).json()["answers"]
        assert (pushed["state"], pushed["person"]) == ("applied", stays), pushed
        async with context.database.transaction() as tx:
            await change_situation(tx, UUID(goes), work_place="03", channel=None, since=context.node.today())
        shown = (await client.get(f"{LABOURERS}/{stays}")).json()
        assert (shown["education"], shown["work_place"]) == ("大专", "03")
        assert len(await listed(client)) == 1

        undone = await unmerged(client, merge)
        again = await unmerged(client, merge)
        assert (undone.status_code, undone.json()) == (200, again.json())
        later_told = undone.json()["later"]
        assert "education" in later_told
        assert any(each.startswith("visit:") for each in later_told)
        assert {each["id"]: each["household"] for each in await listed(client)} == homes
        after = await rows_of(context, stays, goes)
        theirs = await rows_of(context, goes)
        assert _plain(theirs["person"]) == _plain([each for each in before["person"] if goes in each])
        assert set(before["visit"]) < set(after["visit"])
        assert set(before["wish"]) <= set(after["wish"])
        assert len(after["visit"]) == len(before["visit"]) + 1
        await phone.pull()
        await phone.check()
        assert (await pair_of(client))["state"] == "different"
    events = [
        type(each).__name__ for kind in (LabourersMerged, LabourersUnmerged) for each in await told_by(context, kind)
    ]
    assert events == ["LabourersMerged", "LabourersUnmerged"]
    newest = {str(each.person): each for each in await told_by(context, LabourerRecorded)}
    assert (newest[goes].left, newest[goes].labourer) == (None, True)


async def two_names(context: ServiceContext, client: httpx.AsyncClient) -> tuple[str, str]:
    """Two records that no search finds alike, both at work, and an officer says that they are one; who stays is the first."""
    at_work = {"务工所在地": "省外", "务工时间（月）": "6"}
    rows = [
        a_row(a_number("19820615", "001"), "龙老大", **at_work),
        a_row(a_number("19820615", "003"), "石阿强", 户编号="430002", **{**at_work, "劳动技能": "丧失劳动力"}),
    ]
    (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    stays, goes = (
        each["id"] for each in sorted(await listed(client), key=lambda each: str(each["name"]), reverse=True)
    )
    (await client.post(DUPLICATES, json={"one": stays, "other": goes})).raise_for_status()
    return stays, goes


async def test_who_was_merged_is_found_by_the_old_name_and_number_as_who_they_are_now(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as elsewhere:
        stays, _ = await two_names(context, client)
        merge = (await merged(client, stays)).json()["merge"]
        terms = ("石阿强", "shiaqiang", a_number("19820615", "003"), "430002", "龙老大")
        assert [await found(client, each) for each in terms] == [[stays]] * len(terms)
        assert await found(elsewhere, "石阿强") == []
        (await unmerged(client, merge)).raise_for_status()
        assert stays not in await found(client, "石阿强")


async def test_what_a_round_and_the_office_know_of_who_goes_they_know_of_who_stays(nodes: Nodes) -> None:
    """A visit, a month's answer and an accepted finding count for the one person that both are, and go back with them."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        stays, goes = await two_names(context, client)
        quarter = await open_round(client, context)
        month = await open_round(client, context, kind="month", period="2017-04")
        (await no_change(client, quarter, goes)).raise_for_status()
        said = {"on": "2017-04-25", "still_there": True, "paid": "full", "on_time": True}
        (await client.put(f"{ROUNDS}/{month['id']}/labourers/{goes}/work", json=said)).raise_for_status()
        await judge(context)
        theirs = [each for each in await findings(client, person=goes) if each["rule"] == "unable_working"]
        tag = {"If-Match": f'"v{theirs[0]["version"]}"'}
        path = f"/registry/v1/quality/findings/{theirs[0]['id']}/accept"
        (await client.post(path, json={"reason": "已核实"}, headers=tag)).raise_for_status()
        answer = await merged(client, stays, "ability")
        assert answer.status_code == 200, answer.text
        await judge(context)
        for one in (quarter, month):
            assert {each: row["state"] for each, row in (await stands(client, one)).items()} == {
                stays: "settled",
                goes: "left",
            }
            assert await total(client, one) == (2, 1, 0, 1)
        assert (await findings(client, person=stays, state="accepted"))[0]["rule"] == "unable_working"
        (await unmerged(client, answer.json()["merge"])).raise_for_status()
        for one in (quarter, month):
            again = {each: row["state"] for each, row in (await stands(client, one)).items()}
            assert again == {stays: "open", goes: "settled"}


FACTS = ("visit", "wish", "correct", "work")
Step = tuple[str, int, int]


async def never_loses(context: ServiceContext, place: int, chance: Random) -> None:
    """Any facts of two, a merge with any choice, more facts, and two again."""
    before = [(chance.choice(FACTS), chance.randint(0, 1), chance.randint(1, 28)) for _ in range(chance.randint(0, 5))]
    since = [(chance.choice(FACTS), 0, chance.randint(1, 28)) for _ in range(chance.choice((0, 0, 1, 3)))]
    taken = [each for each in TAKEN if chance.random() < 0.3]
    first = chance.random() < 0.5
    async with client_of(context) as client:
        both = await two(client, place)
        for step in before:
            await _do(client, both, step)
        stood = [await rows_of(context, each) for each in both]
        stays, goes = both if first else both[::-1]
        answer = await merged(client, stays, *taken)
        assert answer.status_code == 200, answer.text
        one = await rows_of(context, stays, goes)
        for table in FOLLOWING:  # `work_place` says a word of its own, on the day of the merge
            added = len(one[table]) - len(stood[0][table]) - len(stood[1][table])
            assert added in ((0, 1) if table == "situation" and "work_place" in taken else (0,)), table
        for step in since:
            await _do(client, (stays, stays), step)
        undone = await unmerged(client, answer.json()["merge"])
        assert undone.status_code == 200, undone.text
        again = [await rows_of(context, each) for each in both]
    left = again[both.index(goes)], stood[both.index(goes)]
    for table in (*FOLLOWING, "person"):
        assert _plain(left[0][table]) == _plain(left[1][table]), table
    if not since:
        stayed = again[both.index(stays)], stood[both.index(stays)]
        for table in FOLLOWING:
            assert _plain(stayed[0][table]) == _plain(stayed[1][table]), table


def _plain(rows: list[str]) -> list[str]:
    """Without ids that another copy has, and nonces of what was sealed anew."""
    found = []
    for row in rows:
        said = json.loads(row)
        found.append(
            str({name: value for name, value in said.items() if name != "id" and not name.endswith("_sealed")})
        )
    return sorted(found)


async def _do(client: httpx.AsyncClient, both: tuple[str, ...], step: Step) -> None:
    kind, who, day = step
    path, on = f"{LABOURERS}/{both[who]}", f"2017-03-{day:02}"
    if kind == "visit":
        (await client.post(f"{path}/visits", json={"on": on, "found": "not_home"})).raise_for_status()
    elif kind == "wish":
        await visit(client, both[who], on, wage_expected=3000 + day)
    else:
        said = {"education": "大专"} if kind == "correct" else {"work_place": "02", "channel": "自主就业"}
        tag = (await client.get(path)).headers["etag"]
        (await client.patch(path, json={**said, "on": on}, headers={"If-Match": tag})).raise_for_status()


async def test_facts_before_a_merge_facts_since_and_undoing_it_lose_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    for seed in range(6):
        await never_loses(context, seed, Random(seed))


async def test_merged_twice_each_is_undone_in_its_turn_and_what_must_be_settled_is_said(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        first, second = await two(client)
        third = (await client.post(LABOURERS, json={
            "number": a_number("19820101", "005"), "name": "吴秀龙", "household_no": "430001", "kinship": "其他",
            "education": "初中", "ability": "普通劳动力", "health": ["健康"], "confirmed": True,
        })).json()["id"]  # fmt: skip
        inner = (await merged(client, second, pair=await pair_of(client))).json()["merge"]
        pairs = (await client.get(DUPLICATES, params={"person": third, "state": "open"})).json()["items"]
        assert {each["one"]["id"] for each in pairs} == {second}
        outer = (await merged(client, third, pair=pairs[0])).json()["merge"]
        assert (await client.get(f"{LABOURERS}/{first}")).json()["merged_into"] == f"{LABOURERS}/{third}"
        early = await unmerged(client, inner)
        assert (early.status_code, early.json()["merged_into"]) == (409, f"{LABOURERS}/{third}")
        assert (await unmerged(client, outer)).status_code == 200
        assert (await client.get(f"{LABOURERS}/{first}")).json()["merged_into"] == f"{LABOURERS}/{second}"
        assert (await unmerged(client, inner)).status_code == 200
        assert {each["id"] for each in await listed(client)} == {first, second, third}

        stated = (await client.post(DUPLICATES, json={"one": first, "other": third})).json()
        why = {"reason": "person_asked", "reference": "第 3 号"}
        (await client.post(f"{LABOURERS}/{first}/erase", json=why)).raise_for_status()
        refused = await merged(client, first, pair=stated)
        wrong = await merged(client, str(uuid4()), pair=stated)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "erasure")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/stays")


async def test_erasing_whoever_others_were_merged_into_erases_them_all_and_an_import_keeps_them(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, subject="officer-2") as other:
        stays, goes = await two(client)
        await visit(client, goes, "2017-03-01")
        await merged(client, stays)
        (sheet,) = (await client.get("/registry/v1/imports")).json()["items"]
        undone = (await client.post(f"/registry/v1/imports/{sheet['id']}/undo", headers=WAITING)).json()
        assert {each["person"]: each["reasons"] for each in undone["kept"]}[goes] == ["merged"]
        why = {"reason": "person_asked", "reference": "第 3 号"}
        (await client.post(f"{LABOURERS}/{stays}/erase", json=why)).raise_for_status()
        (await other.post(f"{LABOURERS}/{stays}/erase/approve", json={"on": "2017-06-13"})).raise_for_status()
        assert await listed(client) == []
    left = await rows_of(context, stays, goes)
    assert {table: rows for table, rows in left.items() if rows} == {}
    assert {str(each.person) for each in await told_by(context, LabourerErased)} == {stays, goes}


def test_every_table_of_a_person_follows_or_says_why_not() -> None:
    """Whoever adds one decides what a merge does with its rows."""
    named = {
        table.name for table in metadata.tables.values() if "person" in table.c or table.name in ("person", "reveal")
    }
    assert named == {*FOLLOWING, *STAYING}
