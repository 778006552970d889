"""The county's work in a run: draw up its people, propose, hear cutoffs, look at couples, verify its own people's places."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc.errors import JoseError

from libs.common.database import Transaction
from libs.common.events.matching import Card, CardsProposed, PassReviewed, PlacesFrozen, PlacesStated, Taken
from libs.common.identity import read_signed
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.matching.files import published_weights
from services.matching.operations.introductions_run import Placed, frozen_places, gone_people, propose_placed
from services.matching.rules.certificate import faults_of_people
from services.matching.rules.choice import INFINITE
from services.matching.rules.county import CountyPass, Proposal, Rise
from services.matching.rules.couples import PASSES_MOST, Choice, Outlook, Pair, declare, pairs_of, review, unsettled
from services.matching.rules.entry import enter
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.opening import allotment_fits
from services.matching.rules.results import Place
from services.matching.rules.runs import Pass, Run
from services.matching.rules.weights import Weights
from services.matching.store import markets
from services.matching.store import runs as store

# Cards in one event: thousands would still be far below the broker's limit.
BATCH = 2000


@dataclass(frozen=True)
class Market:
    """What everybody may know of a pass: the vacancies offered in it, by which node, the weights, the seed."""

    vacancies: Mapping[str, Vacancy]
    nodes: Mapping[str, str]
    weights: Weights
    seed: bytes


async def market_of(tx: Transaction, run: Run, number: int) -> Market | None:
    """None until every city has stated its allotment."""
    step = await store.find_pass(tx, run.run, number)
    stated = await markets.allotted(tx, run.run, step.base) if step else {}
    if run.seed is None or not set(run.cities) <= stated.keys():
        return None
    vacancies = {name: vacancy for city in run.cities for name, vacancy in stated[city].items()}
    nodes = {name: city for city in run.cities for name in stated[city]}
    return Market(vacancies, nodes, published_weights()[run.weights], bytes.fromhex(run.seed))


async def draw_up(tx: Transaction, run: Run) -> None:
    """Everybody of this county's list who seeks a place enters the run, under a new random pseudonym."""
    candidates = await markets.seekers(tx)
    pseudonyms = {each.person: f"p{secrets.token_hex(12)}" for each in candidates}
    people, left_out = enter(candidates, pseudonyms, run.city_codes, run.as_of, published_weights()[run.weights])
    for person, why in left_out.items():
        log.warning("left_out_of_run", run=str(run.run), person=str(person), why=why)
    await markets.add_people(tx, run.run, people)


async def advance(tx: Transaction, run: Run, step: Pass) -> bool:
    """Names frozen places, begins the pass when the market is known, and answers the cutoffs that are here."""
    if step.number > 1 and step.base == step.number and not step.frozen:
        await _freeze(tx, run, step.number)
    market = await market_of(tx, run, step.number)
    if market is None or not await _as_committed(tx, run, step):
        return False
    messages = await store.take_messages(tx, run.run, step.number, "cutoffs")
    if not step.started:
        await _start(tx, run, step, market)
    if messages:
        await _hear(tx, run, step.number, market, messages)
    return bool(messages) or not step.started


async def _as_committed(tx: Transaction, run: Run, step: Pass) -> bool:
    """Whether the cities offer what they had committed to before the seed was known."""
    if step.started or step.base > 1:
        return True
    stated = await markets.allotted(tx, run.run, 1)
    false = [city for city in run.cities if not allotment_fits(run.facts[city], stated[city].values())]
    if false:
        log.error("run_disputed", run=str(run.run), cities=false)
        await store.change_run(tx, run.run, dispute=f"allotments are not what was committed: {', '.join(false)}")
    return not false


async def _start(tx: Transaction, run: Run, step: Pass, market: Market) -> None:
    """Everybody declares the facts of this pass and proposes to the vacancy wanted most."""
    people = await (_couples_choice(tx, run, market) if step.base == 1 else _remaining(tx, run, step.number))
    county = CountyPass(people, market.vacancies, market.weights, market.seed)
    cards = county.propose(people)
    await markets.declare(tx, run.run, step.number, people, county.standing)
    await store.change_pass(tx, run.run, step.number, started=True)
    await _send(tx, run, step.number, market, cards, 1)


async def _couples_choice(tx: Transaction, run: Run, market: Market) -> dict[str, Person]:
    people, choices = await _people_and_choices(tx, run)
    cities = {vacancy.city for vacancy in market.vacancies.values()}
    return declare(people, choices, cities, market.weights)


