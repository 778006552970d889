"""Services are counted at home; a claim says what is missing, and the home county's ledger pays once."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from libs.common.events.retention import ClaimRequested, RetentionIndicatorsStated
from services.retention.app import SERVICE
from tests.support.keeping import Hired, hire, start, told_by
from tests.support.nodes import Nodes, carry, client_of
from tests.support.telling import tell

COUNTY, CITY = "n433124", "n440300"
PAPERS = [
    {"kind": "id_copy"},
    {"kind": "contract"},
    *({"kind": "wage_line", "month": f"2017-0{month}"} for month in (3, 4, 5)),
]


def claim_for(hired: Hired, evidence: list[Any], on: str = "2017-06-01") -> dict[str, Any]:
    return {"introduction": str(hired.introduction), "policy": "transport", "on": on, "evidence": evidence}


async def test_a_claim_says_what_is_missing_and_is_granted_when_complete(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(county) as home, client_of(city) as door:
        await start(door, hired)
        await carry(county, city)
        claim = (await home.post("/retention/v1/claims", json=claim_for(hired, PAPERS[:1], on="2017-05-01"))).json()
        missing = {one["what"]: (one["have"], one["need"], one["due_on"]) for one in claim["clock"]["missing"]}
        assert claim["state"] == "open"
        assert missing == {"months_of_work": (2, 3, "2017-05-20"), "contract": (0, 1, None), "wage_line": (0, 3, None)}
        path = f"/retention/v1/claims/{claim['id']}"
        partly = (await home.post(f"{path}/evidence", json={"on": "2017-05-25", "evidence": PAPERS[1:4]})).json()
        assert [one["text"] for one in partly["clock"]["missing"]] == ["wage_line: 2 of 3"]
        done = (await home.post(f"{path}/evidence", json={"on": "2017-06-01", "evidence": PAPERS[4:]})).json()
        assert (done["state"], done["decided_on"], done["clock"]["complete"]) == ("granted", "2017-06-01", True)
        assert (done["amount_fen"], done["clock"]["rule"]) == (60000, "430000-2017.1")
        assert (await home.post(f"{path}/evidence", json={"on": "2017-06-02", "evidence": []})).status_code == 409
    figures = (await told_by(county, RetentionIndicatorsStated))[-1].figures
    assert (figures["subsidies"], figures["subsidies_fen"]) == (1, 60000)


async def test_the_same_claim_by_the_city_is_refused_by_the_home_countys_ledger(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(county) as home, client_of(city) as door:
        spell = await start(door, hired)
        for month in ("2017-03", "2017-04", "2017-05"):
            paid = {"month": month, "amount_fen": 380000, "evidence": "wage_line"}
            await door.post(f"/retention/v1/spells/{spell['id']}/wages", json=paid)
        await carry(county, city)
        assert (await home.post("/retention/v1/claims", json=claim_for(hired, PAPERS))).json()["state"] == "granted"
        asked = (await door.post("/retention/v1/claims", json=claim_for(hired, PAPERS[:2]))).json()
        assert asked["state"] == "asked", "wages recorded in the city count as lines of wages"
        await carry(county, city)
        answer = (await door.get(f"/retention/v1/claims/{asked['id']}")).json()
    assert (answer["state"], answer["reason"]) == ("refused", "already_claimed")
    assert (answer["earlier_region"], answer["earlier_period"]) == ("433124", "2017")


async def test_a_city_that_is_first_is_granted_and_the_county_is_second(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(county) as home, client_of(city) as door:
        await start(door, hired)
        await carry(county, city)
        asked = (await door.post("/retention/v1/claims", json=claim_for(hired, PAPERS))).json()
        await carry(county, city)
        assert (await door.get(f"/retention/v1/claims/{asked['id']}")).json()["state"] == "granted"
        second = (await home.post("/retention/v1/claims", json=claim_for(hired, []))).json()
        assert (second["state"], second["earlier_region"]) == ("refused", "440300"), (
            "refused at once, no papers gathered"
        )
        next_year = (await home.post("/retention/v1/claims", json=claim_for(hired, PAPERS, on="2018-06-01"))).json()
        assert next_year["state"] == "granted"


async def test_two_complete_claims_at_once_are_paid_once(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(county) as home, client_of(city) as door:
        await start(door, hired)
        await carry(county, city)
        answers = await asyncio.gather(
            *(home.post("/retention/v1/claims", json=claim_for(hired, PAPERS)) for _ in range(4))
        )
    assert sorted(answer.json()["state"] for answer in answers) == ["granted", "refused", "refused", "refused"]


async def test_a_region_cannot_ask_in_anothers_name(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    asked = ClaimRequested(
        claim=hired.guest,
        introduction=hired.introduction,
        region="430100",
        policy="transport",
        period="2017",
        amount_fen=1,
        on=date(2017, 6, 1),
    )
    await tell(county, asked, node=CITY, service="retention")
    assert await told_by(county, RetentionIndicatorsStated) == []


async def test_services_given_at_home_and_in_the_city_are_counted_at_home(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(county) as home, client_of(city) as door:
        training = {"person": str(hired.person), "kind": "training", "topic": "sewing", "hours": 40, "on": "2017-01-20"}
        assert (await home.post("/retention/v1/services", json=training)).status_code == 201
        guidance = {"introduction": str(hired.introduction), "kind": "guidance", "on": "2017-03-02"}
        assert (await door.post("/retention/v1/services", json=guidance)).status_code == 201
        await carry(county, city)
        seen = (await home.get("/retention/v1/services", params={"person": str(hired.person)})).json()["items"]
        both = {**training, **guidance}
        assert (await home.post("/retention/v1/services", json=both)).status_code == 422
        assert (
            await home.post("/retention/v1/services", json={**training, "person": str(hired.guest)})
        ).status_code == 404
        assert (await home.post("/retention/v1/services", json={**training, "topic": "张三 sewing"})).status_code == 422
    assert [(one["kind"], one["region"]) for one in seen] == [("training", "433124"), ("guidance", "440300")]
    stated = {s.as_of: s.figures for s in await told_by(county, RetentionIndicatorsStated)}
    assert [(stated[day]["services"], stated[day]["trainings"]) for day in sorted(stated)] == [(1, 1), (2, 1)]
