"""import: a dry run needs no node; what was found is said in words, and where the refused rows are."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.__main__ import app
from deploy.cli.findings import print_report, word
from deploy.local.node import Node
from services.jobs.rules.severity import ERRORS, VETTING, WARNINGS
from services.registry.rules import SEVERITY

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


@pytest.mark.parametrize(
    ("arguments", "row"),
    [
        (
            ["people", "people-433124.xlsx", "433124"],
            "row 38: 证件号码：证件号码被存成数值，后几位已丢失 the identity number was kept as a number",
        ),
        (["vacancies", "vacancies-440300.xlsx", "440300"], "限定或优先某一性别 asks for one sex (discriminatory_sex)"),
    ],
)
def test_a_dry_run_says_in_words_which_rows_are_out(arguments: list[str], row: str) -> None:
    kind, file, node = arguments
    done = CliRunner().invoke(app, ["import", kind, str(DATA / file), "--node", node, "--dry-run"])
    counted = json.loads(
        CliRunner().invoke(app, ["import", kind, str(DATA / file), "--node", node, "--dry-run", "--json"]).stdout
    )
    assert row in done.stdout
    assert f"Out, not taken in ({counted['refused']}):" in done.stdout
    assert "row " not in done.stderr


def test_every_finding_has_words_in_both_languages() -> None:
    for code in [*SEVERITY, *ERRORS, *WARNINGS, *VETTING]:
        said = word({"code": code, "column": "列"})
        assert re.fullmatch(rf"列：[^a-z]*[\u4e00-\u9fff][^a-z]* [a-z].* \({code}\)", said), said


def test_what_a_node_took_in_is_named_with_its_number_and_the_way_to_the_refused_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    monkeypatch.setattr(Node, "url", "http://127.0.0.1:1")
    address = "/registry/v1/imports/01890a5d/refused.xlsx"
    report = {
        "id": "01890a5d",
        "total_rows": 2,
        "refused_rows": address,
        "findings": {"3": [{"code": "name_missing", "column": "姓名"}]},
    }
    print_report(report, False, Node.of("433124"))
    shown = capsys.readouterr()
    assert "import  01890a5d" in shown.out
    assert f"http://127.0.0.1:1{address}" in shown.err


def test_a_dry_run_says_in_both_languages_what_was_left_out_and_shows_every_row() -> None:
    cases = Path(__file__).parents[2] / "data" / "cases"
    example = ["people", str(cases / "02-example-sheet-first" / "example_first.xlsx"), "--node", "433124", "--dry-run"]
    said = CliRunner().invoke(app, ["import", *example]).stdout
    assert "工作表“填写示例”是示例，未读取 the sheet 填写示例 is an example and was not read" in said
    rows = json.loads(CliRunner().invoke(app, ["import", *example, "--json"]).stdout)["rows"]
    assert [row["name"] for row in rows.values()] == ["石**", "廖**", "吴**", "石**", "麻**", "龙**"]
    assert {row["number"] for row in rows.values()} == {"433124************"}
    total = ["vacancies", str(cases / "04-total-row-with-counts" / "total.xlsx"), "--node", "440300", "--dry-run"]
    assert "total: row 5" in CliRunner().invoke(app, ["import", *total]).stdout
