"""bench price, reserves and couples: what fairness costs and gives on realistic instances."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from deploy.cli.bench import child, instance
from deploy.cli.nodes import JsonOption
from deploy.cli.output import Progress, answer_json, answers

SIZES = ("10k", "50k", "760k")
# Where whole lists of everybody fit into memory.
EXACT = ("10k", "50k")
COUPLES = "0.05"
Size = Annotated[str, typer.Option(help=f"One of {', '.join(SIZES)}.")]
Seed = Annotated[int, typer.Option(help="Of the generator.")]
Figures = dict[str, Any]


def price(size: Size = "50k", seed: Seed = 1, as_json: JsonOption = False) -> None:
    """The bound by shadow prices, the share of it that the stable result reaches, and (10k, 50k; ortools) the exact greatest sum."""
    with Progress().shown() as tell, instance(tell, size, seed, SIZES) as folder:
        tell("Searching prices")
        answer = _measured("price", folder)
        if size in EXACT:
            tell("Solving for the greatest sum")
            answer["exact"] = _measured("exact", folder)
    if "points" in answer.get("exact", {}):
        answer["gap"] = round(answer["bound"] / answer["exact"]["points"] - 1, 6)
        answer["exact_ratio"] = round(answer["exact"]["seconds"] / answer["seconds"], 1)
    answer["floor_ratio"] = round(answer["seconds"] / answer["floor_seconds"], 1)
    _show(answer, as_json)


def reserves(size: Size = "50k", seed: Seed = 1, as_json: JsonOption = False) -> None:
    """Each reserve group's share of people placed with reserved openings and without any; places and blocking pairs."""
    _alone("reserves", size, seed, as_json)


def couples(size: Size = "50k", seed: Seed = 1, as_json: JsonOption = False) -> None:
    """5 % of the people as couples: who is together, who is unsettled, and how many places it costs."""
    _alone("couples", size, seed, as_json, COUPLES)


def _alone(what: str, size: str, seed: int, as_json: bool, *more: str) -> None:
    with Progress().shown() as tell, instance(tell, size, seed, SIZES, *more) as folder:
        tell(f"Measuring {what}")
        answer = _measured(what, folder)
    _show(answer, as_json)


def _measured(what: str, folder: str) -> Figures:
    figures: Figures = json.loads(child(["tests.bench.fairness", what, folder]))
    return figures


def _show(answer: Figures, as_json: bool) -> None:
    if as_json:
        answer_json(answer)
        return
    for name, found in answer.items():
        answers.print(f"{name}: {found}", markup=False)
