"""The city's work in a run: allot openings, hold the best cards, publish cutoffs, sign them when a pass is closed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import AllotmentStated, Allotted, CertificateSigned, CutoffsRaisedV2
from libs.common.outbox import announce
from libs.common.problems import FieldError
from services.matching.files import packing
from services.matching.kernel.federation import CitySide, Rises
from services.matching.operations.runs.pass_inputs import PassInputs, own_inputs_of
from services.matching.operations.runs.pass_state_cache import city_side, handle, keep, moved
from services.matching.operations.weights import weights_of
from services.matching.rules.choice import seat_types
from services.matching.rules.entry import group_of
from services.matching.rules.facts import FactsRefused, Vacancy, as_data, check_vacancies, vacancy_of
from services.matching.rules.freezing import closed, freeze
from services.matching.rules.runs import (
    ANNOUNCED,
    AllotmentRefused,
    ChannelCount,
    NotInTheRun,
    Pass,
    PassMessage,
    Run,
    WrongStep,
)
from services.matching.rules.weights import Weights
from services.matching.store import run_inputs
from services.matching.store import runs as store

# How many vacancies (as JSON) and cutoffs (packed) travel in one event: well under the broker's limit of a megabyte.
BATCH, BATCH_OF_CUTOFFS = 1000, 20_000

FROM_THE_LIST = (
    "city",
    "age_min",
    "age_max",
    "education_min",
    "certificates",
    "demands",
    "accommodations",
    "wage",
    "starts_by",
    "offers",
    "experience_points",
)


@dataclass(frozen=True)
class Share:
    """What an officer gives to a run of one vacancy."""

    vacancy: UUID
    openings: int
    reserved: Mapping[str, int]


async def allot(tx: Transaction, run: UUID, shares: Sequence[Share]) -> int:
    """Allots openings of this city's own vetted vacancies to a run (配额); answers how many openings."""
    found = await store.lock_run(tx, run)
    if tx.node.id not in found.cities:
        raise NotInTheRun
    if found.state != ANNOUNCED or found.own_share is not None:
        raise WrongStep("本市已提交本轮配额 This city's allotment to the run is made already.")
    weights = await weights_of(tx, found)
    rows = await run_inputs.list_own_vacancies(tx, tx.node.id, (share.vacancy for share in shares))
    _refuse(shares, rows)
    vacancies = [_offered(share, rows[share.vacancy], weights) for share in shares]
    _judge(vacancies, weights)
    await _state_allotment(tx, run, 1, vacancies)
    return sum(vacancy.openings for vacancy in vacancies)


def _refuse(shares: Sequence[Share], rows: Mapping[UUID, Mapping[str, Any]]) -> None:
    wrong = []
    for at, share in enumerate(shares):
        row = rows.get(share.vacancy)
        if row is None:
            message = "本市没有这个已发布的岗位 This city has announced no such vacancy"
            wrong.append(FieldError(f"/allotted/{at}/vacancy", "unknown", message))
        elif share.openings > row["openings_left"]:
            message = f"尚余 {row['openings_left']} 个名额 Only {row['openings_left']} openings are left"
            wrong.append(FieldError(f"/allotted/{at}/openings", "too_many", message))
    if wrong:
        raise AllotmentRefused("请修正所列岗位 Correct the vacancies listed.", errors=wrong)


def _offered(share: Share, row: Mapping[str, Any], weights: Weights) -> Vacancy:
    given = {"vacancy": str(share.vacancy), "openings": share.openings, "reserved": share.reserved}
    same = {name: row[name] for name in FROM_THE_LIST}
    return vacancy_of({**same, **given, "occupation": group_of(row["occupation"], weights)})


def _judge(vacancies: Sequence[Vacancy], weights: Weights) -> None:
    try:
        check_vacancies(vacancies, weights)
    except FactsRefused as refusal:
        where = FieldError(f"/allotted/{refusal.row - 1}/{refusal.column}", "refused", refusal.why)
        raise AllotmentRefused(str(refusal), errors=[where]) from refusal


