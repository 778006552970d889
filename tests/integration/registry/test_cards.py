"""A card is sealed at home on the recorded consent, opened at its city alone, and names the guest to those who may ask."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.envelope import topic_of
from libs.common.events.matching import IntroductionAgreed
from libs.common.events.records import Record
from libs.common.events.registry import CardSealed, GuestReceived
from libs.common.problems import Unavailable
from libs.common.service import ServiceContext
from services.matching.app import SERVICE as MATCHING
from services.registry.app import SERVICE
from tests.integration.registry.files import WHY, a_file, a_row, listed, send_bytes, told_by
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, announced, assert_nothing_parked, client_of, hand_over
from tests.support.poison import a_record
from tests.support.siblings import record_consent, siblings_of
from tests.support.telling import a_vacancy, tell

CONSENTED = date(2017, 4, 15)
FIRM = "91440300MA5D8C1X2T"


async def agree(county: ServiceContext, city: str = "440300") -> IntroductionAgreed:
    """Somebody in the county's register says yes to a vacancy in a city."""
    async with client_of(county) as client:
        await send_bytes(client, a_file(a_row(a_number(), "麻老石")), "a.csv")
        (row,) = await listed(client)
    agreed = IntroductionAgreed(
        introduction=new_id(),
        county="433124",
        city=city,
        vacancy=new_id(),
        on=CONSENTED,
        person=row["id"],
        occupation="6-25",
        experience=2,
        certificates=("forklift",),
        groups=("disabled",),
        burden=20,
        consent="2017.1",
        consent_on=CONSENTED,
    )
    record_consent(county, agreed)
    await tell(county, agreed, service="matching")
    return agreed


