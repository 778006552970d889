"""import --dry-run: needs no node, and dates a people file by the year that it states."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.__main__ import app

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"


def test_a_people_file_that_states_no_year_is_judged_as_of_today_and_says_so(tmp_path: Path) -> None:
    content = (DATA / "people-433126.csv").read_bytes().decode("gb18030").replace(",2016,", ",,")
    (tmp_path / "people.csv").write_text(content, encoding="utf-8")
    dry = ["import", "people", str(tmp_path / "people.csv"), "--node", "433126", "--dry-run", "--json"]
    today, then = CliRunner().invoke(app, dry), CliRunner().invoke(app, [*dry, "--as-of", "2016-12-31"])
    assert "states no year" in today.stderr
    assert json.loads(then.stdout)["labourers"] == 245
    assert json.loads(today.stdout)["findings"] == json.loads(then.stdout)["findings"]


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


@pytest.mark.parametrize(
    ("kind", "file", "node", "why"),
    [
        ("people", "people-433126.csv", "433124", "433126"),
        ("people", "people-433126.csv", "999999", "no node 999999"),
        ("wishes", "wishes-433124.xlsx", "999999", "no node 999999"),
        ("vacancies", "vacancies-430100.xlsx", "440300", "长沙市"),
        ("employers", "employers-430100.xlsx", "440300", "长沙市"),
    ],
)
def test_a_dry_run_refuses_what_the_node_would_refuse(kind: str, file: str, node: str, why: str) -> None:
    done = CliRunner().invoke(app, ["import", kind, str(DATA / file), "--node", node, "--dry-run"])
    assert done.exit_code == 1
    assert why in str(done.exception)
