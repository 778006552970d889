"""import --dry-run: needs no node, and dates a people file by the year that it states."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.__main__ import app
from deploy.cli.imports import end_of_year
from libs.common.sheets import Row, Table


def _table(*years: object) -> Table:
    rows = tuple(Row(number, {"年度": year}, frozenset()) for number, year in enumerate(years, 2))
    return Table(1, ("年度",), rows, {})


def test_a_people_file_is_dated_by_the_end_of_its_year() -> None:
    assert end_of_year(_table("2016", "2016", "2015")) == date(2016, 12, 31)
    assert end_of_year(_table(None, "", "去年")) is None


def test_a_file_that_is_no_list_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIELI_HOME", str(tmp_path / "state"))
    wrong = tmp_path / "people.xlsx"
    wrong.write_bytes(b"not a workbook")
    done = CliRunner().invoke(app, ["import", "people", str(wrong), "--node", "433124", "--dry-run", "--json"])
    assert done.exit_code == 1
    assert "Refused" in type(done.exception).__name__
    assert not (tmp_path / "state").exists()


def test_status_of_nodes_that_never_ran_says_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["status", "--node", "433124", "--json"])
    [node] = json.loads(done.stdout)["nodes"]
    assert (node["node"], node["state"], node["processes"]) == ("n433124", "stopped", [])


def test_a_token_needs_a_node_that_has_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["token", "--node", "433124", "--role", "officer"])
    assert "no keys yet" in str(done.exception)
