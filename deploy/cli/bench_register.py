"""bench register: a county's register at its full size, each figure beside a yardstick of the same run."""

from __future__ import annotations

import os
import re
from typing import Annotated

import typer
from pydantic import TypeAdapter

from deploy.cli.bench import BenchFailed, slow_child
from deploy.cli.measures import RegisterFigures
from deploy.cli.nodes import JsonOption
from deploy.cli.output import Progress, show

_FIGURES = TypeAdapter(RegisterFigures)
_SIZE = re.compile(r"([1-9][0-9]*)(k|m)?")
_TIMES = {None: 1, "k": 1_000, "m": 1_000_000}
LEAST, MOST = 500, 1_000_000


def register(
    people: Annotated[str, typer.Option(help="How many live there: 500k, 20k, 800.")] = "500k",
    seed: Annotated[int, typer.Option(help="Of the generator.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Import, lists, search, corrections, visits, a phone's page and an undo in a register of that size (500k: about half an hour)."""
    size = _size(people)
    with Progress().shown() as tell:
        tell(f"Generating {size:,} people")
        answer = slow_child(["tests.bench.register.measure", str(size), str(seed)], dict(os.environ), tell)
    show(_FIGURES.validate_python(answer), as_json)


def _size(text: str) -> int:
    found = _SIZE.fullmatch(text.strip().lower())
    size = int(found[1]) * _TIMES[found[2]] if found else 0
    if not LEAST <= size <= MOST:
        raise BenchFailed(f"--people: between {LEAST} and 1m, as 500k, 20k or 800")
    return size