async def _state_allotment(tx: Transaction, run: UUID, number: int, vacancies: Sequence[Vacancy]) -> None:
    allotted = [Allotted.model_validate(as_data(vacancy)) for vacancy in vacancies]
    parts = [allotted[at : at + BATCH] for at in range(0, len(allotted), BATCH)] or [[]]
    for batch, part in enumerate(parts):
        await run_inputs.insert_allotment_if_absent(tx, run, number, tx.node.id, batch, len(parts), part)
        stated = AllotmentStated(
            run=run, city=tx.node.id, number=number, batch=batch, batches=len(parts), allotted=tuple(part)
        )
        await announce(tx, stated)


async def advance(tx: Transaction, run: Run, step: Pass) -> bool:
    """Begins the pass when it can, and handles the cards that are here; True if anything was done."""
    started = step.started or await _start(tx, run, step)
    inputs = await own_inputs_of(tx, run, step.number) if started else None
    messages = await _taken(tx, run, step, just_started=started != step.started) if inputs else []
    if inputs and messages:
        await _hold(tx, run, step, inputs, messages)
    return bool(messages) or started != step.started


async def _taken(tx: Transaction, run: Run, step: Pass, *, just_started: bool) -> list[PassMessage]:
    """The cards that wait, and after them the vacancies that were withdrawn.

    A withdrawal alone makes no move: the end of a pass is proven by nobody acting except on a message from another node.
    """
    cards = await store.update_messages_taken(tx, run.run, step.number, "cards")
    return (
        [*cards, *await store.update_messages_taken(tx, run.run, step.number, "withdrawn")]
        if cards or just_started
        else []
    )


async def _start(tx: Transaction, run: Run, step: Pass) -> bool:
    if step.number > 1 and step.base == step.number and not await _freeze(tx, run, step):
        return False
    await store.update_pass(tx, run.run, step.number, started=True)
    own = [UUID(name) for name in (await run_inputs.list_allotments(tx, run.run, step.base))[tx.node.id]]
    offered_still = await run_inputs.list_own_vacancies(tx, tx.node.id, own)
    await withdraw(tx, run, step, [vacancy for vacancy in own if vacancy not in offered_still])
    return True


async def withdraw(tx: Transaction, run: Run, step: Pass, vacancies: Iterable[UUID]) -> None:
    """Vacancies of this city that close in a pass as soon as the node comes to it."""
    own = (await run_inputs.list_allotments(tx, run.run, step.base)).get(tx.node.id, {})
    known = await store.count_messages(tx, run.run, step.number, "withdrawn")
    messages = [
        PassMessage("withdrawn", tx.node.id, at, 0, {"vacancy": str(vacancy)})
        for at, vacancy in enumerate((each for each in vacancies if str(each) in own), start=known)
    ]
    await store.insert_messages_if_absent(tx, run.run, step.number, messages)


async def _freeze(tx: Transaction, run: Run, step: Pass) -> bool:
    """Takes frozen seats out of the market when every county has named its own; then states what is still offered."""
    if not set(run.counties) <= await store.list_senders(tx, run.run, step.number, "frozen"):
        return False
    side, inputs = await _side_of(tx, run, step.number - 1)
    frozen: dict[str, list[str]] = {}
    for message in await store.update_messages_taken(tx, run.run, step.number, "frozen"):
        for person, vacancy in packing.unpack_places(message.data).items():
            frozen.setdefault(vacancy, []).append(person)
    seats = [{person: inputs.weights.seats[seat] for person, seat in sitting} for sitting in side.sitters()]
    offered, groups = inputs.offers.own(tx.node.id), inputs.weights.reserve_groups
    left = [
        freeze(each, sitting, frozen.get(each.vacancy, []), groups)
        for each, sitting in zip(offered, seats, strict=True)
    ]
    offered_still = await run_inputs.list_own_vacancies(tx, tx.node.id, (UUID(each.vacancy) for each in offered))
    await _state_allotment(
        tx, run.run, step.number, [each if UUID(each.vacancy) in offered_still else closed(each) for each in left]
    )
    return True


