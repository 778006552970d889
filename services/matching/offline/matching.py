"""Everybody matched at once from files: the result, its certificate, and on request a reason, a price and the run to go on with."""

from __future__ import annotations

import time
from dataclasses import dataclass

from services.matching import kernel
from services.matching.kernel.incremental import ExtendableRun, match_extendable
from services.matching.offline.explanation import explain_pair, find_pair
from services.matching.offline.fairness import fairness_price
from services.matching.offline.inputs import Facts, InputFiles, compile_kernel, read_facts
from services.matching.offline.reports import MatchReport, report_of
from services.matching.offline.results import Targets, write_result, write_state
from services.matching.offline.stopwatch import Stopwatch, peak_mb


@dataclass(frozen=True)
class MatchRequest:
    """What is wanted besides the result: why `explain` (person, vacancy) came about, and what fairness costs at most."""

    files: InputFiles
    targets: Targets
    explain: tuple[str, str] | None = None
    price: bool = False


def match_files(watch: Stopwatch, request: MatchRequest) -> MatchReport:
    """Raises InputRefused."""
    request.targets.check()
    with watch.timed("read"):
        facts = read_facts(watch, request.files)
        pair = find_pair(facts, *request.explain) if request.explain else None
    compile_kernel(watch, facts.offered.weights)
    spent = time.process_time()
    run, outcome, extendable = _matched(watch, facts, to_go_on=request.targets.save is not None)
    spent = time.process_time() - spent
    ceiling = _ceiling(watch, run) if request.price else None
    with watch.timed("write"):
        digest = write_result(request.targets, facts, outcome, ceiling)
        if extendable:
            write_state(request.targets, extendable)
    return report_of(
        facts,
        outcome,
        digest,
        seconds=watch.seconds,
        cpu_seconds=spent,
        peak_mb=peak_mb(),
        price=fairness_price(ceiling, outcome) if ceiling else None,
        explained=explain_pair(facts, outcome, pair) if pair else None,
    )


def _matched(
    watch: Stopwatch, facts: Facts, *, to_go_on: bool
) -> tuple[kernel.PreparedMarket, kernel.Outcome, ExtendableRun | None]:
    with watch.timed("prepare"):
        run = kernel.prepare(facts.people, facts.offered.vacancies, facts.offered.weights, facts.seed)
    with watch.timed("match"):
        if not to_go_on:
            return run, kernel.match(run, watch.patiently), None
        extendable = match_extendable(run, watch.patiently)
        return run, extendable.outcome(), extendable


def _ceiling(watch: Stopwatch, run: kernel.PreparedMarket) -> kernel.DualBound:
    with watch.timed("price"):
        return kernel.dual_upper_bound(run, watch.patiently)
