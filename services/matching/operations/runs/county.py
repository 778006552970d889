"""The county's work in a run: propose for its people, hear cutoffs, take frozen places out, state places."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from libs.common.database import Transaction
from libs.common.events.matching import CardsProposedV2, PlacesFrozenV2, PlacesStatedV2
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.matching import files
from services.matching.files import packing
from services.matching.kernel.federation import Cards, CountySide
from services.matching.operations.introductions.placements import frozen_places, gone_people
from services.matching.operations.runs.pass_inputs import PassInputs, inputs_of
from services.matching.operations.runs.pass_state_cache import county_side, keep, moved, rises_of
from services.matching.operations.weights import weights_of
from services.matching.rules.facts import Person
from services.matching.rules.joint_applicants import JointApplicants
from services.matching.rules.opening import allotment_fits
from services.matching.rules.runs import AS_ENTERED, ChannelCount, Pass, PassMessage, Run
from services.matching.rules.weights import Weights
from services.matching.store import run_inputs
from services.matching.store import runs as store

# Cards in one event: some 23 bytes each, well under the broker's limit of a megabyte.
BATCH = 10_000


async def advance(tx: Transaction, run: Run, step: Pass) -> bool:
    """Names frozen places, begins the pass when the market is known, and answers the cutoffs that are here."""
    if step.number > 1 and step.base == step.number and not step.frozen:
        await _freeze(tx, run, step)
    inputs = await inputs_of(tx, run, step.number)
    if inputs is None or not await _as_committed(tx, run, step, inputs):
        return False
    messages = await store.update_messages_taken(tx, run.run, step.number, "cutoffs")
    if not step.county_has_begun:
        await _roll_call(tx, run, step, inputs)
    if not step.county_has_begun or messages:
        await _look(tx, run, step, inputs, messages)
    return bool(messages) or not step.county_has_begun


async def _as_committed(tx: Transaction, run: Run, step: Pass, inputs: PassInputs) -> bool:
    """Whether the cities offer what they had committed to before the seed was known."""
    if step.county_has_begun or step.base > 1:
        return True
    false = [city for city in run.cities if not allotment_fits(run.facts[city], inputs.offers.own(city))]
    if false:
        log.error("run_disputed", run=str(run.run), cities=false)
        await store.update_run(tx, run.run, dispute=f"allotments are not what was committed: {', '.join(false)}")
    return not false


async def _roll_call(tx: Transaction, run: Run, step: Pass, inputs: PassInputs) -> None:
    """Everybody declares the facts of this pass."""
    roster = await (_in_company(tx, run, inputs) if step.base == 1 else _remaining(tx, run, step.number))
    await run_inputs.insert_roster(tx, run.run, step.number, roster)


async def _in_company(tx: Transaction, run: Run, inputs: PassInputs) -> bytes:
    """Everybody as entered, but couples and groups as they stand."""
    entered = await run_inputs.get_roster(tx, run.run, AS_ENTERED)
    company = await company_of(tx, run, entered)
    declared = company.declare({vacancy.city for vacancy in inputs.offers.vacancies}, inputs.weights)
    return await asyncio.to_thread(
        files.people_replaced, entered, company.people, [declared[name] for name in sorted(declared)]
    )


async def company_of(tx: Transaction, run: Run, entered: bytes) -> JointApplicants:
    """This county's couples and fellow villagers, of the people file with which everybody entered, and where they stand."""
    members = files.read_people(files.people_in_company(entered), await weights_of(tx, run))
    return JointApplicants.of(members).standing(await run_inputs.list_stands(tx, run.run))


async def _remaining(tx: Transaction, run: Run, number: int) -> bytes:
    """Who is in a pass for freed places: the facts of the pass before, without those who have a place or have left.

    Couples and groups keep the city of the settled pass, so that nobody's standing place can get worse.
    """
    ids, gone = await run_inputs.list_person_ids(tx, run.run), await gone_people(tx, run.run)
    out = await run_inputs.list_frozen_people(tx, run.run) | {name for name, person in ids.items() if person in gone}
    return files.people_without(await run_inputs.get_roster(tx, run.run, number - 1), out)


