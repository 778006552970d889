"""match what-if: the greatest sum of points that any assignment reaches, and whom it would leave with a reason to complain."""

from __future__ import annotations

from deploy.cli.match import File, Seed, problems, watched
from deploy.cli.nodes import JsonOption
from deploy.cli.output import show


def what_if(people: File, vacancies: File, weights: File, seed: Seed, as_json: JsonOption = False) -> None:
    """What the greatest sum of points would be, and what it would cost: never a result, for analysts (needs ortools)."""
    with problems(as_json), watched() as watch:
        from services.matching.offline.inputs import InputFiles
        from services.matching.offline.what_if import what_if_files

        report = what_if_files(watch, InputFiles(people, vacancies, weights, seed))
    show(report, as_json)
