"""bench connect: the work between two governments, each figure beside a yardstick of the same run."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from pydantic import TypeAdapter

from deploy.cli.bench import slow_child
from deploy.cli.measures import ConnectFigures
from deploy.cli.nodes import JsonOption
from deploy.cli.output import Progress, show

_FIGURES = TypeAdapter(ConnectFigures)


def connect(
    hires: Annotated[int, typer.Option(min=10, max=2_000, help="How many are hired, one by one and at once.")] = 2_000,
    events: Annotated[
        int, typer.Option(min=1_000, max=2_000_000, help="How many starts an agreement counts.")
    ] = 1_000_000,
    adverts: Annotated[int, typer.Option(min=100, max=1_000_000, help="How many adverts are vetted.")] = 10_000,
    vacancies: Annotated[int, typer.Option(min=100, max=100_000, help="How many posts are on offer.")] = 8_000,
    seed: Annotated[int, typer.Option(help="Of the generator.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Bulk steps beside single ones, vetting, and the lists of posts beside a bare page (some five minutes)."""
    with Progress().shown() as tell:
        given = [str(each) for each in (hires, events, adverts, vacancies, seed)]
        answer = slow_child(["tests.bench.connect.measure", *given], dict(os.environ), tell)
    show(_FIGURES.validate_python(answer), as_json)