async def _freeze(tx: Transaction, run: Run, step: Pass) -> None:
    """Tells each city whose places are taken for good; only the county knows who has said yes."""
    placed = await places_of(tx, run, step.number - 1)
    signed = {place.pseudonym for place in await frozen_places(tx, run.run) if place.county == tx.node.code}
    agreed = signed - await run_inputs.list_frozen_people(tx, run.run)
    taken = {name: place for name, place in placed.items() if name in agreed}
    for city in run.cities:
        at_city = {name: vacancy for name, (node, vacancy) in taken.items() if node == city}
        places = packing.pack_places(at_city)
        await announce(
            tx,
            PlacesFrozenV2(run=run.run, county=tx.node.id, number=step.number, count=len(at_city), **places),
            to=city,
        )
    await run_inputs.update_frozen_people(tx, run.run, step.number - 1, taken)
    await store.update_pass(tx, run.run, step.number, frozen=True)


async def _look(tx: Transaction, run: Run, step: Pass, inputs: PassInputs, messages: Sequence[PassMessage]) -> None:
    """Compares this county's people with the cutoffs that rose; whoever fell below, or has not asked yet, proposes."""
    side = await county_side(tx, run, step, inputs, messages)
    for message in messages:
        side.hear(message.sender, rises_of(message, inputs))
    await store.upsert_counts(
        tx,
        run.run,
        step.number,
        [ChannelCount("cutoffs", each.sender, handled=int(each.data["count"])) for each in messages],
    )
    cards = await asyncio.to_thread(side.look)
    await _send(tx, run, step.number, cards, 1 + max((message.round for message in messages), default=0))
    await moved(tx, run, step, side)


async def _send(tx: Transaction, run: Run, number: int, cards: Mapping[str, Cards], chain: int) -> None:
    """Cards in batches, each addressed to the one node that offers the vacancies."""
    before, sent = await store.list_batches_sent(tx, run.run, number, "cards"), []
    for city, own in cards.items():
        for batch, part in enumerate(own.portions(BATCH), start=1 + before.get(city, 0)):
            event = CardsProposedV2(
                run=run.run,
                county=tx.node.id,
                number=number,
                batch=batch,
                round=chain,
                count=len(part.vacancy),
                **packing.pack_cards(part),
            )
            sent.append(ChannelCount("cards", city, sent=event.count, bytes=len(event.model_dump_json()), batches=1))
            await announce(tx, event, to=city)
    await store.upsert_counts(tx, run.run, number, sent)


async def outcome_of(tx: Transaction, run: Run, number: int) -> CountySide | None:
    """This county's side of a pass as it stands, to be read; None before the pass has begun here. Raises RunForgotten."""
    inputs, step = await inputs_of(tx, run, number), await store.find_pass(tx, run.run, number)
    if inputs is None or step is None or not step.county_has_begun:
        return None
    run.with_messages()
    side = await county_side(tx, run, step, inputs)
    keep(tx, run, step, side)
    return side


async def places_of(tx: Transaction, run: Run, number: int) -> dict[str, tuple[str, str]]:
    """pseudonym -> node and vacancy, of everybody placed in a pass as it stands."""
    side = await outcome_of(tx, run, number)
    if side is None:
        return {}
    names, vacancy = side.run.people.person.listed(), side.places().vacancy
    offers = side.offers
    return {
        names[row].decode(): (offers.node_of(at), offers.vacancies[at].vacancy)
        for row, at in enumerate(vacancy.tolist())
        if at >= 0
    }


async def state_places(tx: Transaction, run: Run, number: int) -> None:
    """Pseudonym and vacancy of everybody placed, to the convener alone, which takes the hash and keeps nothing."""
    placed = {name: vacancy for name, (_, vacancy) in (await places_of(tx, run, number)).items()}
    event = PlacesStatedV2(
        run=run.run, county=tx.node.id, number=number, count=len(placed), **packing.pack_places(placed)
    )
    await announce(tx, event, to=run.convener)


def declared_by(roster: bytes, names: Iterable[str], weights: Weights) -> dict[str, Person]:
    """The facts that some people declare in a pass."""
    return files.read_people(files.people_among(roster, names), weights)
