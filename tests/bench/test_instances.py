"""The generator's instances are markets, the same from the same seed, and two other programs find what the kernel finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from services.matching import kernel
from tests.bench.instances import SIZES, write_instance
from tests.bench.measure import Instance, blocking_pairs, digest, floor, read
from tests.bench.peers.naive import naive_numpy


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    folder = tmp_path_factory.mktemp("instance")
    write_instance(folder, SIZES["1k"], 3)
    return read(folder)


def test_an_instance_is_as_large_as_it_says(instance: Instance) -> None:
    assert (len(instance.people), len(instance.vacancies)) == (1_000, 50)
    assert sum(vacancy.openings for vacancy in instance.vacancies) == 330
    assert {county[:2] for county in instance.people.county.names} == {"43"}


def test_kernel_naive_program_and_verifier_agree(instance: Instance) -> None:
    outcome = kernel.match(kernel.prepare(*instance))
    assert digest(instance, naive_numpy(instance).astype(np.int32)) == digest(instance, outcome.vacancy)
    assert blocking_pairs(instance, outcome) == 0
    assert floor(kernel.prepare(*instance))[0] > 0


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_instance(tmp_path / name, replace(SIZES["1k"], people=50, vacancies=5, openings=20), 7, couples=0.2)
    for file in ("people.parquet", "vacancies.parquet", "weights.json", "seed.txt"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_identical_wishes_and_couples(tmp_path: Path) -> None:
    write_instance(tmp_path / "same", SIZES["1k"], 3, identical=True)
    same = read(tmp_path / "same")
    outcome = kernel.match(kernel.prepare(*same))
    assert digest(same, naive_numpy(same).astype(np.int32)) == digest(same, outcome.vacancy)
    write_instance(tmp_path / "couples", SIZES["1k"], 3, couples=0.05)
    couples = read(tmp_path / "couples")
    outcome = kernel.match(kernel.prepare(*couples))
    assert outcome.passes > 1
    assert outcome.residue or blocking_pairs(couples, outcome) == 0
