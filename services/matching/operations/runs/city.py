"""The city's work in a run: allot openings, hold the best cards, publish cutoffs, sign them when a pass is closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import AllotmentStated, Allotted, CertificateSigned, CutoffsRaisedV2
from libs.common.node import NodeContext
from libs.common.outbox import announce, announce_all
from libs.common.problems import FieldError
from services.matching.files import packing
from services.matching.kernel.federation import CitySide, Rises
from services.matching.operations.runs.moves import Move, dispute, lock_unmoved
from services.matching.operations.runs.pass_inputs import PassInputs, own_inputs_of
from services.matching.operations.runs.pass_state_cache import city_side, handle, keep, moved
from services.matching.operations.weights import weights_of
from services.matching.reference.deferred_acceptance import LotteryTied
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
    await check_may_allot(tx, found)
    weights = await weights_of(tx, found)
    rows = await run_inputs.list_own_vacancies(tx, tx.node.id, (share.vacancy for share in shares))
    _refuse(shares, rows)
    vacancies = [_offered(share, rows[share.vacancy], weights) for share in shares]
    _judge(vacancies, weights)
    await _state_allotment(tx, run, 1, vacancies)
    return sum(vacancy.openings for vacancy in vacancies)


async def check_may_allot(tx: Transaction, run: Run) -> None:
    """Raises NotInTheRun, or WrongStep where the allotment is made or its time is over."""
    if tx.node.id not in run.cities:
        raise NotInTheRun
    if run.state != ANNOUNCED or tx.node.id in await run_inputs.list_allotments(tx, run.run, 1):
        raise WrongStep("本市已提交本轮配额 This city's allotment to the run is made already.")


def _refuse(shares: Sequence[Share], rows: Mapping[UUID, Mapping[str, Any]]) -> None:
    wrong = []
    for at, share in enumerate(shares):
        row = rows.get(share.vacancy)
        if row is None:
            message = "本市没有这个已发布的岗位 This city has announced no such vacancy"
            wrong.append(FieldError(f"/allotted/{at}/vacancy", "unknown", message))
        elif row["country"] is not None:
            message = "境外岗位不参加匹配轮次 A post abroad takes no part in a run"
            wrong.append(FieldError(f"/allotted/{at}/vacancy", "abroad", message))
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


@dataclass(frozen=True)
class _Turn:
    """What a city's turn answers: the messages that wait, cards first, and vacancies that were withdrawn before it began."""

    run: Run
    step: Pass
    inputs: PassInputs
    cards: list[PassMessage]
    withdrawn: list[PassMessage]
    closing: list[PassMessage]
    sent: int

    @property
    def messages(self) -> list[PassMessage]:
        return [*self.cards, *self.withdrawn, *self.closing]

    @property
    def chain(self) -> int:
        return max(message.round for message in self.messages)


@dataclass(frozen=True)
class _Held:
    """What became of the cards at hand, and the cutoffs that rose."""

    side: CitySide
    refused: int
    displaced: int
    across: int
    raised: list[CutoffsRaisedV2]
    counts: list[ChannelCount]


async def find_turn(tx: Transaction, run: Run, step: Pass) -> Move[_Held | LotteryTied | None] | None:
    """Begins the pass when it can, and handles the cards that are here.

    A withdrawal alone makes no move: the end of a pass is proven by nobody acting except on a message from another node.
    """
    inputs = await own_inputs_of(tx, run, step.number)
    cards = await store.list_waiting_messages(tx, run.run, step.number, "cards")
    if inputs is None or (step.started and not cards):
        return None
    withdrawn = await store.list_waiting_messages(tx, run.run, step.number, "withdrawn")
    closing = [] if step.started else await _withdrawals(tx, run, step, await _gone(tx, run, step))
    sent = (await store.list_batches_sent(tx, run.run, step.number, "cutoffs")).values()
    turn = _Turn(run, step, inputs, cards, withdrawn, closing, max(sent, default=0))
    side = await city_side(tx, run, step, inputs) if turn.messages else None
    return Move(partial(_hold, turn, side, tx.node.id), partial(_write, turn=turn))


