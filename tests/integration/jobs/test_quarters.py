"""Each quarter both sides sign the same figure: equal at once, or after a difference that names introductions and is settled by one side."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.database import new_id
from libs.common.events.retention import SpellReported, SpellStarted
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from tests.integration.jobs.test_agreements import AGREEMENTS, Party
from tests.integration.jobs.test_employers import FIRM
from tests.support.nodes import Nodes, announced, carry, hand_over
from tests.support.telling import tell

QUARTERS = "/jobs/v1/quarters"


@pytest.fixture
async def party(nodes: Nodes) -> Party:
    return Party(*[await nodes.open(SERVICE, node) for node in ("n370100", "n433124", "n433126")])


async def in_force(party: Party) -> str:
    made = await party.enter()
    await party.confirm(made["id"])
    return str(made["id"])


async def state(party: Party, agreement: str, quarter: str = "2017Q1", status: int = 201) -> dict[str, Any]:
    body = {"agreement": agreement, "county": "433124", "period": quarter, "on": "2017-07-05"}
    answer = await party.ask(party.city, "post", QUARTERS, json=body)
    assert answer.status_code == status, answer.text
    await party.carry()
    return dict(answer.json())


async def find(party: Party, office: ServiceContext, quarter: str = "2017Q1") -> dict[str, Any]:
    items = (await party.ask(office, "get", QUARTERS)).json()["items"]
    return next(each for each in items if each["period"] == quarter)


async def sign(party: Party, quarter: str = "2017Q1") -> dict[str, Any]:
    found = await find(party, party.county, quarter)
    answer = await party.ask(party.county, "post", f"{QUARTERS}/{found['id']}/sign", json={"on": "2017-07-10"})
    assert answer.status_code == 200, answer.text
    await party.carry()
    return await find(party, party.county, quarter)


async def accept(party: Party, office: ServiceContext, reference: UUID, reason: str = "added_late") -> httpx.Response:
    found = await find(party, office)
    body = {"reference": str(reference), "reason": reason, "on": "2017-07-12"}
    answer = await party.ask(office, "post", f"{QUARTERS}/{found['id']}/accept", json=body)
    await party.carry()
    return answer


async def entries(
    party: Party, office: ServiceContext, quarter: str = "2017Q1", **asked: Any
) -> set[tuple[str, int, str]]:
    found = await find(party, office, quarter)
    page = (await party.ask(office, "get", f"{QUARTERS}/{found['id']}/entries", params=asked)).json()
    return {(each["reference"], each["by"], each["held_by"]) for each in page["items"]}


async def of_one_side(office: ServiceContext, introduction: UUID, on: date) -> None:
    """A start of which only this side has heard."""
    facts = {"spell": new_id(), "introduction": introduction, "county": "433124", "city": "370100", "vacancy": new_id()}
    facts |= {"employer_uscc": FIRM, "start": on, "wage_fen": 400_000}
    city = office.node.id == "n370100"
    event = SpellStarted(**facts) if city else SpellReported(**facts)
    await tell(office, event, node="n370100", service="retention")


async def test_the_same_list_is_signed_and_every_node_reads_the_figure(party: Party, nodes: Nodes) -> None:
    province = await nodes.open(SERVICE, "n430000")
    agreement, one = await in_force(party), new_id()
    await party.start(one, date(2017, 2, 1))
    await party.start(new_id(), date(2017, 4, 1))
    stated = await state(party, agreement)
    assert (stated["state"], stated["turn"]) == ("stated", 1)
    assert await entries(party, party.county) == {(str(one), 1, "both")}
    assert (await sign(party))["state"] == "signed"
    await carry(party.city, province)
    for office in (party.city, party.county, party.other, province):
        assert (await find(party, office))["state"] == "signed"
        page = await party.ask(
            office, "get", f"{AGREEMENTS}/{agreement}/progress", params={"kind": "posts", "as_of": "2017-12-31"}
        )
        assert [each["signed"] for each in page.json()["items"]] == [1, 1, 0]
    again = await party.ask(party.county, "post", f"{QUARTERS}/{(await find(party, party.county))['id']}/sign", json={})
    assert again.status_code == 409
    assert (await state(party, agreement, status=409))["type"].endswith("quarter-signed")


async def test_late_news_counts_in_the_next_quarter_and_is_told_as_what_it_is(party: Party) -> None:
    agreement, one, late = await in_force(party), new_id(), new_id()
    spell = new_id()
    await party.start(one, date(2017, 2, 1), spell=spell)
    await state(party, agreement)
    await sign(party)
    await party.start(late, date(2017, 3, 1))
    await party.start(one, date(2016, 12, 1), spell=spell)
    assert (await party.reached(party.city, agreement, kind="posts"))["posts", "433124"] == 1
    await state(party, agreement, "2017Q2")
    wanted = {(str(one), -1, "both"), (str(late), 1, "both")}
    assert await entries(party, party.city, "2017Q2") == await entries(party, party.county, "2017Q2") == wanted
    assert (await sign(party, "2017Q2"))["state"] == "signed"
    assert await entries(party, party.city) == {(str(one), 1, "both")}


async def test_a_difference_names_the_introduction_and_either_side_settles_it(party: Party) -> None:
    agreement, both, ours, theirs = await in_force(party), new_id(), new_id(), new_id()
    await party.start(both, date(2017, 2, 1))
    await of_one_side(party.city, ours, date(2017, 2, 2))
    await of_one_side(party.county, theirs, date(2017, 2, 3))
    await state(party, agreement)
    assert (await sign(party))["state"] == "differs"
    wanted = {(str(ours), 1, "city"), (str(theirs), 1, "county")}
    for office in (party.city, party.county):
        assert await entries(party, office, differing=True) == wanted
    assert (await accept(party, party.city, both)).status_code == 409
    taken = await accept(party, party.city, theirs)
    assert (taken.status_code, taken.json()["state"], taken.json()["turn"]) == (200, "stated", 2)
    shown = (await party.ask(party.county, "get", f"{QUARTERS}/{(await find(party, party.county))['id']}")).json()
    assert [(each["side"], each["reference"], each["reason"]) for each in shown["settled"]] == [
        ("city", str(theirs), "added_late")
    ]
    assert (await sign(party))["state"] == "differs"
    left_out = await accept(party, party.city, ours, "not_a_start")
    assert left_out.json()["turn"] == 3
    assert (await sign(party))["state"] == "signed"
    for office in (party.city, party.county):
        assert (await party.reached(office, agreement, kind="posts"))["posts", "433124"] == 2
        assert (await find(party, office))["state"] == "signed"
    await state(party, agreement, "2017Q2")
    assert (await sign(party, "2017Q2"))["state"] == "signed"
    assert await entries(party, party.city, "2017Q2") == set()


async def test_the_county_takes_the_citys_word_and_signs(party: Party) -> None:
    agreement, ours = await in_force(party), new_id()
    await of_one_side(party.city, ours, date(2017, 2, 2))
    await state(party, agreement)
    await sign(party)
    assert (await accept(party, party.county, ours)).json()["state"] == "answered"
    for office in (party.city, party.county):
        assert (await find(party, office))["state"] == "signed"
        assert (await party.reached(office, agreement, kind="posts"))["posts", "433124"] == 1


async def test_a_signature_on_a_former_statement_closes_nothing(party: Party) -> None:
    """The county signs while the city states anew: in whatever order and however often it comes, both end with one list."""
    agreement, one = await in_force(party), new_id()
    await party.start(one, date(2017, 2, 1))
    await state(party, agreement)
    found = await find(party, party.county)
    await party.ask(party.county, "post", f"{QUARTERS}/{found['id']}/sign", json={"on": "2017-07-10"})
    answers = [each for each, _ in await announced(party.county)]
    await of_one_side(party.city, new_id(), date(2017, 3, 1))
    body = {"agreement": agreement, "county": "433124", "period": "2017Q1", "on": "2017-07-11"}
    assert (await party.ask(party.city, "post", QUARTERS, json=body)).json()["turn"] == 2
    await hand_over(answers, party.city)
    assert (await find(party, party.city))["state"] == "stated"
    await party.carry()
    assert (await find(party, party.county))["state"] == "stated"
    assert (await sign(party))["state"] == "differs"


async def test_what_cannot_be_stated_is_refused(party: Party) -> None:
    draft = await party.enter()
    assert (await state(party, draft["id"], status=409))["type"].endswith("agreement-fixed")
    await party.confirm(draft["id"])
    for quarter, code in (("2016Q4", "outside"), ("2021Q1", "outside"), ("2100Q4", "not_over")):
        assert (await state(party, draft["id"], quarter, 422))["errors"][0]["code"] == code
    body = {"agreement": draft["id"], "county": "433124", "period": "2017Q1"}
    assert (await party.ask(party.county, "post", QUARTERS, json=body)).status_code == 409
    assert (await party.ask(party.city, "post", QUARTERS, json={**body, "county": "433130"})).status_code == 422
    await state(party, draft["id"])
    theirs = await find(party, party.city)
    assert (await party.ask(party.city, "post", f"{QUARTERS}/{theirs['id']}/sign", json={})).status_code == 409
    assert (await party.ask(party.city, "get", f"{QUARTERS}/{new_id()}")).status_code == 404
