"""This node's sides of passes in this process's memory: the kernel's tables, and how far they are.

The messages that a node has handled are kept and are all that a side depends on; so a side is made anew from them whenever
memory does not hold it as the transaction finds it: after a start, after a transaction that was rolled back, or when
another process has moved. Marks tell: whoever moves a side gives its pass another mark in the same transaction.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

import numpy as np

from libs.common.database import Transaction, new_id
from libs.common.telemetry import log
from services.matching.files import packing
from services.matching.files.columns import read_columns
from services.matching.kernel.federation import Cards, CardTally, CitySide, CountySide, Rises
from services.matching.operations.runs.pass_inputs import PassInputs
from services.matching.rules.choice import first_cutoffs
from services.matching.rules.runs import Pass, PassMessage, Run
from services.matching.store import run_inputs
from services.matching.store import runs as store

S = TypeVar("S", CountySide, CitySide)
Key = tuple[str, UUID, int, str]

# A node plays one run at a time, and a run one pass; the last pass is asked for again when a run has settled.
MOST = 4


@dataclass(frozen=True)
class _Kept:
    mark: UUID | None
    side: CountySide | CitySide


_MEMORY: OrderedDict[Key, _Kept] = OrderedDict()


async def county_side(tx: Transaction, run: Run, step: Pass, inputs: PassInputs) -> Callable[[], CountySide]:
    """This county's people at the cutoffs that they have answered: out of memory until it is `keep`t, or to be made anew by
    whoever asks for it in a thread."""
    kept = _taken(tx, run, step, "county")
    if isinstance(kept, CountySide):
        return lambda: kept
    roster = await run_inputs.get_roster(tx, run.run, step.number)
    heard = await store.list_handled_messages(tx, run.run, step.number, "cutoffs")
    return partial(_county_side, roster, inputs, heard, step.county_has_begun)


def _county_side(roster: bytes, inputs: PassInputs, heard: Sequence[PassMessage], started: bool) -> CountySide:
    people, _ = read_columns(roster, inputs.weights)
    side = CountySide(people, inputs.offers, inputs.weights, inputs.seed)
    for message in heard:
        side.hear(message.sender, rises_of(message, inputs))
    if started:
        side.look()
    return side


async def city_side(tx: Transaction, run: Run, step: Pass, inputs: PassInputs) -> Callable[[], CitySide]:
    """This city's seats after the cards that it has handled, in the same way."""
    kept = _taken(tx, run, step, "city")
    if isinstance(kept, CitySide):
        return lambda: kept
    come = await store.list_handled_messages(tx, run.run, step.number, "cards", "withdrawn")
    return partial(_city_side, tx.node.id, inputs, come)


def _city_side(node: str, inputs: PassInputs, come: Sequence[PassMessage]) -> CitySide:
    side = CitySide(inputs.offers.own(node), inputs.weights, inputs.seed)
    for message in come:
        handle(side, message, inputs, node)
    side.publish()
    return side


def handle(side: CitySide, message: PassMessage, inputs: PassInputs, node: str) -> CardTally:
    """Cards are held or refused; a vacancy that was withdrawn closes."""
    if message.kind == "cards":
        return side.hold(message.sender, cards_of(message, inputs, node))
    return side.close(
        next(row for row, each in enumerate(side.run.vacancies) if each.vacancy == message.data["vacancy"])
    )


async def moved(tx: Transaction, run: Run, step: Pass, side: CountySide | CitySide) -> None:
    """Keeps a side that this transaction has moved."""
    mark, kind = new_id(), _kind(side)
    await store.update_pass(tx, run.run, step.number, **{f"{kind}_mark": mark})
    _put((tx.node.id, run.run, step.number, kind), _Kept(mark, side))


def keep(node: str, run: Run, step: Pass, side_of: Callable[[], S]) -> S:
    """Has a side and keeps it, only to be read."""
    side = side_of()
    kind = _kind(side)
    _put((node, run.run, step.number, kind), _Kept(_mark(step, kind), side))
    return side


def _put(key: Key, kept: _Kept) -> None:
    _MEMORY[key] = kept
    while len(_MEMORY) > MOST:
        _MEMORY.popitem(last=False)


def _kind(side: CountySide | CitySide) -> str:
    return "county" if isinstance(side, CountySide) else "city"


def _mark(step: Pass, kind: str) -> UUID | None:
    return step.county_mark if kind == "county" else step.city_mark


def _taken(tx: Transaction, run: Run, step: Pass, kind: str) -> CountySide | CitySide | None:
    """Out of memory, so that nobody else sees it half moved."""
    kept = _MEMORY.pop((tx.node.id, run.run, step.number, kind), None)
    return kept.side if kept and kept.mark == _mark(step, kind) else None


def cards_of(message: PassMessage, inputs: PassInputs, node: str) -> Cards:
    """A message's cards; those for a vacancy that this node does not offer are left out, and said so."""
    cards = packing.unpack_cards(message.data)
    ours = np.flatnonzero(cards.vacancy < len(inputs.offers.own(node)))
    if len(ours) < len(cards.vacancy):
        log.warning("cards_for_unknown_vacancies", county=message.sender, cards=len(cards.vacancy) - len(ours))
    known = (1 << len(inputs.weights.reserve_groups)) - 1
    return cards.taken(ours, 0)._replace(groups=cards.groups[ours] & known)


def rises_of(message: PassMessage, inputs: PassInputs) -> Rises:
    """A message's cutoffs; those of a vacancy or seat that is not in the pass are left out, and said so."""
    rises = packing.unpack_rises(message.data)
    known = (rises.vacancy < len(inputs.offers.own(message.sender))) & (rises.seat < len(inputs.weights.seats))
    if not known.all():
        log.warning("cutoffs_of_unknown_vacancies", city=message.sender, cutoffs=int((~known).sum()))
    return Rises(rises.vacancy[known], rises.seat[known], rises.key[known])


def known_cutoffs(inputs: PassInputs, heard: Iterable[PassMessage]) -> dict[str, dict[str, int]]:
    """vacancy -> seat type -> the cutoff that messages tell of, or the first one."""
    groups = inputs.weights.reserve_groups
    greatest = np.zeros((len(inputs.offers.vacancies), len(inputs.weights.seats)), np.int64)
    for message in heard:
        rises = rises_of(message, inputs)
        np.maximum.at(greatest, (inputs.offers.first_of(message.sender) + rises.vacancy, rises.seat), rises.key)
    told = zip(inputs.offers.vacancies, greatest.tolist(), strict=True)
    return {
        each.vacancy: {
            seat: max(first, keys[inputs.weights.seats.index(seat)])
            for seat, first in first_cutoffs(each, groups).items()
        }
        for each, keys in told
    }
