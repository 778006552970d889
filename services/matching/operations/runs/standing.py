"""The last pass in which people stood (最后一次参加): who has said yes or has left a run stands in none of its later passes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass

from libs.common.database import Transaction
from services.matching.operations.runs.county import declared_by
from services.matching.operations.runs.pass_inputs import PassInputs, inputs_of
from services.matching.operations.runs.pass_state_cache import known_cutoffs
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.runs import Run
from services.matching.store import run_inputs
from services.matching.store import runs as store


@dataclass(frozen=True)
class Stood:
    """A pass, what it was played with, its final cutoffs as known here, and those whose last one it was, by pseudonym."""

    inputs: PassInputs
    cutoffs: dict[str, dict[str, int]]
    people: Mapping[str, Person]

    @property
    def offers(self) -> dict[str, Vacancy]:
        return {each.vacancy: each for each in self.inputs.offers.vacancies}


async def last_stood(tx: Transaction, run: Run, names: Iterable[str]) -> AsyncIterator[Stood]:
    """From the newest pass back, each with whoever declared facts in it and in none after it."""
    missing = set(names)
    for number in range(run.number, 0, -1):
        if not missing:
            return
        step, inputs = await store.find_pass(tx, run.run, number), await inputs_of(tx, run, number)
        if step is None or inputs is None or not step.county_has_begun:
            continue
        declared = declared_by(await run_inputs.get_roster(tx, run.run, number), missing, inputs.weights)
        if declared:
            heard = await store.list_handled_messages(tx, run.run, number, "cutoffs")
            yield Stood(inputs, known_cutoffs(inputs, heard), declared)
        missing -= declared.keys()
