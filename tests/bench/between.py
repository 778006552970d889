"""People who come between runs: `python -m tests.bench.between FOLDER SIZE SEED` prints what going on costs, as JSON.

Five times 1,000 people, drawn from an instance, come to the run of all the others. `seconds` is the median of `extend`:
lots, the search for equal lots, the new people's classes and columns, the match, and whose places changed; not reading them
from a file, nor writing everybody's places (`outcome_seconds`). `scratch_seconds` is prepare and match with everybody; the
hash after the five is compared with that run's, and so is that of a state saved before the last of them and loaded again.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from deploy.cli.bench_figures import BetweenFigures, SavedRun
from services.matching import kernel
from services.matching.kernel.incremental import ExtendableRun, extend, match_extendable
from services.matching.kernel.serialization import load, save
from tests.bench.measure import Instance, digest, read

TIMES, EACH = 5, 1_000
Made = TypeVar("Made")


def timed(work: Callable[..., Made], *given: Any) -> tuple[Made, float, float]:
    """What the work makes, seconds, and seconds of processor."""
    begun, spent = time.monotonic(), time.process_time()
    made = work(*given)
    return made, time.monotonic() - begun, time.process_time() - spent


def measure(folder: Path, size: str, seed: int) -> BetweenFigures:
    instance = read(folder)
    kernel.warm_up(instance.weights)
    outcome, scratch, scratch_cpu = timed(lambda: kernel.match(kernel.prepare(*instance)))
    central = digest(instance, outcome.vacancy)
    people, *facts = instance
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(people))
    batches = [people.taken(np.sort(order[at * EACH : (at + 1) * EACH])) for at in range(TIMES)]
    kept, keeping, _ = timed(
        lambda: match_extendable(kernel.prepare(people.taken(np.sort(order[TIMES * EACH :])), *facts))
    )
    done = [timed(extend, kept, batch) for batch in batches[:-1]]
    saved, saving, _ = timed(save, done[-1][0].run)
    done.append(timed(extend, done[-1][0].run, batches[-1]))
    added = [each for each, _, _ in done]
    found, reading, _ = timed(_digest, added[-1].run, instance)
    loaded, loading, _ = timed(load, saved, instance.vacancies, instance.weights)
    seconds, cpu = (
        statistics.median(times) for times in ([took for _, took, _ in done], [spent for _, _, spent in done])
    )
    return BetweenFigures(
        size=size,
        people=len(people),
        added=EACH,
        times=TIMES,
        seconds=round(seconds, 4),
        worst_seconds=round(max(took for _, took, _ in done), 4),
        cpu_seconds=round(cpu, 4),
        scratch_seconds=round(scratch, 3),
        scratch_cpu_seconds=round(scratch_cpu, 3),
        ratio=round(scratch / seconds),
        same_hash=found == central,
        fallback=[each.from_scratch for each in added if each.from_scratch],
        laid_anew=sum(each.tables_rebuilt for each in added),
        moved=round(statistics.mean(len(each.moved) for each in added)),
        keep_seconds=round(keeping, 3),
        outcome_seconds=round(reading, 3),
        saved=SavedRun(
            round(len(saved) / 1e6, 1),
            round(saving, 3),
            round(loading, 3),
            _digest(extend(loaded, batches[-1]).run, instance) == central,
        ),
    )


def _digest(kept: ExtendableRun, instance: Instance) -> str:
    return digest(instance._replace(people=kept.people()), kept.outcome().vacancy)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))))
