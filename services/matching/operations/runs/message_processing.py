"""A node's turns in a pass (轮次往来): messages wait as they come, a turn answers all of them, and at rest the node says how far it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import (
    AllotmentStated,
    CardsProposedV2,
    Counted,
    CutoffsRaisedV2,
    PlacesFrozenV2,
    ProgressStated,
)
from libs.common.outbox import announce
from services.matching.files import packing
from services.matching.operations.runs import city as run_city
from services.matching.operations.runs import county as run_county
from services.matching.operations.runs.moves import Move
from services.matching.operations.weights import find_weights_of
from services.matching.rules.runs import ANNOUNCED, OPEN, ChannelCount, Pass, PassMessage, Run
from services.matching.rules.weights import Weights
from services.matching.store import run_inputs
from services.matching.store import runs as store

# How far back an announced run is looked for.
RUNS = 5
# A node says how far it is when it comes to rest: between two of its turns nobody could conclude anything from it. So much
# older than that are at most the counts of a run that is stopped.
UNSTATED_LONGEST = timedelta(seconds=2)
_CARDS, _CUTOFFS = {"count", "persons", "vacancies", "priorities", "groups"}, {"count", "vacancies", "seats", "keys"}


async def hear_allotment(tx: Transaction, event: AllotmentStated) -> None:
    await run_inputs.insert_allotment_if_absent(
        tx, event.run, event.number, event.city, event.batch, event.batches, event.allotted
    )


async def hear_cards(tx: Transaction, event: CardsProposedV2) -> None:
    """Cards of a county wait until this node looks at all that have come; what is no card is refused here."""
    data = event.model_dump(include=_CARDS)
    packing.unpack_cards(data)
    message = PassMessage("cards", event.county, event.batch, event.round, data)
    await store.insert_messages_if_absent(tx, event.run, event.number, [message])


async def hear_frozen(tx: Transaction, event: PlacesFrozenV2) -> None:
    data = event.model_dump(include={"count", "persons", "vacancies"})
    packing.unpack_places(data)
    message = PassMessage("frozen", event.county, 0, 0, data)
    await store.insert_messages_if_absent(tx, event.run, event.number, [message])


async def hear_cutoffs(tx: Transaction, event: CutoffsRaisedV2) -> None:
    """Cutoffs of a city, for the counties of the run."""
    run = await store.find_run(tx, event.run)
    if run is None or tx.node.id in run.counties:
        data = event.model_dump(include=_CUTOFFS)
        packing.unpack_rises(data)
        message = PassMessage("cutoffs", event.city, event.batch, event.round, data)
        await store.insert_messages_if_absent(tx, event.run, event.number, [message])


async def withdraw_vacancy(tx: Transaction, vacancy: UUID) -> None:
    """An own vacancy that was withdrawn closes in every pass that is open here."""
    for run, number in await store.list_open_runs(tx):
        found, step = await store.lock_run_if_known(tx, run), await store.find_pass(tx, run, number)
        if found and step and tx.node.id in found.cities and step.started:
            await run_city.withdraw(tx, found, step, [vacancy])


Find = Callable[[Transaction, Run, Pass], Awaitable[Move[Any] | None]]
_OF_CITY: tuple[Find, ...] = (run_city.find_freeze, run_city.find_turn)
_OF_COUNTY: tuple[Find, ...] = (run_county.find_freeze, run_county.find_roll_call, run_county.find_turn)
# What a node does in an open pass, in this order, each at most once in a turn.
STEPS = (*_OF_CITY, *_OF_COUNTY)


async def find_step(tx: Transaction, find: Find, run: UUID) -> Move[Any] | None:
    """One of the steps of a turn, if this node can take it in the pass that is open."""
    found = await store.find_run(tx, run)
    if found is None or found.state != OPEN or not found.is_under_way:
        return None
    takes_part = tx.node.id in (found.cities if find in _OF_CITY else found.counties)
    step = await store.find_pass(tx, run, found.number) if takes_part else None
    return await find(tx, found, step) if step else None


async def state_due(tx: Transaction, moved: Collection[UUID]) -> None:
    """Says how far this node is, in the runs in which it came to rest or has been silent for long."""
    for run, since in (await store.list_owed_statements(tx)).items():
        if run not in moved or tx.node.clock.now() - since > UNSTATED_LONGEST:
            await state_progress(tx, run)


async def find_weights_to_play(tx: Transaction) -> Weights | None:
    """What the kernel will soon compute with, if a turn or an announced run waits here."""
    announced = [run for run in await store.list_runs(tx, None, RUNS) if run.state == ANNOUNCED and run.dispute is None]
    waiting = [await store.get_run(tx, run) for run in await store.list_waiting_runs(tx)]
    for run in (*waiting, *announced):
        if tx.node.id in run.participants and (weights := await find_weights_of(tx, run)):
            return weights
    return None


async def state_progress(tx: Transaction, announced: UUID) -> None:
    """The counts as they stand; this node acts only on messages, so it is idle."""
    run = await store.lock_run_if_known(tx, announced)
    step = await store.find_pass(tx, announced, run.number) if run else None
    if run is None or step is None or not step.has_begun(tx.node.id, run):
        return
    await store.update_pass(tx, announced, run.number, unstated_since=None)
    await announce(
        tx,
        ProgressStated(
            run=run.run,
            node=tx.node.id,
            number=run.number,
            counts=await counted(tx, run, run.number),
            rounds=step.rounds,
            idle=True,
            placed=step.placed,
            refused=step.refused,
            displaced=step.displaced,
            displaced_across=step.displaced_across,
        ),
    )


async def counted(tx: Transaction, run: Run, number: int) -> tuple[Counted, ...]:
    """This node's counts towards every counterpart, those still at 0 included."""
    known = {(each.kind, each.counterpart): each for each in await store.list_counts(tx, run.run, number)}
    pairs = [(kind, city) for kind in ("cards", "cutoffs") for city in run.cities if tx.node.id in run.counties]
    pairs += [(kind, county) for kind in ("cards", "cutoffs") for county in run.counties if tx.node.id in run.cities]
    return tuple(
        Counted.model_validate(known.get(pair, ChannelCount(*pair)), from_attributes=True)
        for pair in sorted(set(pairs))
    )