async def _side_of(tx: Transaction, run: Run, number: int) -> tuple[CitySide, PassInputs]:
    """This city's side of a pass as it stands, to be read."""
    inputs, step = await own_inputs_of(tx, run, number), await store.find_pass(tx, run.run, number)
    if inputs is None or step is None:
        raise LookupError(f"pass {number} of run {run.run} has no market here")
    side = await city_side(tx, run, step, inputs)
    keep(tx, run, step, side)
    return side, inputs


async def _hold(tx: Transaction, run: Run, step: Pass, inputs: PassInputs, messages: Sequence[PassMessage]) -> None:
    """All cards at hand: hold the best, refuse the others, publish what rose, and count, all in one transaction."""
    side = await city_side(tx, run, step, inputs, messages)
    tallies = [await asyncio.to_thread(handle, side, message, inputs, tx.node.id) for message in messages]
    refused, displaced, across = (sum(each) for each in zip(*tallies, strict=True))
    cards = [message for message in messages if message.kind == "cards"]
    await store.upsert_counts(
        tx,
        run.run,
        step.number,
        [ChannelCount("cards", each.sender, handled=int(each.data["count"])) for each in cards],
    )
    chain = max(message.round for message in messages)
    await store.update_pass(
        tx,
        run.run,
        step.number,
        rounds=max(step.rounds, chain),
        placed=side.placed,
        refused=step.refused + refused,
        displaced=step.displaced + displaced,
        displaced_across=step.displaced_across + across,
    )
    await _publish(tx, run, step.number, chain, side.publish())
    await moved(tx, run, step, side)


async def _publish(tx: Transaction, run: Run, number: int, chain: int, rises: Rises) -> None:
    """Cutoffs that rose, for all counties of the run; nobody is told that he was refused."""
    before, sent = await store.list_batches_sent(tx, run.run, number, "cutoffs"), []
    for batch, part in enumerate(rises.portions(BATCH_OF_CUTOFFS), start=1 + max(before.values(), default=0)):
        event = CutoffsRaisedV2(
            run=run.run,
            city=tx.node.id,
            number=number,
            batch=batch,
            round=chain,
            count=len(part.vacancy),
            **packing.pack_rises(part),
        )
        size = len(event.model_dump_json())
        sent += [ChannelCount("cutoffs", county, sent=event.count, bytes=size, batches=1) for county in run.counties]
        await announce(tx, event)
    await store.upsert_counts(tx, run.run, number, sent)


async def sign_certificate(tx: Transaction, run: Run, number: int) -> None:
    """The table of final cutoffs, one for each seat type, and the weights that it holds under, signed with the node's key."""
    side, inputs = await _side_of(tx, run, number)
    payload = {
        "run": str(run.run),
        "number": number,
        "city": tx.node.id,
        "seed": run.seed,
        "weights": run.weights,
        "weights_digest": run.weights_digest,
        "cutoffs": _table(side, inputs),
    }
    signed = tx.node.signer.sign(json.dumps(payload, sort_keys=True).encode())
    await announce(tx, CertificateSigned(run=run.run, city=tx.node.id, number=number, certificate=signed))


def _table(side: CitySide, inputs: PassInputs) -> dict[str, dict[str, int]]:
    """vacancy -> seat type -> cutoff, of the types that the vacancy has."""
    cutoffs = [dict(zip(inputs.weights.seats, keys, strict=True)) for keys in side.cutoffs().tolist()]
    groups = inputs.weights.reserve_groups
    return {
        each.vacancy: {seat: keys[seat] for seat in seat_types(each, groups)}
        for each, keys in zip(side.run.vacancies, cutoffs, strict=True)
    }


async def offered(tx: Transaction, run: Run, number: int) -> list[Vacancy]:
    """This city's vacancies as offered in a pass, for an auditor."""
    step = await store.find_pass(tx, run.run, number)
    own = (await run_inputs.list_allotments(tx, run.run, step.base if step else 1)).get(tx.node.id, {})
    withdrawn = {
        message.data["vacancy"] for message in await store.list_handled_messages(tx, run.run, number, "withdrawn")
    }
    return [closed(each) if name in withdrawn else each for name, each in own.items()]
