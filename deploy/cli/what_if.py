"""match what-if: the greatest sum of points that any assignment reaches, and whom it would leave with a reason to complain."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from deploy.cli.match import File, Seed, problems, watched
from deploy.cli.nodes import JsonOption
from deploy.cli.output import answer_json, answers


def what_if(people: File, vacancies: File, weights: File, seed: Seed, as_json: JsonOption = False) -> None:
    """What the greatest sum of points would be, and what it would cost: never a result, for analysts (needs ortools)."""
    with problems(as_json), watched() as watch:
        from services.matching.offline.inputs import InputFiles
        from services.matching.offline.what_if import what_if_files

        answer = asdict(what_if_files(watch, InputFiles(people, vacancies, weights, seed)))
    if as_json:
        answer_json(answer)
    else:
        answers.print(_in_words(answer), markup=False)


def _in_words(answer: dict[str, Any]) -> str:
    return (
        f"the greatest sum: {answer['points']:,} points, {answer['placed']:,} placed; {answer['people_in_blocking_pairs']:,} of {answer['people']:,} people\n"
        f"would rather have a vacancy that would rather have them ({answer['blocking_pairs']:,} pairs)\n"
        f"the stable result: {answer['stable_points']:,} points ({answer['share']:.1%}), {answer['stable_placed']:,} placed; nobody would"
    )
