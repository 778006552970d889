"""What a convener (召集方) does: announce a run, list commitments, open, close passes, settle, stop. It holds no person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.envelope import Event
from libs.common.events.matching import (
    CommitmentMade,
    PassClosed,
    PassOpened,
    PassReviewed,
    PlacesStatedV2,
    ProgressStated,
    ResultStated,
    RunAnnounced,
    RunCommitted,
    RunOpened,
    RunSettled,
    RunStopped,
    ShareRevealed,
)
from libs.common.outbox import announce
from libs.common.problems import FieldError, Invalid
from services.matching.files import packing
from services.matching.operations import weights
from services.matching.rules.closing import channels, is_over, newer, residue
from services.matching.rules.opening import misfits, seed_of
from services.matching.rules.results import hash_of_pairs
from services.matching.rules.runs import (
    ANNOUNCED,
    CLOSED,
    COMMITTED,
    OPEN,
    SETTLED,
    STOPPED,
    NotTheConvener,
    Run,
    WrongStep,
)
from services.matching.rules.weights_versions import WeightsVersion
from services.matching.store import runs as store


@dataclass(frozen=True)
class RunTerms:
    """What the convener decides: who takes part, the day on which facts hold, the weights, the deadline."""

    counties: tuple[str, ...]
    cities: tuple[str, ...]
    as_of: date
    weights: str
    deadline: date


async def announce_run(tx: Transaction, new: RunTerms) -> Run:
    """Announces a run to its participants; they commit by themselves as soon as they have what they need."""
    named = await _check(tx, new)
    run = Run(new_id(), tx.node.id, new.counties, new.cities, new.as_of, new.weights, new.deadline, named.digest)
    await store.insert_run_if_absent(tx, run)
    await weights.announce_weights(tx, named)
    event = RunAnnounced(
        run=run.run,
        convener=run.convener,
        counties=run.counties,
        cities=run.cities,
        as_of=run.as_of,
        weights=run.weights,
        deadline=run.deadline,
        weights_digest=run.weights_digest,
    )
    await announce(tx, event)
    return run


async def _check(tx: Transaction, new: RunTerms) -> WeightsVersion:
    """Refuses what is unknown here; answers the weights that the run names."""
    known = {tx.node.id, *tx.node.partners}
    wrong = [
        FieldError(f"/{field}/{at}", "unknown_node", f"{node} 不是合作节点 The node {node} is no partner of this one")
        for field, nodes in (("counties", new.counties), ("cities", new.cities))
        for at, node in enumerate(nodes)
        if node not in known
    ]
    named = await weights.find_own(tx, new.weights)
    if named is None:
        wrong.append(
            FieldError(
                "/weights",
                "unknown_version",
                f"{new.weights} 不是已发布的权重版本 The version {new.weights} is not published",
            )
        )
    if wrong or named is None:
        raise Invalid("请修正所列字段 Correct the fields listed.", errors=wrong)
    return named


async def open_pass(tx: Transaction, run: UUID) -> Run:
    """A further pass for places that came free after the run had settled."""
    found = await _convened(tx, run)
    if found.state != SETTLED:
        raise WrongStep(f"本轮状态为「{found.state}」 The run is {found.state}, not settled.")
    return await _open_pass(tx, found, "freed", base=found.number + 1)


async def stop_run(tx: Transaction, run: UUID, reason: str) -> Run:
    """Ends a run before it settled, naming who did not answer and measuring what was left undone."""
    found = await _convened(tx, run)
    if found.state in (SETTLED, STOPPED):
        raise WrongStep(f"本轮状态为「{found.state}」 The run is {found.state} already.")
    return await _stop(tx, found, reason, await waiting_for(tx, found))


async def _convened(tx: Transaction, run: UUID) -> Run:
    found = await store.lock_run(tx, run)
    if found.convener != tx.node.id:
        raise NotTheConvener(f"召集方是「{found.convener}」 The convener is {found.convener}.")
    return found


async def note(tx: Transaction, run: UUID, number: int, node: str, said: Event) -> None:
    """Keeps what a participant has said, then takes the step that is due, if any."""
    found = await _at_convener(tx, run)
    if found is None:
        return
    await store.upsert_statement(tx, run, number, node, said)
    if node in found.participants and found.state in _STEPS:
        await _STEPS[found.state](tx, found)


async def note_places(tx: Transaction, event: PlacesStatedV2, node: str) -> None:
    """A county's places in a settled pass; what is no place is refused here."""
    packing.unpack_places(_packed(event))
    await note(tx, event.run, event.number, node, event)


def _packed(event: PlacesStatedV2) -> Mapping[str, Any]:
    return event.model_dump(include={"count", "persons", "vacancies"})


async def _at_convener(tx: Transaction, run: UUID) -> Run | None:
    """The run, locked, if this node convenes it; all other nodes hear the same statements and need not."""
    found = await store.find_run(tx, run)
    if found is None or found.convener != tx.node.id:
        return None
    return await store.lock_run_if_known(tx, run)


async def note_progress(tx: Transaction, event: ProgressStated) -> None:
    """Progress of one node, the later of what it has said."""
    if await _at_convener(tx, event.run) is None:
        return
    known = (await store.list_statements(tx, event.run, event.number, ProgressStated)).get(event.node)
    await note(tx, event.run, event.number, event.node, newer(known, event))


