"""The county's work in a run: propose for its people, hear cutoffs, take frozen places out, state places."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from libs.common.database import Transaction
from libs.common.events.matching import CardsProposedV2, PlacesFrozenV2
from libs.common.outbox import announce, announce_all
from services.matching import files
from services.matching.files import packing
from services.matching.kernel.federation import Cards, CountySide
from services.matching.operations.introductions.placements import frozen_places, gone_people
from services.matching.operations.runs.moves import Move, dispute, lock_unmoved
from services.matching.operations.runs.pass_inputs import PassInputs, inputs_of
from services.matching.operations.runs.pass_state_cache import county_side, keep, moved, rises_of
from services.matching.rules.facts import Person
from services.matching.rules.joint_applicants import JointApplicants
from services.matching.rules.opening import allotment_fits
from services.matching.rules.runs import AS_ENTERED, ChannelCount, Pass, PassMessage, Run
from services.matching.rules.weights import Weights
from services.matching.store import run_inputs
from services.matching.store import runs as store

# Cards in one event: some 23 bytes each, well under the broker's limit of a megabyte.
BATCH = 10_000

# pseudonym -> node and vacancy.
Places = dict[str, tuple[str, str]]


async def find_freeze(tx: Transaction, run: Run, step: Pass) -> Move[Places] | None:
    """Tells each city whose places are taken for good; only the county knows who has said yes."""
    if step.number == 1 or step.base != step.number or step.frozen:
        return None
    side = await outcome_side(tx, run, step.number - 1)
    return Move(lambda: places_in(side()) if side else {}, partial(_state_frozen, run=run, step=step))


async def _state_frozen(tx: Transaction, placed: Places, *, run: Run, step: Pass) -> bool:
    if not await lock_unmoved(tx, run, step):
        return False
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
    return True


@dataclass(frozen=True)
class _RollCall:
    """The people file of a pass, unless cities offer other vacancies than they had committed to before the seed was known."""

    roster: bytes
    false: Sequence[str] = ()


async def find_roll_call(tx: Transaction, run: Run, step: Pass) -> Move[_RollCall] | None:
    """Everybody declares the facts of this pass, once the market is known."""
    inputs = None if step.county_has_begun else await inputs_of(tx, run, step.number)
    if inputs is None or await run_inputs.find_roster(tx, run.run, step.number) is not None:
        return None
    declare = await (_in_company(tx, run, inputs) if step.base == 1 else _remaining(tx, run, step.number))
    return Move(partial(_call, run, step, inputs, declare), partial(_write_roster, run=run, step=step))


def _call(run: Run, step: Pass, inputs: PassInputs, declare: Callable[[], bytes]) -> _RollCall:
    cities = run.cities if step.base == 1 else ()
    false = [city for city in cities if not allotment_fits(run.facts[city], inputs.offers.own(city))]
    return _RollCall(b"", false) if false else _RollCall(declare())


async def _write_roster(tx: Transaction, call: _RollCall, *, run: Run, step: Pass) -> bool:
    if not await lock_unmoved(tx, run, step):
        return False
    if call.false:
        await dispute(tx, run, f"allotments are not what was committed: {', '.join(call.false)}")
        return False
    if await run_inputs.find_roster(tx, run.run, step.number) is None:
        await run_inputs.insert_roster(tx, run.run, step.number, call.roster)
    return True


async def _in_company(tx: Transaction, run: Run, inputs: PassInputs) -> Callable[[], bytes]:
    """Everybody as entered, but couples and groups as they stand."""
    entered = await run_inputs.get_roster(tx, run.run, AS_ENTERED)
    company_of = await find_company(tx, run, entered, inputs.weights)

    def declare() -> bytes:
        company = company_of()
        declared = company.declare({vacancy.city for vacancy in inputs.offers.vacancies}, inputs.weights)
        return files.people_replaced(entered, company.people, [declared[name] for name in sorted(declared)])

    return declare


async def find_company(tx: Transaction, run: Run, entered: bytes, weights: Weights) -> Callable[[], JointApplicants]:
    """This county's couples and fellow villagers, of the people file with which everybody entered, and where they stand."""
    stands = await run_inputs.list_stands(tx, run.run)
    return lambda: JointApplicants.of(files.read_people(files.people_in_company(entered), weights)).standing(stands)


async def _remaining(tx: Transaction, run: Run, number: int) -> Callable[[], bytes]:
    """Who is in a pass for freed places: the facts of the pass before, without those who have a place or have left.

    Couples and groups keep the city of the settled pass, so that nobody's standing place can get worse.
    """
    ids, gone = await run_inputs.list_person_ids(tx, run.run), await gone_people(tx, run.run)
    out = await run_inputs.list_frozen_people(tx, run.run) | {name for name, person in ids.items() if person in gone}
    return partial(files.people_without, await run_inputs.get_roster(tx, run.run, number - 1), out)