async def _gone(tx: Transaction, run: Run, step: Pass) -> list[UUID]:
    """Allotted vacancies of this city that are not offered any more."""
    own = [UUID(name) for name in (await run_inputs.list_allotments(tx, run.run, step.base))[tx.node.id]]
    offered_still = await run_inputs.list_own_vacancies(tx, tx.node.id, own)
    return [vacancy for vacancy in own if vacancy not in offered_still]


async def withdraw(tx: Transaction, run: Run, step: Pass, vacancies: Iterable[UUID]) -> None:
    """Vacancies of this city that close in a pass as soon as the node comes to it."""
    messages = await _withdrawals(tx, run, step, vacancies)
    await store.insert_messages_if_absent(tx, run.run, step.number, messages)


async def _withdrawals(tx: Transaction, run: Run, step: Pass, vacancies: Iterable[UUID]) -> list[PassMessage]:
    own = (await run_inputs.list_allotments(tx, run.run, step.base)).get(tx.node.id, {})
    known = await store.count_messages(tx, run.run, step.number, "withdrawn")
    return [
        PassMessage("withdrawn", tx.node.id, at, 0, {"vacancy": str(vacancy)})
        for at, vacancy in enumerate((each for each in vacancies if str(each) in own), start=known)
    ]


async def find_freeze(tx: Transaction, run: Run, step: Pass) -> Move[list[Vacancy]] | None:
    """Takes frozen seats out of the market when every county has named its own; then states what is still offered."""
    freed = step.number > 1 and step.base == step.number and not step.started
    if not freed or tx.node.id in await run_inputs.list_allotments(tx, run.run, step.number):
        return None
    if not set(run.counties) <= await store.list_senders(tx, run.run, step.number, "frozen"):
        return None
    side, inputs = await _side_of(tx, run, step.number - 1)
    messages = await store.list_waiting_messages(tx, run.run, step.number, "frozen")
    offered = inputs.offers.own(tx.node.id)
    return Move(
        lambda: _left(side(), offered, inputs.weights, messages),
        partial(_state_left, run=run, step=step, messages=messages),
    )


def _left(
    side: CitySide, offered: Sequence[Vacancy], weights: Weights, messages: Sequence[PassMessage]
) -> list[Vacancy]:
    """The vacancies without the seats of those whom counties have frozen there."""
    frozen: dict[str, list[str]] = {}
    for message in messages:
        for person, vacancy in packing.unpack_places(message.data).items():
            frozen.setdefault(vacancy, []).append(person)
    seats = [{person: weights.seats[seat] for person, seat in sitting} for sitting in side.sitters()]
    return [
        freeze(each, sitting, frozen.get(each.vacancy, []), weights.reserve_groups)
        for each, sitting in zip(offered, seats, strict=True)
    ]


async def _state_left(
    tx: Transaction, left: list[Vacancy], *, run: Run, step: Pass, messages: Sequence[PassMessage]
) -> bool:
    if not await lock_unmoved(tx, run, step):
        return False
    await store.update_messages_taken(tx, run.run, step.number, messages)
    offered_still = await run_inputs.list_own_vacancies(tx, tx.node.id, (UUID(each.vacancy) for each in left))
    stated = [each if UUID(each.vacancy) in offered_still else closed(each) for each in left]
    await _state_allotment(tx, run.run, step.number, stated)
    return True


async def _side_of(tx: Transaction, run: Run, number: int) -> tuple[Callable[[], CitySide], PassInputs]:
    """This city's side of a pass as it stands, to be read; it is had in a thread, and kept then."""
    inputs, step = await own_inputs_of(tx, run, number), await store.find_pass(tx, run.run, number)
    if inputs is None or step is None:
        raise LookupError(f"pass {number} of run {run.run} has no market here")
    side = await city_side(tx, run, step, inputs)
    return partial(keep, tx.node.id, run, step, side), inputs


