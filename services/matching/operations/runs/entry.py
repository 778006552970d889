"""A county enters a run (入轮): its people are drawn up while nothing waits for them, then written down and committed to at once.

Drawing up thousands of people takes seconds and so does the first use of the kernel; neither happens while a row is held.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.matching import files
from services.matching.operations.runs import participant
from services.matching.operations.weights import find_weights_of
from services.matching.rules.entry import Candidate, enter
from services.matching.rules.facts import Person
from services.matching.rules.opening import facts_of
from services.matching.rules.runs import AS_ENTERED, Run
from services.matching.rules.weights import Weights
from services.matching.store import lists, run_inputs
from services.matching.store import runs as store


@dataclass(frozen=True)
class Entry:
    """A run that this county has yet to enter, and who would."""

    run: Run
    weights: Weights
    candidates: Sequence[Candidate]


@dataclass(frozen=True)
class DrawnUp:
    """Everybody who enters, under a new random pseudonym; `roster` is the people file, `left_out` says of whom and why not, `facts`
    what a county that is no city commits to."""

    run: Run
    people: Mapping[UUID, Person]
    roster: bytes
    left_out: Mapping[UUID, str]
    facts: str


async def list_entries(tx: Transaction) -> list[Entry]:
    """Runs that wait for this county; one whose weights are not here yet waits for them."""
    runs = [(run, await find_weights_of(tx, run)) for run in await store.list_runs_to_enter(tx)]
    return [Entry(run, weights, await run_inputs.list_candidates(tx)) for run, weights in runs if weights]


def draw_up(entry: Entry) -> DrawnUp:
    """Takes about a second for 5,000 people; touches nothing."""
    run, pseudonyms = entry.run, {each.person: f"p{secrets.token_hex(8)}" for each in entry.candidates}
    people, left_out = enter(entry.candidates, pseudonyms, run.city_codes, run.as_of, entry.weights)
    roster = files.write_people(sorted(people.values(), key=lambda each: each.person))
    return DrawnUp(run, people, roster, left_out, facts_of(people.values(), None))


async def enter_run(tx: Transaction, drawn: DrawnUp) -> bool:
    """Writes down who enters, and commits to it unless openings are to be allotted, too; False if the run went on meanwhile, or if somebody was erased: then it is drawn up anew."""
    run = await store.lock_run(tx, drawn.run.run)
    if not run.awaits_entry or await run_inputs.find_roster(tx, run.run, AS_ENTERED) is not None:
        return False
    if len(await lists.lock_people(tx, drawn.people)) < len(drawn.people):
        return False
    for person, why in drawn.left_out.items():
        log.warning("left_out_of_run", run=str(run.run), person=str(person), why=why)
    await run_inputs.insert_people(tx, run.run, drawn.people)
    await run_inputs.insert_roster(tx, run.run, AS_ENTERED, drawn.roster)
    if tx.node.id not in run.cities:
        await participant.make_commitment(tx, run, drawn.facts)
    return True
