"""People who come to a saved run (增量配岗): it goes on with them, and ends where a run from scratch with everybody ends."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from services.matching.files.outcomes import texts
from services.matching.kernel.array_types import I32
from services.matching.kernel.incremental import ExtendableRun, extend
from services.matching.kernel.serialization import StateRefused, load
from services.matching.offline.inputs import (
    Facts,
    Offered,
    check_files,
    compile_kernel,
    read_offered,
    read_people_file,
    read_weights_file,
)
from services.matching.offline.refusals import InputRefused
from services.matching.offline.reports import Extension, MatchReport, report_of
from services.matching.offline.results import Targets, write_result, write_state
from services.matching.offline.stopwatch import Stopwatch, peak_mb
from services.matching.rules.columns import People


@dataclass(frozen=True)
class ExtensionRequest:
    """The saved run and who comes to it; vacancies and weights must be those of the run, its seed is in the state."""

    state: Path
    people: Path
    vacancies: Path
    weights: Path
    targets: Targets


def extend_files(watch: Stopwatch, request: ExtensionRequest) -> MatchReport:
    """Raises InputRefused."""
    request.targets.check()
    with watch.timed("read"):
        people, offered = _read(watch, request)
    compile_kernel(watch, offered.weights)
    spent = time.process_time()
    with watch.timed("load"):
        saved = _load(request.state, offered)
        _refuse_known(request.people, people, saved)
    with watch.timed("match"):
        before = saved.outcome().vacancy
        extended = extend(saved, people)
        outcome = extended.run.outcome()
    spent = time.process_time() - spent
    facts = Facts(extended.run.people(), offered, extended.run.seed)
    with watch.timed("write"):
        digest = write_result(request.targets, facts, outcome)
        write_state(request.targets, extended.run)
    return report_of(
        facts,
        outcome,
        digest,
        seconds=watch.seconds,
        cpu_seconds=spent,
        peak_mb=peak_mb(),
        extension=_extension(before, outcome.vacancy, extended.from_scratch),
    )


def _extension(before: I32, after: I32, from_scratch: str) -> Extension:
    """Who joins a run stands behind those who were in it."""
    known, joined = after[: len(before)], after[len(before) :]
    return Extension(len(joined), int((joined >= 0).sum()), int((known != before).sum()), from_scratch)


def _read(watch: Stopwatch, request: ExtensionRequest) -> tuple[People, Offered]:
    check_files(request.state, request.people, request.vacancies, request.weights)
    weights = read_weights_file(request.weights)
    people = read_people_file(watch, request.people, weights)
    return people, read_offered(watch, request.vacancies, request.weights, weights)


def _load(path: Path, offered: Offered) -> ExtendableRun:
    try:
        return load(path.read_bytes(), offered.vacancies, offered.weights)
    except StateRefused as fault:
        raise InputRefused(f"{path}: {fault}", file=str(path)) from fault


def _refuse_known(path: Path, people: People, saved: ExtendableRun) -> None:
    """Who is in the run already does not come to it: a person's wishes are changed by a fresh run."""
    known = pc.is_in(texts(people.person), value_set=texts(saved.people().person))
    row = pc.index(known, True).as_py()
    if row >= 0:
        raise InputRefused(
            f"{path}, row {row + 1}, person: {people.person[row]} is in the saved run already",
            file=str(path),
            row=row + 1,
            column="person",
        )
