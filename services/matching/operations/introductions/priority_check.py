"""Whether an opened card bears out what the county declared, by the weights and the vacancy's facts of that run."""

from __future__ import annotations

from libs.common.database import Transaction
from services.matching.operations.weights import weights_of
from services.matching.rules.facts import Vacancy
from services.matching.rules.introductions.card_check import bears_out, person_of_card, vacancy_as_listed
from services.matching.rules.introductions.records import Introduction
from services.matching.rules.weights import Weights
from services.matching.store import introductions as store
from services.matching.store import lists, run_inputs, runs


async def priority_declared_holds(tx: Transaction, row: Introduction) -> bool:
    """Recompute the priority from the card; a card or a run that is not here bears nothing out."""
    guest = await store.find_guest(tx, row.introduction)
    run = await runs.find_run(tx, row.run) if row.run else None
    if guest is None or run is None or row.priority is None:
        return False
    weights = await weights_of(tx, run)
    vacancy = await _facts_of_vacancy(tx, row, weights)
    person = person_of_card(guest, row.shared, row.changed_on, weights)
    return vacancy is not None and bears_out(row.priority, person, vacancy, weights)


async def _facts_of_vacancy(tx: Transaction, row: Introduction, weights: Weights) -> Vacancy | None:
    """The facts that the city allotted to the run; the list may have changed since."""
    allotted = (await run_inputs.list_allotments(tx, row.run, 1)).get(tx.node.id, {}) if row.run else {}
    listed = await lists.find_vacancy(tx, row.vacancy)
    return allotted.get(str(row.vacancy)) or (vacancy_as_listed(listed, weights) if listed else None)
