"""A card whose consent is withdrawn is gone from the city, never sealed or opened again, and the county has the city's word for it."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.matching import ConsentClosed, ConsentWithdrawn, IntroductionAgreed
from libs.common.events.registry import CardErased, CardSealed, GuestReceived
from libs.common.key_rings import SealKeys
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.files import told_by
from tests.integration.registry.test_cards import agree
from tests.support.nodes import Nodes, announced, assert_nothing_parked, client_of, hand_over
from tests.support.siblings import record_consent
from tests.support.telling import tell


def withdrawn(agreed: IntroductionAgreed, kind: type[Any] = ConsentWithdrawn, **other: Any) -> Any:
    facts = agreed.model_dump(include={"introduction", "county", "city", "vacancy", "on"})
    return kind(**{**facts, **other})


async def rows(context: ServiceContext, query: str) -> list[Any]:
    async with context.database.reading() as tx:
        return [tuple(row) for row in (await tx.execute(text(query))).all()]


async def test_the_city_erases_the_card_and_the_county_has_its_word(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    agreed = await agree(county)
    await hand_over([one for one, _ in await announced(county)], city)
    (guest,) = await told_by(city, GuestReceived)
    await sent_by_now(county)
    await sent_by_now(city)
    await tell(county, withdrawn(agreed, ConsentClosed), service="matching")
    await tell(city, withdrawn(agreed), node="n433124", service="matching")
    await hand_over([one for one, _ in await announced(city)], county)
    async with client_of(city) as client:
        assert (await client.get(f"/registry/v1/guests/{guest.guest}")).status_code == 404
        assert (await client.get("/registry/v1/guests")).json()["items"] == []
    assert await rows(city, "SELECT count(*) FROM guest") == [(0,)]
    assert await rows(city, "SELECT guest FROM withdrawal") == [(guest.guest,)]
    assert await rows(county, "SELECT erased_on IS NOT NULL FROM withdrawal") == [(True,)]
    assert await rows(county, "SELECT count(*) FROM journal WHERE type = 'registry.card.sealed.v1'") == [(0,)]
    assert await rows(city, "SELECT count(*) FROM journal WHERE type = 'registry.guest.received.v1'") == [(0,)]
    await assert_nothing_parked(county, city)


async def sent_by_now(context: ServiceContext) -> None:
    """The relay has taken everything to the broker."""
    await announced(context)
    async with context.database.transaction() as tx:
        await tx.execute(
            text(
                "INSERT INTO relay_cursor SELECT 'kafka', max(position) FROM journal ON CONFLICT (name) DO UPDATE SET position = excluded.position"
            )
        )


async def test_a_card_not_yet_sent_is_still_sent_and_not_opened(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    agreed = await agree(county)
    await tell(county, withdrawn(agreed, ConsentClosed), service="matching")
    (card,) = await told_by(county, CardSealed)
    await tell(city, withdrawn(agreed), node="n433124", service="matching")
    await tell(city, card, node="n433124")
    assert await told_by(city, GuestReceived) == []
    assert await rows(city, "SELECT count(*) FROM guest") == [(0,)]


async def test_in_any_order_and_doubled_no_card_is_left_open(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    agreed = await agree(county)
    for order in permutations(range(2)):
        again = agreed.model_copy(update={"introduction": new_id()})
        record_consent(county, again)
        await tell(county, again, service="matching")
        card = next(one for one in await told_by(county, CardSealed) if one.introduction == again.introduction)
        news = [(card, "registry"), (withdrawn(again), "matching")]
        for number in (*order, *order, *reversed(order)):
            await tell(city, news[number][0], node="n433124", service=news[number][1])
    assert await rows(city, "SELECT count(*) FROM guest") == [(0,)]
    assert len(await told_by(city, CardErased)) == 2
    await assert_nothing_parked(city)


async def test_a_consent_that_comes_after_its_withdrawal_seals_nothing(nodes: Nodes) -> None:
    county = await nodes.open(SERVICE, "n433124")
    agreed = (await agree(county)).model_copy(update={"introduction": new_id()})
    record_consent(county, agreed)
    await tell(county, withdrawn(agreed, ConsentClosed), agreed, agreed, service="matching")
    assert agreed.introduction not in [card.introduction for card in await told_by(county, CardSealed)]
    await assert_nothing_parked(county)


async def test_only_the_county_of_a_card_takes_it_back(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    agreed = await agree(county)
    (card,) = await told_by(county, CardSealed)
    await tell(city, withdrawn(agreed, county="433126"), node="n433126", service="matching")
    await tell(city, withdrawn(agreed), node="n433126", service="matching")
    await tell(city, card, node="n433124")
    await tell(city, withdrawn(agreed, county="433126"), node="n433126", service="matching")
    assert await rows(city, "SELECT count(*) FROM guest") == [(1,)]


async def test_only_the_city_of_a_card_confirms(nodes: Nodes) -> None:
    county = await nodes.open(SERVICE, "n433124")
    agreed = await agree(county)
    await tell(county, withdrawn(agreed, ConsentClosed), service="matching")
    await tell(county, CardErased(introduction=agreed.introduction, county="433124", on=agreed.on), node="n430100")
    assert await rows(county, "SELECT erased_on FROM withdrawal") == [(None,)]


async def test_a_card_sealed_to_a_destroyed_key_is_kept_aside_and_says_why(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, "n433124"), await nodes.open(SERVICE, "n440300")
    await agree(county)
    (card,) = await told_by(county, CardSealed)
    city.node.vault.seal_keys.get = lambda kid: SealKeys(city.settings.keys / "none").get(kid)  # type: ignore[method-assign]
    await tell(city, card, node="n433124")
    assert [error.split(":")[0] for (error,) in await rows(city, "SELECT error FROM parked")] == ["SealKeyGone"]
