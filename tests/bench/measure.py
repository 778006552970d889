"""One measurement of the kernel on an instance in files: `python -m tests.bench.measure FOLDER` prints it as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil

from deploy.cli.bench_figures import KernelFigures
from services.matching import files, kernel
from services.matching.files.columns import read_columns
from services.matching.files.outcomes import hash_of_columns, texts
from services.matching.kernel.batched_deferred_acceptance import DeferredAcceptance
from services.matching.kernel.passes import Outcome, PreparedMarket
from services.matching.kernel.people_arrays import undeclared
from services.matching.rules.columns import Claimed, People
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights
from services.matching.verify import verify


class Instance(NamedTuple):
    """What the files of a folder hold."""

    people: People
    vacancies: list[Vacancy]
    weights: Weights
    seed: bytes


def read(folder: Path) -> Instance:
    weights = files.read_weights(folder / "weights.json")
    people, _ = read_columns(folder / "people.parquet", weights)
    vacancies = files.read_vacancies(folder / "vacancies.parquet", weights)
    return Instance(people, list(vacancies.values()), weights, bytes.fromhex((folder / "seed.txt").read_text().strip()))


def measure(folder: Path) -> KernelFigures:
    """Compile, read, then prepare and match with the clock running; the floor and the verifier afterwards."""
    begun = time.monotonic()
    kernel.warm_up(files.read_weights(folder / "weights.json"))
    compiled = time.monotonic() - begun
    before = memory_mb()
    instance = read(folder)
    begun, spent = time.monotonic(), time.process_time()
    run = kernel.prepare(*instance)
    prepared = time.monotonic() - begun
    outcome = kernel.match(run)
    seconds, spent = time.monotonic() - begun, time.process_time() - spent
    peak = peak_mb() - before
    least, least_spent = floor(run)
    return KernelFigures(
        people=len(instance.people),
        vacancies=len(instance.vacancies),
        openings=sum(each.openings for each in instance.vacancies),
        compile_seconds=round(compiled, 2),
        seconds=round(seconds, 3),
        prepare_seconds=round(prepared, 3),
        cpu_seconds=round(spent, 3),
        peak_mb=round(peak),
        floor_seconds=round(least, 3),
        floor_cpu_seconds=round(least_spent, 3),
        proposals=outcome.tally.proposals,
        matched=int((outcome.vacancy >= 0).sum()),
        blocking_pairs=blocking_pairs(instance, outcome),
        hash=digest(instance, outcome.vacancy),
    )


def floor(run: PreparedMarket) -> tuple[float, float]:
    """Seconds, and seconds of processor, that no order of asking could save: everybody looks once at an empty market, and everybody applies once."""
    crowd, order = run.crowd(undeclared(run.people))
    empty, state = run.state(len(order)), run.state(len(order))
    with ThreadPoolExecutor(run.threads) as pool:
        waves = DeferredAcceptance(run.market, crowd, empty, pool, run.threads, 8_192)
        begun, spent = time.monotonic(), time.process_time()
        for first in range(0, len(order), waves.batch):
            asking = np.arange(first, min(first + waves.batch, len(order)), dtype=np.int32)
            waves.state = empty
            waves.look(asking)
            waves.state = state
            waves.apply(asking)
        return time.monotonic() - begun, time.process_time() - spent


def digest(instance: Instance, vacancy: Any) -> str:
    return hash_of_columns(texts(instance.people.person), vacancy, [each.vacancy for each in instance.vacancies])


def blocking_pairs(instance: Instance, outcome: Outcome) -> int | None:
    columns = [getattr(outcome, name).astype(np.int64) for name in ("vacancy", "seat", "utility", "priority")]
    return verify(*instance, Claimed(np.arange(len(instance.people)), *columns)).blocking_pairs


def memory_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Path(sys.argv[1])))))
