"""match what-if: the greatest sum of points that any assignment reaches, and whom it would leave with a reason to complain."""

from __future__ import annotations

import importlib.util
from typing import Any

from deploy.cli.match import Bad, File, Files, Seed, Stopwatch, compile_kernel, peak_mb, problems, read_facts
from deploy.cli.nodes import JsonOption
from deploy.cli.output import Progress, answer_json, answers
from deploy.cli.price import points_of, share

MISSING = (
    "what-if needs ortools: .venv/bin/python -m pip install 'ortools>=9.12' (the extra `what-if` of pyproject.toml)"
)


def what_if(people: File, vacancies: File, weights: File, seed: Seed, as_json: JsonOption = False) -> None:
    """What the greatest sum of points would be, and what it would cost: never a result, for analysts (needs ortools)."""
    with problems(as_json), Progress().shown() as tell:
        if importlib.util.find_spec("ortools") is None:
            raise Bad(MISSING)
        answer = _compared(Stopwatch(tell), Files(people, vacancies, weights, seed))
    if as_json:
        answer_json(answer)
    else:
        answers.print(_in_words(answer), markup=False)


def _compared(watch: Stopwatch, files: Files) -> dict[str, Any]:
    from services.matching import kernel
    from services.matching.verify import complaints

    with watch.timed("read"):
        facts = read_facts(watch, files)
    compile_kernel(watch, facts.weights)
    with watch.timed("match"):
        run = kernel.prepare(facts.people, facts.vacancies, facts.weights, facts.seed)
        stable = kernel.match(run, watch.patiently)
    with watch.timed("flow"):
        found = kernel.max_weight_assignment(run, watch.tell)
    with watch.timed("judge"):
        wronged = complaints(
            facts.people, facts.vacancies, facts.weights, facts.seed, found.vacancy.astype("int64"), watch.patiently
        )
    reached = points_of(stable)
    return {
        "people": len(facts.people),
        "vacancies": len(facts.vacancies),
        "openings": sum(vacancy.openings for vacancy in facts.vacancies),
        "placed": int((found.vacancy >= 0).sum()),
        "points": found.points,
        "stable_placed": int((stable.vacancy >= 0).sum()),
        "stable_points": reached,
        "share": share(reached, found.points),
        "people_in_blocking_pairs": wronged.people,
        "blocking_pairs": wronged.pairs,
        "seconds": watch.seconds,
        "peak_mb": peak_mb(),
    }


def _in_words(answer: dict[str, Any]) -> str:
    return (
        f"the greatest sum: {answer['points']:,} points, {answer['placed']:,} placed; {answer['people_in_blocking_pairs']:,} of {answer['people']:,} people\n"
        f"would rather have a vacancy that would rather have them ({answer['blocking_pairs']:,} pairs)\n"
        f"the stable result: {answer['stable_points']:,} points ({answer['share']:.1%}), {answer['stable_placed']:,} placed; nobody would"
    )
