"""The cards that reached this city for one of its vacancies in a run, for its officers: pseudonyms and points, nobody's name.

Read off the plain rules and the messages handled here; the side of the pass stays where it is, because a pass may be going on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from libs.common.database import Transaction
from libs.common.problems import Conflict
from services.matching.operations.runs.pass_inputs import PassInputs, own_inputs_of
from services.matching.operations.runs.pass_state_cache import cards_of
from services.matching.operations.runs.queries import NotInRunHere, PassNotFound
from services.matching.rules.cards import Held, ProposedCard, hold
from services.matching.rules.freezing import closed
from services.matching.rules.lists import NotOnTheLists
from services.matching.rules.runs import NotInTheRun, PassMessage, Run
from services.matching.store import lists, run_inputs
from services.matching.store import runs as store


class OfferedElsewhere(Conflict):
    title = "该岗位由其他节点提供 Another node offers this vacancy"


@dataclass(frozen=True)
class Reached:
    """A vacancy in pass `number` of a run, with the openings that were offered there; a withdrawn one has none left."""

    run: Run
    number: int
    openings: int
    withdrawn: bool
    held: Held


async def show_cards(tx: Transaction, vacancy: UUID, run: UUID | None, limit: int) -> Reached | None:
    """Of the newest run, or of one that is named; None: no run has brought cards for the vacancy yet."""
    listed = await lists.find_vacancy(tx, vacancy)
    if listed is None:
        raise NotOnTheLists(f"vacancy {vacancy}")
    if listed.node != tx.node.id:
        raise OfferedElsewhere(f"求职卡只到岗位所在节点（{listed.node}） Its cards reach {listed.node} alone.")
    wanted = run or await run_inputs.find_last_run_offering(tx, tx.node.id, vacancy)
    return await _reached(tx, await _run_here(tx, wanted), vacancy, limit) if wanted else None


async def _run_here(tx: Transaction, run: UUID) -> Run:
    found = await store.get_run(tx, run)
    if tx.node.id not in found.cities:
        raise NotInTheRun
    return found


async def _reached(tx: Transaction, run: Run, vacancy: UUID, limit: int) -> Reached:
    number, inputs = await _last_market(tx, run.with_messages())
    own = inputs.offers.own(tx.node.id)
    row = next((at for at, each in enumerate(own) if each.vacancy == str(vacancy)), None)
    if row is None:
        raise NotInRunHere(f"vacancy {vacancy}")
    gone = await store.list_handled_messages(tx, run.run, number, "withdrawn")
    withdrawn = str(vacancy) in {message.data["vacancy"] for message in gone}
    messages = await store.list_handled_messages(tx, run.run, number, "cards")
    held = await asyncio.to_thread(_held, row, messages, inputs, tx.node.id, withdrawn=withdrawn, limit=limit)
    return Reached(run, number, own[row].openings, withdrawn, held)


async def _last_market(tx: Transaction, run: Run) -> tuple[int, PassInputs]:
    """The last pass that has come here: one that has just been opened may wait for what counties freeze."""
    for number in range(run.number if run.is_under_way else 0, 0, -1):
        if inputs := await own_inputs_of(tx, run, number):
            return number, inputs
    raise PassNotFound(f"{run.number}")


def _held(
    row: int, messages: Sequence[PassMessage], inputs: PassInputs, node: str, *, withdrawn: bool, limit: int
) -> Held:
    vacancy = inputs.offers.own(node)[row]
    cards = [card for message in messages for card in _cards_in(message, row, inputs, node)]
    return hold(closed(vacancy) if withdrawn else vacancy, cards, inputs.weights, inputs.seed, limit)


def _cards_in(message: PassMessage, row: int, inputs: PassInputs, node: str) -> list[ProposedCard]:
    """A message's cards for one of this node's vacancies; a county's node bears its division code."""
    cards, reserve_groups = cards_of(message, inputs, node), inputs.weights.reserve_groups
    ours = np.flatnonzero(cards.vacancy == row)
    said = zip(
        cards.person.taken(ours).listed(), cards.priority[ours].tolist(), cards.groups[ours].tolist(), strict=True
    )
    return [
        ProposedCard(
            name.decode(),
            message.sender[1:],
            points,
            frozenset(group for at, group in enumerate(reserve_groups) if bits >> at & 1),
        )
        for name, points, bits in said
    ]
