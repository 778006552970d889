"""A county's register at its full size: `python -m tests.bench.register.measure PEOPLE SEED` prints JSON, and on stderr how far it is.

Three registers are filled over HTTP from files of the same beginning: one of all the people, one of a tenth (memory) and one of a
hundredth (search, corrections, visits). The yardsticks are taken in the same run: `COPY` of the file into one table, a bare page over
the same rows, the smaller registers. One PostgreSQL serves all; the large and the small one are asked by turns, and a ratio is the
median over rounds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from deploy.cli.measures import Measure, RegisterFigures
from deploy.cli.signals import end_in_order
from tests.bench.load import Question, Server, load, served, taken
from tests.bench.register import bare
from tests.bench.register.county import IMPORTS, MODULE, Register, import_file, postgres, serve, watched_import
from tests.bench.register.people import COLUMNS, WISH_COLUMNS, rows_of_people, rows_of_wishes, write_csv
from tests.bench.register.scenes import LABOURERS, Scene, scenes_of
from tests.bench.register.watching import Watch, watched
from tests.support.nodes import Nodes

LIST_ROUNDS, LIST_PAGES, ROUNDS, ASKED = 5, 60, 5, 20
BATCH = 10_000
REACH: dict[str, dict[str, float]] = {"检索": {"most": 2.0}, "更正": {"most": 1.5}, "走访": {"most": 1.5}}


@dataclass(frozen=True)
class Filled:
    """A register with its people, and what filling it took."""

    register: Register
    file: Path
    report: dict[str, Any]
    watch: Watch


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measure(people: int, seed: int) -> RegisterFigures:
    with tempfile.TemporaryDirectory(prefix="xieli-bench-", ignore_cleanup_errors=True) as folder:
        return _measure(people, seed, Path(folder))


def _measure(people: int, seed: int, home: Path) -> RegisterFigures:
    nodes = Nodes(home / "nodes")
    small, middle, large = [
        _fill(nodes, size, seed, home) for size in (max(people // 100, 100), max(people // 10, 200), people)
    ]
    middle.register.remove()
    tell("COPY of the same file into one table")
    copied = asyncio.run(bare.copy_file(large.register.url, large.file))
    measures = [*_of_import(large, middle, copied)]
    for each in (small, large):
        tell(f"Wishes of {each.register.people:,} people, and statistics")
        _add_wishes(each, seed)
        asyncio.run(bare.furnish(each.register.url))
    measures.append(_of_judging(large.register, small.register))
    measures += _of_days(large, small, seed)
    measures.append(_of_undo(large, seed))
    (size,) = large.register.ask("SELECT pg_database_size(current_database()) AS bytes")
    return RegisterFigures(
        people=people,
        rows=large.report["total_rows"],
        refused=large.report["refused"],
        file_mb=round(large.file.stat().st_size / 1e6, 1),
        database_mb=round(size["bytes"] / 1e6, 1),
        measures=measures,
    )


def _fill(nodes: Nodes, people: int, seed: int, home: Path) -> Filled:
    tell(f"Writing the file of {people:,} people")
    file = write_csv(home / f"people-{people}.csv", COLUMNS, rows_of_people(people, seed))
    register = Register.open(nodes, people, home / str(people))
    tell(f"Importing {people:,} people")
    with register.served() as server:
        report, watch = watched_import(register, server, file)
    tell(f"Imported {people:,} people in {watch.seconds:.1f} s ({watch.processor:.1f} s of processor)")
    return Filled(register, file, report, watch)


def _times(ours: float, other: float) -> float:
    return round(ours / max(other, 0.01), 1)


def _of_import(large: Filled, middle: Filled, copied: bare.Copied) -> list[Measure]:
    seconds, processor = large.watch.seconds, large.watch.processor
    peak, beside = large.watch.peak_mb, middle.watch.peak_mb
    smaller = f"{middle.register.people:,} 人 people"
    return [
        Measure(
            "导入 import",
            round(seconds, 2),
            round(copied.seconds, 2),
            "s",
            "COPY",
            _times(seconds, copied.seconds),
            most=25,
        ),
        Measure(
            "导入 处理器 import, processor",
            round(processor, 2),
            round(copied.processor, 2),
            "s",
            "COPY，PostgreSQL 在内 PostgreSQL included",
            _times(processor, copied.processor),
        ),
        Measure(
            "导入 最高内存 memory of it", round(peak), round(beside), "MB", smaller, round(peak / beside, 2), most=1.3
        ),
    ]


def _of_judging(large: Register, small: Register) -> Measure:
    """What follows an import in portions: everybody judged by the rules of data quality."""
    tell("Judging everybody by the rules of data quality")
    each = [round(register.judge() / register.people * 1e6) for register in (large, small)]
    name = "质量核查 data quality, each person"
    return Measure(name, each[0], each[1], "µs", f"{small.people:,} 人 people", round(each[0] / each[1], 2))


def _add_wishes(filled: Filled, seed: int) -> None:
    register = filled.register
    wishes = islice(rows_of_wishes(rows_of_people(register.people, seed), seed), BATCH)
    file = write_csv(register.home / "wishes.csv", WISH_COLUMNS, wishes)
    with register.served() as server, register.client(server) as client:
        import_file(client, file, "wishes")


def _of_days(large: Filled, small: Filled, seed: int) -> list[Measure]:
    known = list(rows_of_people(small.register.people, seed))[:: max(small.register.people // 200, 1)]
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(each.register.served()) for each in (large, small))
        plain = stack.enter_context(served(MODULE, "bare", large.register.home))
        asked = ASKED * (ROUNDS + 1)
        big = scenes_of(large.register, ours, known, asked)
        little = scenes_of(small.register, theirs, known, asked)
        measures = [_of_list(large.register, ours, plain, connections) for connections in (1, 32)]
        for one, other in zip(big, little, strict=True):
            tell(one.name)
            measures.append(_compare(large.register, ours, one, small.register, theirs, other))
    return measures


def _of_list(register: Register, ours: Server, plain: Server, connections: int) -> Measure:
    """How many pages a second, as a share of what a bare page gives."""
    tell(f"List pages over {connections} connections")
    token = register.token()
    pages, bare_pages = ([Question(path)] * LIST_PAGES for path in (f"{LABOURERS}?limit=50", "/people"))
    rounds = [
        (load(ours, token, pages, connections), load(plain, token, bare_pages, connections))
        for _ in range(LIST_ROUNDS + 1)
    ][1:]
    ratio = median(one.rate / other.rate for one, other in rounds)
    name = f"名册一页 list page of 50, {connections} 连接 connections"
    ours_rate, bare_rate = (round(median(each.rate for each in side), 1) for side in zip(*rounds, strict=True))
    return Measure(name, ours_rate, bare_rate, "/s", "FastAPI + asyncpg", round(ratio, 2), least=0.3)


def _compare(large: Register, ours: Server, one: Scene, small: Register, theirs: Server, other: Scene) -> Measure:
    """By turns, everything asked once: what has been written is not written again."""
    tokens = large.token(one.role, one.regions), small.token(other.role, other.regions)
    rounds = []
    for first in range(0, min(len(one.questions), len(other.questions)) // ASKED * ASKED, ASKED):
        both = [
            median(load(server, token, scene.questions[first : first + ASKED], 1).seconds)
            for server, token, scene in ((ours, tokens[0], one), (theirs, tokens[1], other))
        ]
        rounds.append(both)
    rounds = rounds[1:] or rounds
    ratio = median(one / other for one, other in rounds)
    ours_ms, small_ms = (round(median(side) * 1000, 2) for side in zip(*rounds, strict=True))
    reach = REACH.get(one.name.split()[0], {})
    return Measure(one.name, ours_ms, small_ms, "ms", f"{small.people:,} 人 people", round(ratio, 2), **reach)


def _of_undo(large: Filled, seed: int) -> Measure:
    """A batch of people whom nobody else has brought in, taken back whole."""
    register, count = large.register, min(BATCH, large.register.people // 2)
    file = write_csv(register.home / "batch.csv", COLUMNS, rows_of_people(count, seed, apart=1))
    tell(f"Importing {count:,} more, and taking them back")
    with register.served() as server:
        report, came = watched_import(register, server, file)
        with register.client(server) as client, watched([server.process], [postgres()]) as gone:
            client.post(f"{IMPORTS}/{report['id']}/undo", headers={"Prefer": "wait=300"}).raise_for_status()
    ratio = round(gone.seconds / came.seconds, 2)
    name = f"撤回 undo of {report['accepted']:,} 人 people"
    return Measure(name, round(gone.seconds, 2), round(came.seconds, 2), "s", "导入同一批 their import", ratio)


def main(what: str, *given: str) -> None:
    if what == "serve":
        serve(Path(given[0]), int(given[1]))
    elif what == "bare":
        settings = json.loads((Path(given[0]) / "settings.json").read_text())
        bare.serve(settings["database_url"], taken(int(given[1])))
    else:
        print(json.dumps(asdict(measure(int(what), int(given[0])))))


if __name__ == "__main__":
    end_in_order()
    main(*sys.argv[1:])