async def _people_and_choices(tx: Transaction, run: Run) -> tuple[dict[str, Person], dict[Pair, Choice]]:
    people, kept = await markets.people_of(tx, run.run)
    return people, {pair: kept[pair[0]] or Choice() for pair in pairs_of(people)}


async def _remaining(tx: Transaction, run: Run, number: int) -> dict[str, Person]:
    """Who is in a pass for freed places: the facts of the pass before, without those who have a place or have left.

    Couples keep the city of the settled pass, so that nobody's standing place can get worse.
    """
    people, _ = await markets.declared(tx, run.run, number - 1)
    ids, gone = await markets.person_ids(tx, run.run), await gone_people(tx, run.run)
    frozen = await markets.frozen_people(tx, run.run)
    return {name: facts for name, facts in people.items() if name not in frozen and ids[name] not in gone}


async def _freeze(tx: Transaction, run: Run, number: int) -> None:
    """Tells each city whose places are taken for good; only the county knows who has said yes."""
    _, standing = await markets.declared(tx, run.run, number - 1)
    signed = {place.pseudonym for place in await frozen_places(tx, run.run) if place.county == tx.home.code}
    agreed = signed - await markets.frozen_people(tx, run.run)
    placed = {name: standing[name] for name in agreed if standing.get(name)}
    market = await market_of(tx, run, number - 1)
    for city in run.cities:
        at_city = [(name, vacancy) for name, vacancy in placed.items() if market and vacancy and market.nodes[vacancy] == city]
        places = tuple(Taken(person=name, vacancy=UUID(vacancy)) for name, vacancy in sorted(at_city))
        await announce(tx, PlacesFrozen(run=run.run, county=tx.home.node, number=number, places=places), to=city)
    await markets.freeze_people(tx, run.run, number - 1, placed)
    await store.change_pass(tx, run.run, number, frozen=True)


async def _hear(tx: Transaction, run: Run, number: int, market: Market, messages: Sequence[store.Message]) -> None:
    """Compares this county's people with the cutoffs that rose; whoever fell below proposes again."""
    rises = [Rise(each["vacancy"], each["seat"], each["key"]) for message in messages for each in message.data]
    await markets.raise_cutoffs(tx, run.run, number, rises)
    for message in messages:
        await store.count(tx, run.run, number, "cutoffs", message.sender, handled=len(message.data))
    people, standing = await markets.declared(tx, run.run, number, at={rise.vacancy for rise in rises})
    county = CountyPass(people, market.vacancies, market.weights, market.seed, standing=dict(standing))
    cards = county.hear(await markets.cutoffs(tx, run.run, number))
    changed = {name: vacancy for name, vacancy in county.standing.items() if vacancy != standing[name]}
    await markets.move(tx, run.run, number, changed)
    await _send(tx, run, number, market, cards, 1 + max(message.round for message in messages))


async def _send(tx: Transaction, run: Run, number: int, market: Market, cards: Iterable[Proposal], chain: int) -> None:
    """Cards in batches, each addressed to the one city that offers the vacancy."""
    by_city: dict[str, list[Card]] = {}
    for card in cards:
        city = market.nodes[card.vacancy]
        sent = Card(person=card.person, vacancy=UUID(card.vacancy), priority=card.priority, groups=tuple(sorted(card.groups)))
        by_city.setdefault(city, []).append(sent)
    for city, batch in sorted(by_city.items()):
        for at in range(0, len(batch), BATCH):
            await _send_batch(tx, run, number, city, tuple(batch[at : at + BATCH]), chain)


async def _send_batch(tx: Transaction, run: Run, number: int, city: str, cards: tuple[Card, ...], chain: int) -> None:
    batch = await store.count(tx, run.run, number, "cards", city, sent=len(cards), batches=1)
    event = CardsProposed(run=run.run, county=tx.home.node, number=number, batch=batch, round=chain, cards=cards)
    await store.count(tx, run.run, number, "cards", city, size=len(event.model_dump_json()))
    await announce(tx, event, to=city)


async def outcome_of(tx: Transaction, run: Run, number: int) -> CountyPass | None:
    """This county's side of a pass as it stands: facts, standings and cutoffs."""
    market = await market_of(tx, run, number)
    if market is None:
        return None
    people, standing = await markets.declared(tx, run.run, number)
    county = CountyPass(people, market.vacancies, market.weights, market.seed, standing=dict(standing))
    county.merge(await markets.cutoffs(tx, run.run, number))
    return county


