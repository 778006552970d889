"""The kernel on the facts of `rules`, by way of files in memory: what the tests of kernel and verifier share."""

from __future__ import annotations

from typing import NamedTuple

from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.kernel import Outcome, match, prepare
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import Place
from services.matching.rules.weights import Weights


class Fast(NamedTuple):
    """An outcome in the shapes of `rules`."""

    places: dict[str, Place]
    cutoffs: dict[str, dict[str, int]]
    residue: dict[str, str]
    outcome: Outcome


def fast(
    people: dict[str, Person],
    vacancies: dict[str, Vacancy],
    weights: Weights,
    seed: bytes,
    *,
    threads: int = 1,
    batch: int | None = None,
) -> Fast:
    columns, _ = read_columns(files.write_people(people.values()), weights)
    jobs = list(vacancies.values())
    outcome = match(prepare(columns, jobs, weights, seed, threads, batch))
    names = list(people)
    places = {name: _place(name, row, outcome, jobs) for row, name in enumerate(names)}
    cutoffs = {job.vacancy: _cutoffs(job, row, outcome) for row, job in enumerate(jobs)}
    return Fast(places, cutoffs, {names[row]: case for row, case in outcome.residue.items()}, outcome)


def _place(name: str, row: int, outcome: Outcome, jobs: list[Vacancy]) -> Place:
    if outcome.vacancy[row] < 0:
        return Place(name)
    seat, vacancy = outcome.seats[outcome.seat[row]], jobs[outcome.vacancy[row]].vacancy
    return Place(name, vacancy, seat, int(outcome.utility[row]), int(outcome.priority[row]))


def _cutoffs(job: Vacancy, row: int, outcome: Outcome) -> dict[str, int]:
    types = [(seat, int(cutoff)) for seat, cutoff in zip(outcome.seats, outcome.cutoff[row], strict=True)]
    return {seat: cutoff for seat, cutoff in types if seat == "open" or job.reserved.get(seat, 0)}
