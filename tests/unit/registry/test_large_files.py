"""A file too large for memory is judged as one that is not: what lies on disk says what stood in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from libs.common.sheets import gathered
from libs.common.sheets.gathered import gather
from services.registry.rules import read_people

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"


@pytest.mark.parametrize("name", ["people-433124.xlsx", "people-433126.csv"])
def test_a_file_laid_on_disk_is_judged_as_one_in_memory(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    content = (DATA / name).read_bytes()
    kept = read_people(content, name)
    monkeypatch.setattr(gathered, "IN_MEMORY", 10)
    laid = read_people(content, name)
    assert isinstance(laid.table.rows, gathered.Laid)
    assert isinstance(laid.people, gathered.Laid)
    assert list(laid.people) == list(kept.people)
    assert list(laid.table.rows) == list(kept.table.rows)
    assert laid.as_json() == kept.as_json()


def test_what_lies_on_disk_is_a_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "IN_MEMORY", 3)
    laid = gather(iter(range(100_000)))
    assert isinstance(laid, gathered.Laid)
    assert (len(laid), laid[0], laid[-1], list(laid[5:8])) == (100_000, 0, 99_999, [5, 6, 7])
    assert list(zip(laid, laid, strict=True)) == [(n, n) for n in range(100_000)]
    with pytest.raises(IndexError):
        laid[100_000]