async def _commit(tx: Transaction, run: Run) -> None:
    said = await store.list_statements(tx, run.run, 0, CommitmentMade)
    if not set(run.participants) <= said.keys():
        return
    commitments = {node: said[node].commitment for node in run.participants}
    await store.update_run(tx, run.run, state=COMMITTED, commitments=commitments)
    await announce(tx, RunCommitted(run=run.run, commitments=commitments))


async def _open(tx: Transaction, run: Run) -> None:
    said = await store.list_statements(tx, run.run, 0, ShareRevealed)
    if not set(run.participants) <= said.keys():
        return
    facts = {node: said[node].facts for node in run.participants}
    shares = {node: said[node].share for node in run.participants}
    wrong = misfits(run.commitments, facts, shares)
    if wrong:
        await _stop(tx, run, "revealed what was not committed", wrong)
        return
    seed = seed_of(shares)
    await store.insert_pass_if_absent(tx, run.run, 1, "first", 1)
    await store.update_run(tx, run.run, state=OPEN, number=1, seed=seed, shares=shares, facts=facts)
    await announce(tx, RunOpened(run=run.run, seed=seed, shares=shares, facts=facts))


async def _progress(tx: Transaction, run: Run) -> dict[str, ProgressStated]:
    said = await store.list_statements(tx, run.run, run.number, ProgressStated)
    return {node: progress for node, progress in said.items() if node in run.participants}


async def _close(tx: Transaction, run: Run) -> None:
    said = await _progress(tx, run)
    if not is_over(said, run.counties, run.cities):
        return
    closing = PassClosed(
        run=run.run,
        number=run.number,
        channels=channels(said, run.counties, run.cities),
        rounds=max(each.rounds for each in said.values()),
        placed=sum(each.placed for each in said.values()),
        refused=sum(each.refused for each in said.values()),
        displaced=sum(each.displaced for each in said.values()),
        displaced_across=sum(each.displaced_across for each in said.values()),
    )
    await store.update_pass(tx, run.run, run.number, closing=closing.model_dump(mode="json"))
    await store.update_run(tx, run.run, state=CLOSED)
    await announce(tx, closing)


async def _settle(tx: Transaction, run: Run) -> None:
    said = await store.list_statements(tx, run.run, run.number, PassReviewed)
    if not set(run.counties) <= said.keys():
        return
    if any(said[county].another for county in run.counties):
        found = await store.find_pass(tx, run.run, run.number)
        await _open_pass(tx, run, "couples", base=found.base if found else 1)
        return
    unsettled = sum(said[county].residue for county in run.counties)
    await store.update_run(tx, run.run, state=SETTLED, settled=run.number, residue=unsettled, hash=None)
    await announce(tx, RunSettled(run=run.run, number=run.number))


async def _open_pass(tx: Transaction, run: Run, reason: str, base: int) -> Run:
    number = run.number + 1
    await store.insert_pass_if_absent(tx, run.run, number, reason, base)
    await store.update_run(tx, run.run, state=OPEN, number=number)
    await announce(tx, PassOpened.model_validate({"run": run.run, "number": number, "reason": reason, "base": base}))
    found = await store.find_run(tx, run.run)
    return found or run


async def _state_result(tx: Transaction, run: Run) -> None:
    """The hash over all counties' places; the places themselves are not kept here."""
    said = await store.list_statements(tx, run.run, run.number, PlacesStatedV2)
    if not set(run.counties) <= said.keys():
        return
    pairs = [pair for county in run.counties for pair in packing.unpack_places(_packed(said[county])).items()]
    await store.delete_statements(tx, run.run, run.number, PlacesStatedV2)
    await store.update_run(tx, run.run, hash=hash_of_pairs(pairs), placed=len(pairs))
    await announce(tx, ResultStated(run=run.run, number=run.number, hash=hash_of_pairs(pairs), placed=len(pairs)))


async def _stop(tx: Transaction, run: Run, reason: str, missing: list[str]) -> Run:
    table = channels(await _progress(tx, run), run.counties, run.cities) if run.number else ()
    left = residue(table)
    await store.update_run(tx, run.run, state=STOPPED, reason=reason, missing=missing, residue=left)
    await announce(tx, RunStopped(run=run.run, reason=reason, missing=tuple(missing), residue=left))
    found = await store.find_run(tx, run.run)
    return found or run


async def waiting_for(tx: Transaction, run: Run) -> list[str]:
    """Who has not said what the run is waiting for; nobody where it has ended."""
    if run.state not in _AWAITED:
        return []
    number, what = _AWAITED[run.state]
    awaited = run.counties if what is PassReviewed else run.participants
    return sorted(set(awaited) - await store.list_speakers(tx, run.run, run.number if number is None else number, what))


# What a run waits for in each state: said of the whole run (0), or of the pass it is in.
_AWAITED: Mapping[str, tuple[int | None, type[Event]]] = {
    ANNOUNCED: (0, CommitmentMade),
    COMMITTED: (0, ShareRevealed),
    OPEN: (None, ProgressStated),
    CLOSED: (None, PassReviewed),
}
_STEPS = {ANNOUNCED: _commit, COMMITTED: _open, OPEN: _close, CLOSED: _settle, SETTLED: _state_result}
