"""The smallest bench of connecting measures what it says: the same events both ways, adverts that stumble and adverts that do not."""

from __future__ import annotations

from pathlib import Path

from tests.bench.connect.adverts import adverts, vet_a_second
from tests.bench.connect.agreements import measure_progress
from tests.bench.connect.hires import measure_hires
from tests.support.nodes import Nodes


def test_adverts_are_the_same_from_the_same_seed_and_some_stumble() -> None:
    found = adverts(200, 1)
    assert [each.welfare for each in found] == [each.welfare for each in adverts(200, 1)]
    _, stumbled = vet_a_second(found)
    assert 20 < stumbled < 190


def test_hired_one_by_one_and_at_once_announces_the_same(tmp_path: Path) -> None:
    assert measure_hires(Nodes(tmp_path / "nodes"), tmp_path / "city", 10).same


def test_progress_is_measured_after_many_events_and_after_few(tmp_path: Path) -> None:
    found = measure_progress(Nodes(tmp_path / "nodes"), 2_000)
    assert min(found.many, found.few, found.start_after_many, found.start_after_few) > 0