def _hold(turn: _Turn, side_of: Callable[[], CitySide] | None, node: str) -> _Held | LotteryTied | None:
    """All cards at hand: hold the best, refuse the others, and tell what rose; None where none has come yet."""
    if side_of is None:
        return None
    try:
        side = side_of()
        tallies = [handle(side, message, turn.inputs, node) for message in turn.messages]
    except LotteryTied as tie:
        return tie
    refused, displaced, across = (sum(each) for each in zip(*tallies, strict=True))
    raised = _raised(turn, node, side.publish())
    handled = [ChannelCount("cards", each.sender, handled=int(each.data["count"])) for each in turn.cards]
    return _Held(side, refused, displaced, across, raised, [*handled, *_counts_of(raised, turn.run.counties)])


def _raised(turn: _Turn, node: str, rises: Rises) -> list[CutoffsRaisedV2]:
    """Cutoffs that rose, for all counties of the run; nobody is told that he was refused."""
    return [
        CutoffsRaisedV2(
            run=turn.run.run,
            city=node,
            number=turn.step.number,
            batch=batch,
            round=turn.chain,
            count=len(part.vacancy),
            **packing.pack_rises(part),
        )
        for batch, part in enumerate(rises.portions(BATCH_OF_CUTOFFS), start=1 + turn.sent)
    ]


def _counts_of(raised: Sequence[CutoffsRaisedV2], counties: Sequence[str]) -> Iterator[ChannelCount]:
    for event in raised:
        size = len(event.model_dump_json())
        for county in counties:
            yield ChannelCount("cutoffs", county, sent=event.count, bytes=size, batches=1)


async def _write(tx: Transaction, held: _Held | LotteryTied | None, *, turn: _Turn) -> bool:
    """What was handled, what was sent and the counts of both, all in one transaction."""
    run, step = turn.run, turn.step
    if not await lock_unmoved(tx, run, step):
        return False
    if isinstance(held, LotteryTied):
        await dispute(tx, run, f"two people have the same lot, a new seed must be drawn: {held}")
        return False
    if not step.started:
        if await _withdrawals(tx, run, step, await _gone(tx, run, step)) != turn.closing:
            return False
        await store.update_pass(tx, run.run, step.number, started=True)
        await store.insert_messages_if_absent(tx, run.run, step.number, turn.closing)
    if held is not None:
        await _write_held(tx, turn, held)
    await store.update_statement_owed(tx, run.run, step.number)
    return True


async def _write_held(tx: Transaction, turn: _Turn, held: _Held) -> None:
    run, step = turn.run, turn.step
    for messages in (turn.cards, [*turn.withdrawn, *turn.closing]):
        await store.update_messages_taken(tx, run.run, step.number, messages)
    await store.upsert_counts(tx, run.run, step.number, held.counts)
    await store.update_pass(
        tx,
        run.run,
        step.number,
        rounds=max(step.rounds, turn.chain),
        placed=held.side.placed,
        refused=step.refused + held.refused,
        displaced=step.displaced + held.displaced,
        displaced_across=step.displaced_across + held.across,
    )
    await announce_all(tx, held.raised)
    await moved(tx, run, step, held.side)


async def find_signature(tx: Transaction, run: Run, number: int) -> Move[str]:
    """The table of final cutoffs, one for each seat type, and the weights that it holds under, signed with the node's key."""
    side, inputs = await _side_of(tx, run, number)
    return Move(
        lambda: _signed(tx.node, run, number, _table(side(), inputs)), partial(_state_signed, run=run, number=number)
    )


def _signed(node: NodeContext, run: Run, number: int, cutoffs: Mapping[str, Mapping[str, int]]) -> str:
    payload = {
        "run": str(run.run),
        "number": number,
        "city": node.id,
        "seed": run.seed,
        "weights": run.weights,
        "weights_digest": run.weights_digest,
        "cutoffs": cutoffs,
    }
    return node.signer.sign(json.dumps(payload, sort_keys=True).encode())


async def _state_signed(tx: Transaction, signed: str, *, run: Run, number: int) -> bool:
    found = await store.lock_run(tx, run.run)
    if not found.is_under_way or tx.node.id in {
        each.city for each in await store.list_certificates(tx, run.run, number)
    }:
        return False
    await store.insert_certificate_if_absent(tx, run.run, number, tx.node.id, signed)
    await announce(tx, CertificateSigned(run=run.run, city=tx.node.id, number=number, certificate=signed))
    return True


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