async def test_the_card_reaches_the_city_sealed_and_the_guest_keeps_the_name(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    agreed = await agree(county)
    sent = [one for one, _ in await announced(county)]
    (card,) = [one for one in sent if one.envelope.type == CardSealed.TYPE]
    assert card.envelope.topic == "to.n440300.registry.card"
    assert not any(secret in card.data for secret in ("麻老石", a_number(), "15400000001"))
    await hand_over(sent, city)
    (guest,) = await told_by(city, GuestReceived)
    assert (guest.introduction, guest.county, guest.groups, guest.burden, guest.education) == (
        agreed.introduction,
        "433124",
        ("disabled",),
        20,
        2,
    )
    async with client_of(city) as client:
        masked = (await client.get(f"/registry/v1/guests/{guest.guest}")).json()
        plain = (await client.post(f"/registry/v1/guests/{guest.guest}/reveal", json=WHY)).json()
    assert masked["name"] == "麻**"
    assert (plain["name"], plain["number"], plain["phone"]) == ("麻老石", a_number(), "15400000001")
    await assert_nothing_parked(county, city)


async def test_a_consent_told_twice_seals_one_card_and_a_card_told_twice_is_one_guest(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    agreed = await agree(county)
    await tell(county, agreed, service="matching")
    (card,) = await told_by(county, CardSealed)
    await tell(city, card, card, node="n433124")
    assert len(await told_by(city, GuestReceived)) == 1


async def test_a_card_for_a_job_at_home_stays_at_home(nodes: Nodes) -> None:
    county = await nodes.open(SERVICE, "n433124")
    await agree(county, city="433124")
    await hand_over([one for one, _ in await announced(county)], county)
    assert [guest.county for guest in await told_by(county, GuestReceived)] == ["433124"]


@pytest.mark.parametrize("node", ["n430100", "n440300"])
async def test_a_card_of_another_city_or_of_a_false_sender_is_parked_and_makes_no_guest(
    nodes: Nodes, node: str
) -> None:
    county, other = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, node)
    await agree(county)
    (card,) = await told_by(county, CardSealed)
    await tell(other, card, node="n433124" if node == "n430100" else "n433126")
    async with other.database.reading() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM parked"))).scalar() == 1
        assert (await tx.execute(text("SELECT count(*) FROM guest"))).scalar() == 0


async def test_a_city_without_keys_parks_the_consent_until_they_are_exchanged(nodes: Nodes) -> None:
    county = await nodes.open(SERVICE, "n433124")
    await agree(county, city="310000")
    async with county.database.reading() as tx:
        assert "NoKeyOfCity" in (await tx.execute(text("SELECT error FROM parked"))).scalar_one()
    assert await told_by(county, CardSealed) == []


async def test_an_employer_sees_the_names_of_those_introduced_to_it_and_no_number(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    agreed = await agree(county)
    await tell(city, a_vacancy(vacancy=agreed.vacancy, employer_uscc=FIRM), service="jobs")
    (card,) = await told_by(county, CardSealed)
    await tell(city, card, node="n433124")
    (guest,) = await told_by(city, GuestReceived)
    path = f"/registry/v1/guests/{guest.guest}"
    seen = {firm: await name(city, path, "employer", organisation=firm) for firm in (FIRM, "91440300MA5EQ2WX7B")}
    assert (seen[FIRM]["name"], seen[FIRM]["number"], seen[FIRM]["birth_date"]) == ("麻老石", None, None)
    assert seen["91440300MA5EQ2WX7B"]["status"] == 404
    origin, stranger = (
        await name(city, path, "station", regions=["433124"]),
        await name(city, path, "station", regions=["433126"]),
    )
    assert (origin["name"], stranger["status"]) == ("麻老石", 404)
    assert len((await ask(city, "/registry/v1/guests", "station", regions=["433124"]))["items"]) == 1
    assert (await ask(city, "/registry/v1/guests", "station", regions=["433126"]))["items"] == []


async def name(context: ServiceContext, path: str, role: str = "officer", **who: Any) -> dict[str, Any]:
    async with client_of(context, role, **who) as client:
        return dict((await client.post(f"{path}/reveal", json=WHY)).json())


async def ask(context: ServiceContext, path: str, role: str = "officer", **who: Any) -> dict[str, Any]:
    async with client_of(context, role, **who) as client:
        return dict((await client.get(path)).json())


def forged(agreed: IntroductionAgreed, **other: Any) -> IntroductionAgreed:
    return agreed.model_copy(update={"introduction": new_id(), **other})


async def test_a_perfectly_signed_event_without_a_recorded_consent_hands_nobody_out(nodes: Nodes) -> None:
    """The forger may write the topic and has the node's announcing key; the officer's record he has not."""
    county, matching = await nodes.open(SERVICE, "n433124"), await nodes.open(MATCHING, "n433124")
    siblings_of(county).consents.clear()
    async with client_of(county) as client:
        await send_bytes(client, a_file(a_row(a_number(), "麻老石")), "a.csv")
        (row,) = await listed(client)
    said = IntroductionAgreed(
        introduction=new_id(),
        county="433124",
        city="440300",
        vacancy=new_id(),
        on=CONSENTED,
        person=row["id"],
        occupation="6-25",
        experience=2,
        certificates=(),
        groups=(),
        burden=20,
        consent="2017.1",
        consent_on=CONSENTED,
    )
    record = signed(said, county, "matching")
    await county.inbox.take([record])
    assert await told_by(county, CardSealed) == []
    assert siblings_of(county).asked
    async with county.database.reading() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM dead_letter"))).scalar() == 0
        assert "NoConsentOnRecord" in (await tx.execute(text("SELECT error FROM parked"))).scalar_one()
    async with client_of(county, "operator") as operator:
        assert (await operator.get("/registry/health/ready")).json()["status"] == "degraded"
    assert matching.node.id == "n433124"


def signed(event: IntroductionAgreed, context: ServiceContext, service: str) -> Record:
    """An event as this node's relay would send it, by its own key."""
    kind, key = type(event), event.key()
    return a_record(
        topic_of(kind),
        context.node,
        key,
        0,
        1000,  # behind whatever else came in this partition
        data=event.model_dump_json(),
        source=f"/{context.node.id}/{service}",
        type=kind.TYPE,
    )


@pytest.mark.parametrize(
    "other", [{"person": new_id()}, {"city": "430100"}, {"vacancy": new_id()}, {"consent": "2016.1"}]
)
async def test_a_consent_that_was_recorded_for_something_else_seals_nothing(
    nodes: Nodes, other: dict[str, Any]
) -> None:
    county = await nodes.open(SERVICE, "n433124")
    agreed = await agree(county)
    once = forged(agreed)
    record_consent(county, once)
    await tell(county, once.model_copy(update=other), service="matching")
    assert len(await told_by(county, CardSealed)) == 1
    async with county.database.reading() as tx:
        assert next(iter(other)) in (await tx.execute(text("SELECT error FROM parked"))).scalar_one()


async def test_while_matching_is_away_the_event_waits_and_nothing_is_parked(nodes: Nodes) -> None:
    county = await nodes.open(SERVICE, "n433124")
    agreed = forged(await agree(county))
    record_consent(county, agreed)
    siblings_of(county).away = True
    with pytest.raises(Unavailable):
        await tell(county, agreed, service="matching")
    await assert_nothing_parked(county)
    siblings_of(county).away = False
    await county.inbox.take([signed(agreed, county, "matching")])
    assert len(await told_by(county, CardSealed)) == 2


@pytest.mark.parametrize(
    ("status", "clearly"),
    [(401, True), (403, True), (429, True), (500, True), (503, True), (302, False), (404, False), (200, False)],
)
async def test_while_it_cannot_be_known_the_event_waits(nodes: Nodes, status: int, clearly: bool) -> None:
    """Not let in (a key turns), too often, a gateway without the service behind it, words that are no JSON: none of it is a no."""
    county = await nodes.open(SERVICE, "n433124")
    agreed = forged(await agree(county))
    record_consent(county, agreed)
    siblings_of(county).refuses, siblings_of(county).clearly = status, clearly
    with pytest.raises(Unavailable):
        await tell(county, agreed, service="matching")
    await assert_nothing_parked(county)
    siblings_of(county).refuses = 0
    await county.inbox.take([signed(agreed, county, "matching")])
    assert len(await told_by(county, CardSealed)) == 2


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
async def test_a_clear_no_holds_nothing_up(nodes: Nodes, status: int) -> None:
    county = await nodes.open(SERVICE, "n433124")
    agreed = forged(await agree(county))
    record_consent(county, agreed)
    siblings_of(county).refuses = status
    await county.inbox.take([signed(agreed, county, "matching")])
    assert len(await told_by(county, CardSealed)) == 1