async def review_pass(tx: Transaction, run: Run, number: int) -> None:
    """Couples look at the last cutoffs and choose; any new choice asks for another pass, at most five of them."""
    step = await store.find_pass(tx, run.run, number)
    if step is None or step.reviewed:
        return
    cases: dict[str, str] = {}
    another = False
    if step.base == 1:
        cases, another = await _review_couples(tx, run, number)
    await markets.keep_residue(tx, run.run, number, cases)
    await store.change_pass(tx, run.run, number, reviewed=True)
    await announce(tx, PassReviewed(run=run.run, node=tx.home.node, number=number, another=another, residue=len(cases)))


async def _review_couples(tx: Transaction, run: Run, number: int) -> tuple[dict[str, str], bool]:
    county = await outcome_of(tx, run, number)
    if county is None:
        raise LookupError(f"pass {number} of run {run.run} was closed without a market")
    people, choices = await _people_and_choices(tx, run)
    places = {name: Place(name) for name in people} | county.places()
    table = {name: county.cutoffs_of(name) for name in county.vacancies}
    after = review(people, choices, places, Outlook(county.vacancies, table, county.weights, county.seed))
    if after == choices:
        return {}, False
    if number >= PASSES_MOST:
        return unsettled(people, choices, places), False
    await markets.keep_choices(tx, run.run, {name: choice for pair, choice in after.items() for name in pair})
    return {}, True


async def verify_places(tx: Transaction, run: Run, number: int) -> None:
    """Checks every own person against the cities' signed cutoffs, with nobody else's data."""
    kept = await store.certificates(tx, run.run, number)
    step = await store.find_pass(tx, run.run, number)
    if step is None or step.closing is None or {each["city"] for each in kept} != set(run.cities):
        return
    county = await outcome_of(tx, run, number)
    if county is None:
        return
    tables = {each["city"]: read_table(tx, run, number, each["city"], each["certificate"]) for each in kept}
    verdicts = {city: [] if table is not None else ["signature"] for city, table in tables.items()}
    if all(table is not None for table in tables.values()):
        signed = {name: cutoffs for table in tables.values() if table for name, cutoffs in table.items()}
        faults = faults_of_people(county.people, county.vacancies, county.places(), signed, county.weights, county.seed)
        verdicts = {city: sorted(faults) for city in tables}
    await store.judge_certificates(tx, run.run, number, verdicts)


def read_table(tx: Transaction, run: Run, number: int, city: str, certificate: str) -> dict[str, dict[str, int]] | None:
    """The cutoffs of a certificate: None unless the city signed it for this very pass."""
    partner = tx.home.partners.get(city)
    if partner is None and city != tx.home.node:
        return None
    keys = partner.jwks if partner else tx.home.signer.jwks
    try:
        payload: dict[str, Any] = json.loads(read_signed(certificate, keys))
    except (JoseError, ValueError):
        return None
    same = (payload["run"], payload["number"], payload["city"], payload["seed"]) == (str(run.run), number, city, run.seed)
    cutoffs: dict[str, dict[str, int]] = payload["cutoffs"]
    in_range = all(0 <= key <= INFINITE for seats in cutoffs.values() for key in seats.values())
    return cutoffs if same and in_range else None


async def state_places(tx: Transaction, run: Run, number: int) -> None:
    """Pseudonym and vacancy of everybody placed, to the convener alone, which takes the hash and keeps nothing."""
    _, standing = await markets.declared(tx, run.run, number)
    places = tuple(Taken(person=name, vacancy=UUID(vacancy)) for name, vacancy in sorted(standing.items()) if vacancy)
    event = PlacesStated(run=run.run, county=tx.home.node, number=number, places=places)
    await announce(tx, event, to=run.convener)


async def offer_places(tx: Transaction, run: Run, number: int) -> None:
    """Holds an introduction (介绍) for everybody placed; of a couple that goes only together, not for one alone."""
    county = await outcome_of(tx, run, number)
    market = await market_of(tx, run, number)
    if county is None or market is None:
        return
    ids, apart = await markets.person_ids(tx, run.run), await markets.residue(tx, run.run, number)
    places = [
        Placed(
            person=ids[name], declared=county.people[name], vacancy=UUID(place.vacancy), city=market.nodes[place.vacancy][1:],
            priority=place.priority or 0, seat=place.seat or "",
        )
        for name, place in county.places().items()
        if place.vacancy and not apart.get(name, "").startswith("only")
    ]  # fmt: skip
    await propose_placed(tx, run.run, number, places, on=run.as_of, weights=run.weights)
