"""Measures one peer in this process: wall, processor, memory above imports, how many it placed and whether as we do."""

from __future__ import annotations

import importlib.util
import json
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from deploy.cli.bench_figures import PeerFigures, PeerMissing
from services.matching import kernel
from tests.bench.measure import Instance, digest, memory_mb, peak_mb, read
from tests.bench.peers import naive, optimal, queries
from tests.bench.peers.lists import top_lists

WHOLE = 10**6
# Name -> the package it needs and how it runs; the lists' width where lists are handed to it.
PEERS: dict[str, tuple[str, Callable[..., Any], int]] = {
    "naive_numpy": ("numpy", naive.naive_numpy, 0),
    "matching_full": ("matching", optimal.matching_full, WHOLE),
    "scipy_sparse": ("scipy", optimal.scipy_sparse, WHOLE),
    "ortools_full": ("ortools", optimal.ortools_flow, WHOLE),
    "ortools_top64": ("ortools", optimal.ortools_flow, 64),
    "duckdb_top20": ("duckdb", queries.duckdb_top20, 0),
    "postgresql_top20": ("asyncpg", queries.postgresql_top20, 0),
}


def measure(name: str, folder: Path, limit: int) -> PeerFigures | PeerMissing:
    package, peer, width = PEERS[name]
    if importlib.util.find_spec(package) is None:
        return PeerMissing(f".venv/bin/python -m pip install '{package}'")
    importlib.import_module(package)
    instance = read(folder)
    if name == "matching_full":
        instance = instance._replace(vacancies=[replace(vacancy, reserved={}) for vacancy in instance.vacancies])
    given = (top_lists(instance, width),) if width else ()
    before = memory_mb()
    # The alarm ends this process, whatever foreign code it is in; whoever started it sees by what it ended.
    signal.alarm(limit)
    begun, spent = time.monotonic(), time.process_time()
    found = peer(instance, *given)
    signal.alarm(0)
    seconds, cpu, peak = time.monotonic() - begun, time.process_time() - spent, round(peak_mb() - before)
    if isinstance(found, float):  # a query's seconds for all people, from a sample of them
        return PeerFigures(round(found, 1), round(cpu, 3), peak, None, None, queries.SAMPLE)
    matched, same = int((found >= 0).sum()), _is_ours(instance, found)
    return PeerFigures(round(seconds, 3), round(cpu, 3), peak, matched, same)


def _is_ours(instance: Instance, found: Any) -> bool:
    ours = digest(instance, kernel.match(kernel.prepare(*instance)).vacancy)
    return digest(instance, found.astype("int32")) == ours


if __name__ == "__main__":
    # A deep stack: `matching` recurses.
    resource.setrlimit(resource.RLIMIT_STACK, (resource.getrlimit(resource.RLIMIT_STACK)[1],) * 2)
    print(json.dumps(asdict(measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))))
