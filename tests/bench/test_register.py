"""The generated county is one that the importer understands, and the smallest register is measured in every scene."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import psutil

from services.registry.rules.numbers import read_id_number
from services.registry.rules.people_sheets import read_people
from services.registry.rules.report import has_error
from tests.bench.load import load
from tests.bench.register.county import Register, watched_import
from tests.bench.register.people import AS_OF, COLUMNS, rows_of_people, rows_of_wishes, write_csv
from tests.bench.register.scenes import scenes_of
from tests.support.nodes import Nodes

PEOPLE = 3_000


def test_a_county_is_the_same_from_the_same_seed_and_begins_as_a_smaller_one() -> None:
    rows = list(rows_of_people(PEOPLE, 1))
    assert rows == list(rows_of_people(PEOPLE, 1))
    assert rows[:50] == list(rows_of_people(50, 1))
    assert rows != list(rows_of_people(PEOPLE, 2))
    numbers = [row["证件号码"] for row in rows]
    assert not set(numbers) & {row["证件号码"] for row in rows_of_people(PEOPLE, 1, apart=1)}
    sound = sum(read_id_number(number).problem is None for number in numbers)
    assert PEOPLE * 0.99 < sound < PEOPLE
    assert PEOPLE * 0.99 < len(set(numbers)) < PEOPLE
    assert len({row["户编号"] for row in rows}) > PEOPLE / 6
    assert list(islice(rows_of_wishes(iter(rows), 1), 5))


def test_the_importer_finds_nothing_but_what_was_put_in(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "people.csv", COLUMNS, rows_of_people(PEOPLE, 1))
    report = read_people(file.read_bytes(), file.name, AS_OF)
    found = [finding for row in report.refused_rows for finding in report.findings[row]]
    assert {finding.code for finding in found if has_error([finding])} == {"id_check_digit", "id_duplicate"}
    assert report.summary()["flagged"] < PEOPLE / 20
    assert len(report.people) > PEOPLE * 0.99


def test_a_bench_that_is_told_to_end_leaves_nothing_running(tmp_path: Path) -> None:
    script = "from deploy.cli.signals import end_in_order as e; e(); from tests.support.servers import start_postgres as s; print(s().running.pid, flush=True); import signal; signal.pause()"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as bench:
        server = psutil.Process(int(bench.stdout.readline() if bench.stdout else ""))
        bench.terminate()
    assert not server.is_running()


def test_the_smallest_register_answers_in_every_scene(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "people.csv", COLUMNS, rows_of_people(100, 1))
    register = Register.open(Nodes(tmp_path / "nodes"), 100, tmp_path / "register")
    with register.served() as server:
        report, watch = watched_import(register, server, file)
        known = [row for row in rows_of_people(100, 1) if read_id_number(row["证件号码"]).problem is None]
        for scene in scenes_of(register, server, known, 2):
            assert load(server, register.token(scene.role, scene.regions), scene.questions[:1], 1).seconds
    assert register.judge() > 0
    assert register.ask("SELECT FROM registry.quality_due") == []
    register.remove()
    assert report["accepted"] >= 99
    assert watch.seconds > 0
    assert watch.peak_mb > 50
    assert watch.processor > 0
