"""Agreements between a city's and two counties' offices: entered, confirmed, broken down, counted the same on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.jobs import AdmissionChanged, FairAnnounced
from libs.common.events.retention import RepeatNoted, RepeatReported, SpellReported, SpellStarted
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from services.jobs.operations.counting import recount
from services.jobs.store.agreements import get_agreement
from services.jobs.store.counting import list_tallies
from tests.integration.jobs.test_employers import FIRM, OTHER
from tests.support.nodes import Nodes, carry, client_of
from tests.support.telling import tell

AGREEMENTS = "/jobs/v1/agreements"
TERMS: dict[str, Any] = {
    "origin": "433100",
    "title": "济南市—湘西州劳务协作协议",
    "since": "2017-01-01",
    "until": "2020-12-31",
    "posts": 3000,
    "students": 200,
    "fairs": 20,
    "firms": 10,
}


MANY = text("""
INSERT INTO occurrences (kind, id, reference, same_as, county, city, day, employer_uscc, home)
SELECT 'posts', one, one, one, '433124', '370100', date '2017-01-01' + (number * 7 % 360)::int, :firm, '370100'
FROM (SELECT gen_random_uuid() AS one, number FROM generate_series(1, CAST(:many AS int)) AS number) AS them
""")


@dataclass
class Party:
    """济南 and two counties of 湘西."""

    city: ServiceContext
    county: ServiceContext
    other: ServiceContext

    async def carry(self) -> None:
        await carry(self.city, self.county, self.other)

    async def enter(self, status: int = 201, **more: Any) -> dict[str, Any]:
        body = {**TERMS, "counties": ["433124", "433126"], **more}
        answer = await self.ask(self.city, "post", AGREEMENTS, json=body)
        assert answer.status_code == status, answer.text
        await self.carry()
        return dict(answer.json())

    async def end_all(self) -> None:
        """Those that have not ended end."""
        for each in (await self.ask(self.city, "get", AGREEMENTS, params={"limit": 200})).json()["items"]:
            if each["state"] != "ended":
                path = f"{AGREEMENTS}/{each['id']}/end"
                await self.ask(self.city, "post", path, json={"reason": "另签", "on": "2017-12-31"})

    async def confirm(self, agreement: str) -> None:
        for office in (self.county, self.other):
            answer = await self.ask(office, "post", f"{AGREEMENTS}/{agreement}/confirm", json={"on": "2017-01-10"})
            assert answer.status_code == 200, answer.text
        await self.carry()

    async def ask(
        self, office: ServiceContext, method: str, path: str, role: str = "officer", **more: Any
    ) -> httpx.Response:
        async with client_of(office, role) as client:
            return await client.request(method, path, **more)

    async def see(self, office: ServiceContext, agreement: str) -> dict[str, Any]:
        return dict((await self.ask(office, "get", f"{AGREEMENTS}/{agreement}")).json())

    async def reached(self, office: ServiceContext, agreement: str, **asked: Any) -> dict[tuple[str, str | None], Any]:
        """By kind and county (a firm stands in the county's place)."""
        page = await self.ask(
            office, "get", f"{AGREEMENTS}/{agreement}/progress", params={"as_of": "2017-12-31", **asked}
        )
        return {
            (each["kind"], each["county"] or each["employer_uscc"]): each["reached"] for each in page.json()["items"]
        }

    async def start(self, introduction: UUID, on: date, county: str = "433124", **more: Any) -> None:
        """Somebody begins to work in the city, and both sides hear of it."""
        facts = {
            "spell": new_id(),
            "introduction": introduction,
            "county": county,
            "city": "370100",
            "vacancy": new_id(),
        }
        facts |= {"employer_uscc": FIRM, "start": on, "wage_fen": 400_000, **more}
        home = self.county if county == "433124" else self.other
        await tell(self.city, SpellStarted(**facts), service="retention")
        await tell(home, SpellReported(**facts), node="n370100", service="retention")

    async def repeat(self, introduction: UUID, first: UUID) -> None:
        facts = {
            "introduction": introduction,
            "first": first,
            "county": "433124",
            "city": "370100",
            "on": date(2017, 6, 1),
        }
        await tell(self.county, RepeatNoted(**facts), service="retention")
        await tell(self.city, RepeatReported(**facts), node="n433124", service="retention")


@pytest.fixture
async def party(nodes: Nodes) -> Party:
    return Party(*[await nodes.open(SERVICE, node) for node in ("n370100", "n433124", "n433126")])


async def test_an_agreement_is_in_force_when_every_county_has_confirmed_it(party: Party) -> None:
    made = await party.enter()
    assert (made["state"], made["posts"], made["waiting"]) == ("draft", 3000, ["433124", "433126"])
    answer = await party.ask(party.county, "post", f"{AGREEMENTS}/{made['id']}/confirm", json={"on": "2017-01-10"})
    assert answer.json()["waiting"] == ["433126"]
    await party.carry()
    path = f"{AGREEMENTS}/{made['id']}"
    version = {"If-Match": f'"v{(await party.see(party.city, made["id"]))["version"]}"'}
    changed = await party.ask(party.city, "patch", path, json={"posts": 2800, "fairs": 0}, headers=version)
    assert (changed.json()["posts"], changed.json()["fairs"], changed.json()["students"]) == (2800, None, 200)
    assert (await party.ask(party.city, "patch", path, json={}, headers=version)).status_code == 412
    await party.carry()
    assert (await party.see(party.county, made["id"]))["waiting"] == ["433124", "433126"]
    await party.confirm(made["id"])
    for office in (party.city, party.county, party.other):
        shown = await party.see(office, made["id"])
        assert (shown["state"], shown["waiting"], shown["posts"]) == ("in_force", [], 2800)
    late = await party.ask(party.city, "patch", path, json={"title": "另一个名称"}, headers={"If-Match": "*"})
    assert late.status_code == 409
    over = await party.ask(party.city, "post", f"{path}/end", json={"reason": "双方商定另签", "on": "2018-12-31"})
    await party.carry()
    assert over.json()["state"] == (await party.see(party.other, made["id"]))["state"] == "ended"


async def test_what_cannot_be_agreed_is_refused_by_field(party: Party) -> None:
    wrong: dict[str, Any]
    for field, wrong in (
        ("/until", {"until": "2016-12-31"}),
        ("/origin", {"origin": "370000", "counties": ["370102"]}),
        ("/counties/0", {"counties": ["440300"]}),
        ("/counties", {"origin": "520000", "counties": None}),
    ):
        refused = await party.enter(422, **wrong)
        assert refused["errors"][0]["pointer"] == field
    made = await party.enter(counties=None)
    assert made["counties"] == ["433124", "433126"]
    assert (await party.enter(409))["known_as"] == f"{AGREEMENTS}/{made['id']}"
    path = f"{AGREEMENTS}/{made['id']}/targets"
    line = {"kind": "posts", "target": 2000, "county": "433124"}
    assert (await party.ask(party.city, "post", path, json=line)).status_code == 200
    for field, wrong in (
        ("/target", {"county": "433126"}),
        ("/county", {"county": "433101"}),
        ("/year", {"year": 2021}),
        ("/employer_uscc", {"kind": "fairs", "county": None, "employer_uscc": FIRM}),
    ):
        refused = (await party.ask(party.city, "post", path, json={**line, **wrong})).json()
        assert refused["errors"][0]["pointer"] == field, refused
    theirs = await party.ask(party.county, "post", path, json=line)
    assert theirs.status_code == 409
    assert (await party.ask(party.city, "post", f"{AGREEMENTS}/{made['id']}/confirm", json={})).status_code == 409


async def test_both_sides_count_each_person_once_from_events(party: Party) -> None:
    made = await party.enter()
    await party.confirm(made["id"])
    one, again, third, before = (new_id() for _ in range(4))
    await party.start(before, date(2016, 12, 31))
    await party.start(one, date(2017, 3, 1))
    await party.start(again, date(2017, 6, 1), employer_uscc=OTHER)
    await party.start(third, date(2017, 6, 2), county="433126")
    await party.start(third, date(2017, 8, 1), county="433126", previous=new_id())
    assert (await party.reached(party.city, made["id"], kind="posts")) == {
        ("posts", None): 3,
        ("posts", "433124"): 2,
        ("posts", "433126"): 1,
    }
    assert (await party.reached(party.city, made["id"], kind="firms"))["firms", None] == 2
    await party.repeat(again, one)
    for office in (party.city, party.county):
        assert (await party.reached(office, made["id"]))["posts", "433124"] == 1
        page = await party.ask(office, "get", f"{AGREEMENTS}/{made['id']}/counted", params={"county": "433124"})
        assert [(each["reference"], each["day"]) for each in page.json()["items"]] == [(str(one), "2017-03-01")]
    assert (await party.reached(party.city, made["id"], kind="firms"))["firms", None] == 1
    assert (await party.reached(party.county, made["id"]))["posts", None] is None
    await party.repeat(again, again)
    assert (await party.reached(party.city, made["id"]))["posts", "433124"] == 2


async def test_what_happened_before_an_agreement_was_entered_counts_and_days_that_change_move_it(party: Party) -> None:
    early, late = new_id(), new_id()
    await party.start(early, date(2017, 2, 1))
    await party.start(late, date(2018, 2, 1))
    made = await party.enter(since="2017-01-01", until="2017-12-31")
    assert (await party.reached(party.county, made["id"]))["posts", "433124"] == 1
    version = {"If-Match": f'"v{made["version"]}"'}
    path = f"{AGREEMENTS}/{made['id']}"
    answer = await party.ask(party.city, "patch", path, json={"until": "2018-12-31"}, headers=version)
    assert answer.status_code == 200, answer.text
    await party.carry()
    for office in (party.city, party.county):
        assert (await party.reached(office, made["id"], as_of="2018-12-31"))["posts", "433124"] == 2
        assert (await party.reached(office, made["id"], as_of="2018-12-31", year=2018))["posts", "433124"] == 1


async def test_a_fair_counts_when_it_was_held_on_every_node(party: Party) -> None:
    made = await party.enter()
    await party.confirm(made["id"])
    facts = {
        "fair": new_id(),
        "city": "370100",
        "title": "湘西专场",
        "place": "433124",
        "venue": "体育馆",
        "on": date(2017, 3, 1),
    }
    for state, reached in (("open", 0), ("held", 1), ("held", 1), ("cancelled", 0)):
        for office in (party.city, party.county, party.other):
            await tell(
                office, FairAnnounced(**facts, day=date(2017, 3, 1), state=state), node="n370100", service="jobs"
            )
            assert (await party.reached(office, made["id"], kind="fairs"))["fairs", None] == reached
    await tell(party.county, FairAnnounced(**facts, day=date(2017, 3, 1), state="held"), node="n440300", service="jobs")
    assert (await party.reached(party.county, made["id"], kind="fairs"))["fairs", None] == 0


async def test_who_has_a_training_place_is_a_student_and_who_completed_is_trained(party: Party) -> None:
    made = await party.enter(trained=100)
    await party.confirm(made["id"])
    facts = {"application": new_id(), "county": "433124", "city": "370100", "course": new_id(), "kind": "free"}
    steps = (("applied", 0, 0), ("admitted", 1, 0), ("completed", 1, 1), ("placed", 1, 1), ("dropped", 0, 0))
    for turn, (state, students, trained) in enumerate(steps, 1):
        event = AdmissionChanged(**facts, state=state, turn=turn, on=date(2017, turn, 1))
        for office in (party.city, party.county):
            await tell(office, event, node="n370100", service="jobs")
            reached = await party.reached(office, made["id"], county="433124")
            assert (reached["students", "433124"], reached["trained", "433124"]) == (students, trained)
        page = await party.ask(party.city, "get", f"{AGREEMENTS}/{made['id']}/counted", params={"kind": "students"})
        days = [(each["day"], each["application"]) for each in page.json()["items"]]
        assert days == [("2017-02-01", str(facts["application"]))] * students


async def test_a_figure_is_the_sum_of_as_many_rows_however_much_it_counts(party: Party) -> None:
    made = await party.enter()
    rows = []
    for many in (50, 5_000):
        async with party.city.database.transaction() as tx:
            await tx.execute(MANY, {"many": many, "firm": FIRM})
            await recount(tx, await get_agreement(tx, UUID(made["id"])))
        async with party.city.database.reading() as tx:
            rows.append(len(await list_tallies(tx, UUID(made["id"]), until=date(2020, 12, 31))))
        assert (await party.reached(party.city, made["id"]))["posts", "433124"] == sum((50, 5_000)[: len(rows)])
    assert rows[0] == rows[1]


async def test_a_firm_has_a_part_and_the_province_reads_no_small_number(party: Party, nodes: Nodes) -> None:
    made = await party.enter()
    await party.confirm(made["id"])
    line = {"kind": "posts", "target": 40, "employer_uscc": FIRM}
    assert (await party.ask(party.city, "post", f"{AGREEMENTS}/{made['id']}/targets", json=line)).status_code == 200
    for number in range(3):
        await party.start(new_id(), date(2017, 3, 1 + number))
    await party.start(new_id(), date(2017, 3, 9), employer_uscc=OTHER)
    assert (await party.reached(party.city, made["id"], kind="posts"))["posts", FIRM] == 3
    path = f"{AGREEMENTS}/{made['id']}/progress"
    page = (await party.ask(party.city, "get", path, "analyst", params={"as_of": "2017-12-31"})).json()
    assert [each["reached"] for each in page["items"] if each["kind"] == "posts"] == ["<5", "<5", 0, None]
    assert (await party.ask(party.city, "get", path, "analyst", params={"as_of": "2017-12-30"})).status_code == 422
    assert (await party.ask(party.city, "get", f"{AGREEMENTS}/{made['id']}/counted", "analyst")).status_code == 403
    sheet = await party.ask(party.city, "get", f"{AGREEMENTS}/{made['id']}/progress.xlsx")
    assert sheet.status_code == 200
    assert (await party.ask(party.city, "get", f"{AGREEMENTS}/{new_id()}/progress")).status_code == 404
