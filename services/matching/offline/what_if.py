"""The greatest sum of points that any assignment reaches, and whom it would leave with a reason to complain (假如)."""

from __future__ import annotations

import importlib.util
from dataclasses import asdict, dataclass

from services.matching import kernel
from services.matching.offline.fairness import points_of, share_of
from services.matching.offline.inputs import InputFiles, compile_kernel, read_facts
from services.matching.offline.refusals import InputRefused
from services.matching.offline.stopwatch import Stopwatch, peak_mb
from services.matching.verify import complaints

MISSING = (
    "what-if needs ortools: .venv/bin/python -m pip install 'ortools>=9.12' (the extra `what-if` of pyproject.toml)"
)


@dataclass(frozen=True)
class WhatIfReport:
    """`share` of the greatest sum that the stable result reaches, rounded down."""

    people: int
    vacancies: int
    openings: int
    placed: int
    points: int
    stable_placed: int
    stable_points: int
    share: float
    people_in_blocking_pairs: int
    blocking_pairs: int
    seconds: dict[str, float]
    peak_mb: int

    def document(self) -> object:
        """The answer of `--json`."""
        return asdict(self)

    def in_words(self) -> str:
        return (
            f"the greatest sum: {self.points:,} points, {self.placed:,} placed; {self.people_in_blocking_pairs:,} of {self.people:,} people\n"
            f"would rather have a vacancy that would rather have them ({self.blocking_pairs:,} pairs)\n"
            f"the stable result: {self.stable_points:,} points ({self.share:.1%}), {self.stable_placed:,} placed; nobody would"
        )


def what_if_files(watch: Stopwatch, files: InputFiles) -> WhatIfReport:
    """Raises InputRefused, also where ortools is missing."""
    if importlib.util.find_spec("ortools") is None:
        raise InputRefused(MISSING)
    with watch.timed("read"):
        facts = read_facts(watch, files)
    offered = facts.offered
    compile_kernel(watch, offered.weights)
    with watch.timed("match"):
        run = kernel.prepare(facts.people, offered.vacancies, offered.weights, facts.seed)
        stable = kernel.match(run, watch.patiently)
    with watch.timed("flow"):
        found = kernel.max_weight_assignment(run, watch.tell)
    with watch.timed("judge"):
        wronged = complaints(
            facts.people, offered.vacancies, offered.weights, facts.seed, found.vacancy.astype("int64"), watch.patiently
        )
    reached = points_of(stable)
    return WhatIfReport(
        people=len(facts.people),
        vacancies=len(offered.vacancies),
        openings=offered.openings,
        placed=int((found.vacancy >= 0).sum()),
        points=found.points,
        stable_placed=int((stable.vacancy >= 0).sum()),
        stable_points=reached,
        share=share_of(reached, found.points),
        people_in_blocking_pairs=wronged.people,
        blocking_pairs=wronged.pairs,
        seconds=watch.seconds,
        peak_mb=peak_mb(),
    )
