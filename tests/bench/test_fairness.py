"""The measurements of fairness on a small instance: what they report holds together."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.bench.fairness import couples, exact, price, reserves
from tests.bench.instances import SIZES, write_instance
from tests.bench.measure import Instance, read


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    folder = tmp_path_factory.mktemp("instance")
    write_instance(folder, SIZES["1k"], 3)
    return read(folder)


def test_the_bound_is_proved_and_near_what_is_reached(instance: Instance) -> None:
    found = price(instance)
    assert found["proved"]
    assert 0.7 * found["bound"] < found["reached"] <= found["bound"]


@pytest.mark.skipif(
    importlib.util.find_spec("ortools") is None, reason="ortools is the extra `what-if`, not in the lock"
)
def test_the_bound_is_within_a_hundredth_of_the_greatest_sum(instance: Instance) -> None:
    assert exact(instance)["points"] <= price(instance)["bound"] <= 1.01 * exact(instance)["points"]


def test_exact_without_ortools_says_what_is_missing(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "pip install 'ortools" in exact(instance)["missing"]


def test_reserves_raise_the_groups_and_leave_nobody_with_a_reason(instance: Instance) -> None:
    found = reserves(instance)
    assert found["dealt"]["share"] >= 0.29
    assert found["dealt"]["groups"]["zero_employment"]["rise"] > 0
    assert found["blocking_pairs_without"] == found["dealt"]["blocking_pairs"] == found["drawn"]["blocking_pairs"] == 0


def test_only_couples_are_never_apart(tmp_path: Path) -> None:
    write_instance(tmp_path, SIZES["1k"], 3, couples=0.1)
    found = couples(read(tmp_path))
    assert found["couples"] == found["only"]["couples"] + found["preferred"]["couples"] == 50
    assert found["only"]["apart"] + found["only"]["one"] <= found["residue"]
    assert found["blocking_pairs"] == 0
