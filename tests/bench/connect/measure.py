"""The work between two governments at its full size: `python -m tests.bench.connect.measure HIRES EVENTS ADVERTS VACANCIES SEED` prints JSON,
and on stderr how far it is."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from deploy.cli.measures import ConnectFigures, Measure
from deploy.cli.signals import end_in_order
from libs.common.telemetry import start_logging
from tests.bench.connect.adverts import adverts, vet_a_second
from tests.bench.connect.agreements import measure_progress
from tests.bench.connect.hires import measure_hires
from tests.bench.connect.market import measure_market, serve_bare
from tests.bench.connect.office import read_settings, serve
from tests.bench.load import taken
from tests.support.nodes import Nodes

VETTED_A_SECOND = 2_000


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(hires: int, events: int, posts: int, vacancies: int, seed: int) -> ConnectFigures:
    with tempfile.TemporaryDirectory(prefix="xieli-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        nodes = Nodes(home / "nodes")
        tell(f"Hiring {hires:,} one by one and at once")
        measures = [_of_hires(nodes, home / "city", hires)]
        tell(f"Counting an agreement's progress after {events:,} events and after {events // 100:,}")
        measures += _of_progress(nodes, events)
        tell(f"Vetting {posts:,} adverts")
        measures.append(_of_adverts(posts, seed))
        tell(f"Listing {vacancies:,} vacancies")
        measures += measure_market(nodes, home / "county", vacancies, seed)
    return ConnectFigures(hires=hires, events=events, adverts=posts, vacancies=vacancies, measures=measures)


def _of_hires(nodes: Nodes, home: Path, count: int) -> Measure:
    found = measure_hires(nodes, home, count)
    same = "事件相同 same events" if found.same else "事件不同 OTHER events"
    ratio = round(found.single / found.bulk, 1) if found.same else 0.0
    name = f"批量录用 bulk hire, {same}"
    return Measure(name, round(found.bulk, 2), round(found.single, 2), "s", "逐人 single calls", ratio, least=10)


def _of_progress(nodes: Nodes, events: int) -> list[Measure]:
    found, few = measure_progress(nodes, events), f"{events // 100:,} 个事件 events"
    name = f"协议进度 agreement progress after {events:,} 个事件 events"
    page = Measure(name, found.many, found.few, "ms", few, round(found.many / found.few, 2), most=1.5)
    ratio = round(found.start_after_many / found.start_after_few, 2)
    more = Measure("再到岗一人 one more start", found.start_after_many, found.start_after_few, "ms", few, ratio)
    return [page, more]


def _of_adverts(count: int, seed: int) -> Measure:
    """The yardstick is a fixed one: the issue of what a morning's sheets need, one core."""
    a_second, stumbled = vet_a_second(adverts(count, seed))
    beside = f"要求 wanted ({stumbled:,} 条有问题 stumbled)"
    ratio = round(a_second / VETTED_A_SECOND, 2)
    return Measure("审核广告 vetting", round(a_second), VETTED_A_SECOND, "/s", beside, ratio, least=1)


def main(what: str, *given: str) -> None:
    if what == "serve":
        serve(Path(given[0]), int(given[1]))
    elif what == "bare":
        serve_bare(read_settings(Path(given[0])).database_url, taken(int(given[1])))
    else:
        # The offices that are asked within this process write a line for each answer: stdout is the figures' alone.
        start_logging("WARNING")
        print(json.dumps(asdict(measure(*map(int, (what, *given))))))


if __name__ == "__main__":
    end_in_order()
    main(*sys.argv[1:])