@dataclass(frozen=True)
class _Turn:
    """What a county's turn answers: the cutoffs that wait; and how many batches each city was sent before."""

    run: Run
    step: Pass
    inputs: PassInputs
    messages: list[PassMessage]
    sent: Mapping[str, int]

    @property
    def chain(self) -> int:
        return 1 + max((message.round for message in self.messages), default=0)


@dataclass(frozen=True)
class _Looked:
    """The cards of those who fell below a cutoff or had not asked yet, as they go to each city."""

    side: CountySide
    cards: Mapping[str, list[CardsProposedV2]]
    counts: list[ChannelCount]


async def find_turn(tx: Transaction, run: Run, step: Pass) -> Move[_Looked] | None:
    """Answers the cutoffs that are here; the first time everybody proposes."""
    inputs = await inputs_of(tx, run, step.number)
    messages = await store.list_waiting_messages(tx, run.run, step.number, "cutoffs")
    if inputs is None or (step.county_has_begun and not messages):
        return None
    if await run_inputs.find_roster(tx, run.run, step.number) is None:
        return None
    turn = _Turn(run, step, inputs, messages, await store.list_batches_sent(tx, run.run, step.number, "cards"))
    side = await county_side(tx, run, step, inputs)
    return Move(lambda: _look(turn, side(), tx.node.id), partial(_write, turn=turn))


def _look(turn: _Turn, side: CountySide, node: str) -> _Looked:
    """Compares this county's people with the cutoffs that rose; whoever fell below, or has not asked yet, proposes."""
    for message in turn.messages:
        side.hear(message.sender, rises_of(message, turn.inputs))
    handled = [ChannelCount("cutoffs", each.sender, handled=int(each.data["count"])) for each in turn.messages]
    cards = {city: _proposed(turn, city, own, node) for city, own in side.look().items()}
    sent = [
        ChannelCount("cards", city, sent=event.count, bytes=len(event.model_dump_json()), batches=1)
        for city, events in cards.items()
        for event in events
    ]
    return _Looked(side, cards, [*handled, *sent])


def _proposed(turn: _Turn, city: str, own: Cards, node: str) -> list[CardsProposedV2]:
    """Cards in batches, each addressed to the one node that offers the vacancies."""
    return [
        CardsProposedV2(
            run=turn.run.run,
            county=node,
            number=turn.step.number,
            batch=batch,
            round=turn.chain,
            count=len(part.vacancy),
            **packing.pack_cards(part),
        )
        for batch, part in enumerate(own.portions(BATCH), start=1 + turn.sent.get(city, 0))
    ]


async def _write(tx: Transaction, looked: _Looked, *, turn: _Turn) -> bool:
    """What was answered, what was sent and the counts of both, all in one transaction."""
    run, step = turn.run, turn.step
    if not await lock_unmoved(tx, run, step):
        return False
    await store.update_messages_taken(tx, run.run, step.number, turn.messages)
    await store.upsert_counts(tx, run.run, step.number, looked.counts)
    for city, events in looked.cards.items():
        await announce_all(tx, events, to=city)
    await moved(tx, run, step, looked.side)
    await store.update_statement_owed(tx, run.run, step.number)
    return True


async def outcome_side(tx: Transaction, run: Run, number: int) -> Callable[[], CountySide] | None:
    """This county's side of a pass as it stands, to be had in a thread and read; None before the pass has begun here.

    Raises RunForgotten.
    """
    inputs, step = await inputs_of(tx, run, number), await store.find_pass(tx, run.run, number)
    if inputs is None or step is None or not step.county_has_begun:
        return None
    run.with_messages()
    return partial(keep, tx.node.id, run, step, await county_side(tx, run, step, inputs))


async def outcome_of(tx: Transaction, run: Run, number: int) -> CountySide | None:
    """The same for whoever only reads, and holds nothing."""
    side = await outcome_side(tx, run, number)
    return await asyncio.to_thread(side) if side else None


async def places_of(tx: Transaction, run: Run, number: int) -> Places:
    """Of everybody placed in a pass as it stands, for whoever only reads."""
    side = await outcome_of(tx, run, number)
    return places_in(side) if side else {}


def places_in(side: CountySide) -> Places:
    names, vacancy = side.run.people.person.listed(), side.places().vacancy
    offers = side.offers
    return {
        names[row].decode(): (offers.node_of(at), offers.vacancies[at].vacancy)
        for row, at in enumerate(vacancy.tolist())
        if at >= 0
    }


def declared_by(roster: bytes, names: Iterable[str], weights: Weights) -> dict[str, Person]:
    """The facts that some people declare in a pass."""
    return files.read_people(files.people_among(roster, names), weights)
