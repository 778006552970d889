"""A province over several processes is the province in one place, and whole counties and cities are dealt out evenly."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.matching import kernel
from tests.bench.instances import SIZES, write_instance
from tests.bench.measure import digest, read
from tests.bench.scaleout import deal, run


@pytest.mark.parametrize("processes", [1, 3])
def test_any_number_of_processes_finds_the_central_result(tmp_path: Path, processes: int) -> None:
    write_instance(tmp_path, SIZES["1k"], 3)
    instance = read(tmp_path)
    found = run(instance, tmp_path, processes)
    assert found["hash"] == digest(instance, kernel.match(kernel.prepare(*instance)).vacancy)
    assert (found["megabytes"] > 0) == (processes > 1)


def test_counties_and_cities_are_dealt_out_whole_and_evenly() -> None:
    assert deal({"a": 5, "b": 3, "c": 3, "d": 1}, 2) == {"a": 0, "b": 1, "c": 1, "d": 0}
    assert deal({"a": 5}, 3) == {"a": 0}
