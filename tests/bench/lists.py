"""Top twenty both ways against PostgreSQL, and over HTTP against a bare answer: `python -m tests.bench.lists FOLDER` prints JSON.

In process: the median of one question at a time, for a sample of people and of vacancies, each asked of the kernel and of a
PostgreSQL that holds the same instance, whose answers must be the same. Over HTTP: `recommended` says what is compared.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from deploy.cli.signals import end_in_order
from services.matching import kernel
from services.matching.kernel import Recommended, Recommender
from services.matching.rules.columns import person_at
from services.matching.rules.scores import utility
from tests.bench.measure import Instance, read
from tests.bench.peers.twenty import Asked, Twenty
from tests.bench.recommended import compare

PEOPLE, VACANCIES = 200, 100


def measure(folder: Path) -> dict[str, Any]:
    instance = read(folder)
    begun = time.monotonic()
    kernel.warm_up(instance.weights)
    compiled = time.monotonic() - begun
    begun = time.monotonic()
    ours = Recommender(*instance, {})
    laid_out = time.monotonic() - begun
    people, vacancies = _sample(len(instance.people), PEOPLE), _sample(len(instance.vacancies), VACANCIES)
    theirs = Twenty(instance, people, vacancies).ask()
    person, found = _ask(ours.vacancies_for, people)
    vacancy, whom = _ask(ours.people_for, vacancies)
    worths = [_utilities(instance, i, each) for i, each in zip(people, found, strict=True)]
    return {
        "people": len(instance.people),
        "vacancies": len(instance.vacancies),
        "compile_seconds": round(compiled, 2),
        "layout_seconds": round(laid_out, 3),
        "person": _compared(person, theirs[0], worths == theirs[0].answers),
        "vacancy": _compared(vacancy, theirs[1], [[one.row for one in each] for each in whom] == theirs[1].answers),
        "http": compare(folder),
    }


def _sample(count: int, most: int) -> list[int]:
    rows: list[int] = np.linspace(0, count - 1, min(most, count)).astype(int).tolist()
    return rows


def _ask(question: Callable[[int], list[Recommended]], rows: list[int]) -> tuple[list[float], list[list[Recommended]]]:
    seconds, found = [], []
    for row in rows:
        begun = time.perf_counter()
        found.append(question(row))
        seconds.append(time.perf_counter() - begun)
    return seconds, found


def _utilities(instance: Instance, row: int, found: list[Recommended]) -> list[int]:
    """By the plain rules."""
    people, vacancies, weights, _ = instance
    person = person_at(people, row, weights, 0, ())
    return [utility(person, vacancies[each.row], weights) for each in found]


def _compared(seconds: list[float], theirs: Asked, same: bool) -> dict[str, Any]:
    ours, other = median(seconds), median(theirs.seconds)
    return {
        "microseconds_p50": round(ours * 1e6, 1),
        "microseconds_p95": round(float(np.quantile(seconds, 0.95)) * 1e6, 1),
        "postgresql_microseconds_p50": round(other * 1e6),
        "ratio": round(other / ours),
        "same_answers": same,
        "sampled": len(seconds),
    }


if __name__ == "__main__":
    end_in_order()
    print(json.dumps(measure(Path(sys.argv[1]))))
