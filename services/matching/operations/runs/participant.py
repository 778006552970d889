"""What every participant of a run does: join, commit, reveal, and follow the convener."""

from __future__ import annotations

import secrets
from functools import partial
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import (
    CertificateSigned,
    CommitmentMade,
    PassClosed,
    PassOpened,
    ResultStated,
    RunAnnounced,
    RunCommitted,
    RunOpened,
    RunSettled,
    RunStopped,
    ShareRevealed,
    WeightsPublished,
)
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.matching.operations import weights
from services.matching.operations.runs.message_processing import counted
from services.matching.operations.runs.moves import Move, dispute
from services.matching.rules.closing import agrees
from services.matching.rules.opening import commitment_of, facts_of, misfits, seed_of
from services.matching.rules.runs import CLOSED, COMMITTED, OPEN, SETTLED, STOPPED, Run, is_later
from services.matching.store import run_inputs
from services.matching.store import runs as store


async def join_run(tx: Transaction, event: RunAnnounced) -> None:
    """Keeps the run; a county enters it as soon as its weights are here, a city with its allotment."""
    run = Run(
        event.run,
        event.convener,
        event.counties,
        event.cities,
        event.as_of,
        event.weights,
        event.deadline,
        event.weights_digest,
    )
    if await store.insert_run_if_absent(tx, run):
        await _await_weights(tx, run)


async def hear_weights(tx: Transaction, event: WeightsPublished) -> None:
    """A partner's version of the weights; runs that waited for it can be entered now."""
    if await weights.keep_weights(tx, event):
        for run in await store.list_runs_awaiting(tx, event.node, event.version):
            await _await_weights(tx, run)


async def _await_weights(tx: Transaction, run: Run) -> None:
    """Topics have no common order, so the weights may come after the run; others under the same name never stand in."""
    if tx.node.id not in run.participants or await weights.find_version_of(tx, run):
        return
    if await weights.are_published_otherwise(tx, run):
        await dispute(tx, run, f"the run names weights {run.weights} that are not those its convener published")
    else:
        log.warning("weights_awaited", run=str(run.run), weights=run.weights, digest=run.weights_digest)


async def convenes(tx: Transaction, run: UUID, node: str) -> bool:
    """Whether a node is the run's convener: a step that anybody else announces is none."""
    found = await store.find_run(tx, run)
    return found is not None and found.convener == node


async def find_commitment(tx: Transaction, run: Run) -> Move[str]:
    """Binds this node to its facts, once it has both of its sides together."""
    here = tx.node.id
    own = (await run_inputs.list_allotments(tx, run.run, 1)).get(here)
    people = await run_inputs.list_people(tx, run.run) if here in run.counties else None
    return Move(
        lambda: facts_of(people.values() if people is not None else None, own.values() if own is not None else None),
        partial(_commit, run=run),
    )


async def _commit(tx: Transaction, facts: str, *, run: Run) -> bool:
    found = await store.lock_run(tx, run.run)
    if found.awaits_entry:
        await make_commitment(tx, found, facts)
    return found.awaits_entry


async def make_commitment(tx: Transaction, run: Run, facts: str) -> None:
    """Binds this node to its facts and its share of the seed."""
    share = secrets.token_hex(32)
    await store.update_run(tx, run.run, own_facts=facts, own_share=share)
    await announce(tx, CommitmentMade(run=run.run, node=tx.node.id, commitment=commitment_of(facts, share)))


async def reveal(tx: Transaction, event: RunCommitted) -> None:
    """Everybody is bound: shows facts and share, unless the convener lists another commitment of ours."""
    run = await _step(tx, event.run, COMMITTED, 0, commitments=event.commitments)
    if run is None or run.own_facts is None or run.own_share is None:
        return
    if event.commitments.get(tx.node.id) != commitment_of(run.own_facts, run.own_share):
        await dispute(tx, run, "the convener lists another commitment of this node")
        return
    await announce(tx, ShareRevealed(run=run.run, node=tx.node.id, facts=run.own_facts, share=run.own_share))


async def open_run(tx: Transaction, event: RunOpened) -> None:
    """Checks that everybody revealed what had been committed and that the seed follows from it; then the first pass."""
    run = await store.lock_run_if_known(tx, event.run)
    if run is None:
        return
    wrong = misfits(run.commitments, event.facts, event.shares)
    own = run.own_share is None or event.shares.get(tx.node.id) == run.own_share
    if wrong or not own or seed_of(event.shares) != event.seed:
        await dispute(tx, run, f"the seed does not follow from the commitments {wrong}")
        return
    await store.insert_pass_if_absent(tx, event.run, 1, "first", 1)
    await _step(tx, event.run, OPEN, 1, seed=event.seed, shares=event.shares, facts=event.facts)


async def follow_pass(tx: Transaction, event: PassOpened) -> None:
    """A further pass: everything from scratch."""
    await store.insert_pass_if_absent(tx, event.run, event.number, event.reason, event.base)
    await _step(tx, event.run, OPEN, event.number, hash=None)


async def close_pass(tx: Transaction, event: PassClosed) -> None:
    """Compares the closing table with the counts kept here; then the worker signs the city's cutoffs and looks at the county's couples."""
    run = await _step(tx, event.run, CLOSED, event.number)
    if run is None:
        return
    await store.update_pass(tx, run.run, event.number, closing=event.model_dump(mode="json"))
    if tx.node.id not in run.participants or not run.is_under_way:
        return
    if not agrees(tx.node.id, await counted(tx, run, event.number), event.channels):
        await dispute(tx, run, f"the closing table of pass {event.number} is not what was counted here")
        return
    tx.hint(store.HINT)


async def settle_run(tx: Transaction, event: RunSettled) -> None:
    """The places of this pass may be offered, which the worker does."""
    if await _step(tx, event.run, SETTLED, event.number, settled=event.number):
        tx.hint(store.HINT)


async def keep_result(tx: Transaction, event: ResultStated) -> None:
    await store.update_run(tx, event.run, hash=event.hash, placed=event.placed)


async def follow_stop(tx: Transaction, event: RunStopped) -> None:
    """The run ends here too; what was held in it is void."""
    await _step(tx, event.run, STOPPED, 0, reason=event.reason, missing=event.missing, residue=event.residue)


async def hear_certificate(tx: Transaction, event: CertificateSigned) -> None:
    """Every node keeps the certificate; a county's worker verifies its people when it has all of them."""
    await store.insert_certificate_if_absent(tx, event.run, event.number, event.city, event.certificate)


async def _step(tx: Transaction, run: UUID, state: str, number: int, **values: object) -> Run | None:
    """Moves the run forward, never back: a convener is ahead of its own announcements."""
    found = await store.lock_run_if_known(tx, run)
    if found is None:
        return None
    if is_later(found, state, number):
        await store.update_run(tx, run, state=state, number=max(number, found.number), **values)
    return await store.find_run(tx, run)
