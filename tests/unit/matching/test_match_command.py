"""`xieli match`, `verify` and `what-if` on files: the answer, the certificate, the reason, and one sentence for what is bad."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from typer.testing import CliRunner

from deploy.cli.__main__ import app
from services.matching import files
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import feasible, utility
from services.matching.rules.weights import Weights
from tests.unit.matching.markets import DATA, sample


def xieli(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "300"})


def about(name: str = "small", **other: str) -> list[str]:
    folder = DATA / name
    named = {
        "people": folder / "people.parquet",
        "vacancies": folder / "vacancies.parquet",
        "weights": folder / "weights.json",
    }
    told = {
        **{key: str(path) for key, path in named.items()},
        "seed": (folder / "seed.txt").read_text().strip(),
        **other,
    }
    return [word for key, value in told.items() for word in (f"--{key}", value)]


def answer(*arguments: str) -> dict[str, Any]:
    result = xieli(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_files_in_result_certificate_and_figures_out(name: str, tmp_path: Path) -> None:
    out, certificate, expected = tmp_path / "r.parquet", tmp_path / "c.json", sample(name).expected
    said = answer("match", *about(name), "--out", str(out), "--certificate", str(certificate))
    assert (said["hash"], said["matched"], said["passes"], said["residue"]) == (
        expected["hash"],
        expected["placed"],
        1,
        {},
    )
    assert set(said["seconds"]) == {"read", "compile", "prepare", "match", "write"}
    assert sorted(files.read_places(out), key=lambda place: place.person) == files.read_places(
        sample(name).folder / "expected.parquet"
    )
    proof = json.loads(certificate.read_text())
    assert proof["cutoffs"] == expected["cutoffs"]
    assert proof["weights_digest"] == hashlib.sha256((sample(name).folder / "weights.json").read_bytes()).hexdigest()
    assert answer("match", "verify", *about(name), "--result", str(out))["hash"] == expected["hash"]


def test_why_not_that_job(tmp_path: Path) -> None:
    for pair in sample("small").expected["pairs"]:
        said = answer("match", *about(), "--out", str(tmp_path / "r"), "--explain", pair["person"], pair["vacancy"])[
            "explanation"
        ]
        assert set(said["failed"]) == set(pair["failed"])
        assert pair["failed"] or said["key"] == pair["key"]


def test_a_planted_violation_is_named_and_the_exit_code_is_one(tmp_path: Path) -> None:
    out = tmp_path / "r.parquet"
    answer("match", *about(), "--out", str(out))
    table = pq.read_table(out)
    pq.write_table(table.slice(1), out)
    result = xieli("match", "verify", *about(), "--result", str(out), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["kind"] == "person_count"


def test_what_fairness_costs_is_told_and_the_certificate_proves_it(tmp_path: Path) -> None:
    certificate = tmp_path / "c.json"
    said = answer("match", *about(), "--out", str(tmp_path / "r"), "--certificate", str(certificate), "--price")
    proof, market = json.loads(certificate.read_text()), sample("small")
    places = files.read_places(market.folder / "expected.parquet")
    assert said["reached"] == sum(place.utility or 0 for place in places)
    assert (
        said["bound"]
        == proof["bound"]
        == _bound(list(market.people.values()), list(market.vacancies.values()), proof["prices"], market.weights)
    )
    assert 0 < said["share"] <= said["reached"] / said["bound"] <= 1
    assert said["hash"] == market.expected["hash"]
    words = xieli("match", *about(), "--out", str(tmp_path / "r"), "--price").stdout
    assert f"no assignment whatever passes {said['bound']:,}" in words


def _bound(people: list[Person], vacancies: list[Vacancy], prices: dict[str, int], weights: Weights) -> int:
    """By the plain rules: what openings cost, and what each has at best above the price."""
    worth = [
        [
            utility(person, job, weights) - prices[job.vacancy]
            for job in vacancies
            if job.openings and feasible(person, job)
        ]
        for person in people
    ]
    return sum(job.openings * prices[job.vacancy] for job in vacancies) + sum(max(0, *gains, 0) for gains in worth)


def on_days(folder: Path, *portions: slice) -> list[str]:
    """The sample's people in portions of the file, as if they came on different days."""
    table, days = pq.read_table(DATA / "small" / "people.parquet"), []
    for number, portion in enumerate(portions):
        days.append(str(folder / f"people-{number}.parquet"))
        pq.write_table(table.slice(portion.start, portion.stop - portion.start), days[-1])
    return days


def extended(folder: Path, people: str, *more: str, state: str | None = None) -> Result:
    """`match extend` with the sample's vacancies and weights."""
    names = {
        "state": state or str(folder / "state"),
        "people": people,
        "vacancies": str(DATA / "small" / "vacancies.parquet"),
        "weights": str(DATA / "small" / "weights.json"),
        "out": str(folder / "r"),
    }
    return xieli("match", "extend", *(word for key, value in names.items() for word in (f"--{key}", value)), *more)


def test_who_comes_later_makes_the_run_that_everybody_would_have_made(tmp_path: Path) -> None:
    """Over three days, the last one's result against the published hash, certificate and verifier."""
    market, people = sample("small"), len(sample("small").people)
    days = on_days(tmp_path, slice(0, people // 2), slice(people // 2, people - 40), slice(people - 40, people))
    state, proof, whole = str(tmp_path / "state"), tmp_path / "c.json", tmp_path / "whole.json"
    first = answer("match", *about(people=days[0]), "--out", str(tmp_path / "r"), "--save", state)
    assert first["people"] == people // 2
    for day, joined in ((days[1], people - 40 - people // 2), (days[2], 40)):
        result = extended(tmp_path, day, "--save", state, "--certificate", str(proof), "--json")
        assert result.exit_code == 0, result.output
        said = json.loads(result.stdout)
        assert (said["joined"], said["from_scratch"]) == (joined, "")
    assert (said["hash"], said["people"], said["matched"]) == (
        market.expected["hash"],
        people,
        market.expected["placed"],
    )
    answer("match", *about(), "--out", str(tmp_path / "w"), "--certificate", str(whole))
    assert json.loads(proof.read_text()) == json.loads(whole.read_text())
    assert answer("match", "verify", *about(), "--result", str(tmp_path / "r"))["stable"] is True
    assert files.read_places(tmp_path / "r") == files.read_places(tmp_path / "w")


def test_what_cannot_join_a_run_is_one_sentence(tmp_path: Path) -> None:
    people = len(sample("small").people)
    days, state = on_days(tmp_path, slice(0, people - 5), slice(people - 6, people)), tmp_path / "state"
    answer("match", *about(people=days[0]), "--out", str(tmp_path / "r"), "--save", str(state))
    known = json.loads(extended(tmp_path, days[1], "--json").stdout)
    assert (known["row"], known["column"]) == (1, "person")
    assert "is in the saved run already" in known["detail"]
    foreign = tmp_path / "foreign"
    answer("match", *about("tiny"), "--out", str(tmp_path / "r"), "--save", str(foreign))
    of_others = extended(tmp_path, days[1], "--json", state=str(foreign))
    assert of_others.exit_code == 1
    assert "the state is of other" in json.loads(of_others.stdout)["detail"]
    for content in (state.read_bytes()[:900], b"", np.arange(3).tobytes(), npz(), npy()):
        foreign.write_bytes(content)
        broken = extended(tmp_path, days[1], "--json", state=str(foreign))
        assert broken.exit_code == 1
        assert f"{foreign}: this is no saved state" in json.loads(broken.stdout)["detail"]


def npz() -> bytes:
    """Arrays, but of no run."""
    held = io.BytesIO()
    np.savez(held, places=np.arange(3))
    return held.getvalue()


def npy() -> bytes:
    held = io.BytesIO()
    np.save(held, np.arange(3))
    return held.getvalue()


def test_a_saved_run_is_matched_like_one_that_is_not(tmp_path: Path) -> None:
    saved = answer("match", *about(), "--out", str(tmp_path / "r"), "--save", str(tmp_path / "s"), "--price")
    assert saved["hash"] == sample("small").expected["hash"]
    assert not list(tmp_path.glob("*.part"))
    words = extended(tmp_path, on_days(tmp_path, slice(0, 0))[0], state=str(tmp_path / "s")).stdout
    assert "0 joined, 0 of them placed; 0 of the others have another place" in words
    nowhere = xieli("match", *about(), "--out", str(tmp_path / "r"), "--save", str(tmp_path / "no" / "s"), "--json")
    assert "--save: " in json.loads(nowhere.stdout)["detail"]


def test_what_if_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = xieli("match", "what-if", *about(), "--json")
    assert result.exit_code == 1
    assert ".venv/bin/python -m pip install 'ortools" in json.loads(result.stdout)["detail"]


@pytest.mark.skipif(
    importlib.util.find_spec("ortools") is None, reason="ortools is the extra `what-if`, not in the lock"
)
def test_what_if_compares_with_the_stable_result(tmp_path: Path) -> None:
    said, stable = (
        answer("match", "what-if", *about()),
        answer("match", *about(), "--out", str(tmp_path / "r"), "--price"),
    )
    assert (said["stable_points"], said["stable_placed"]) == (stable["reached"], stable["matched"])
    assert stable["reached"] <= said["points"] <= stable["bound"]
    assert 0 < said["people_in_blocking_pairs"] <= said["blocking_pairs"]


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"seed": "12"}, "--seed: 32 hexadecimal digits"),
        ({"people": "nowhere.parquet"}, "nowhere.parquet: no such file"),
        ({"people": str(DATA / "small" / "vacancies.parquet")}, "row 0, person: a missing column"),
        ({"weights": str(DATA / "small" / "seed.txt")}, "seed.txt: "),
        ({"vacancies": str(DATA / "small" / "seed.txt")}, "seed.txt: "),
    ],
)
def test_bad_input_is_one_sentence(other: dict[str, str], sentence: str, tmp_path: Path) -> None:
    result = xieli("match", *about(**other), "--out", str(tmp_path / "r"), "--json")
    assert result.exit_code == 1
    assert sentence in json.loads(result.stdout)["detail"]
    assert not (tmp_path / "r").exists()


def test_ten_million_openings_are_refused_by_name(tmp_path: Path) -> None:
    vacancies = tmp_path / "v.parquet"
    jobs = list(sample("small").vacancies.values())
    table = pq.read_table(DATA / "small" / "vacancies.parquet")
    openings = [10_000_000, *(job.openings for job in jobs[1:])]
    import pyarrow as pa

    pq.write_table(
        table.set_column(table.column_names.index("openings"), "openings", pa.array(openings, pa.int32())), vacancies
    )
    result = xieli("match", *about(vacancies=str(vacancies)), "--out", str(tmp_path / "r"), "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["row"], said["column"]) == (1, 1, "openings")
    assert "10000000 is outside 0-1000000" in said["detail"]
