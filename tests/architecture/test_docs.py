"""What the README claims is true: commands, rooms, settings, events, addresses, links; a claim that rots fails here."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from deploy.cli.__main__ import app
from libs.common.settings import Settings
from tests.architecture.test_rooms import ROOMS, ROOT, SERVICES
from tests.contract.test_events import published

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted({*re.findall(r"\./xieli (\w+)", README), *re.findall(r"· `(\w+)`", README.split("## Call it")[0])})


def xieli(*arguments: str) -> Result:
    """The command as typed, in this process."""
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def table_after(heading: str) -> dict[str, str]:
    """First column -> the rest, of the first table below a text."""
    lines = README.split(heading, 1)[1].split("\n")
    rows = [line for line in lines[next(n for n, line in enumerate(lines) if line.startswith("|")) :]]
    cells = []
    for line in rows:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split("|")])
    return {row[0]: " | ".join(row[1:]) for row in cells[2:]}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_it_names_exists(command: str) -> None:
    if command == "test":  # hands everything on to pytest, help included
        return
    done = xieli(command, "--help")
    assert done.exit_code == 0, done.output


def test_every_option_it_names_exists() -> None:
    told = {command: xieli(command, "--help").stdout for command in ("demo", "up", "token", "status", "match", "fuzz")}
    told |= {
        "account": xieli("account", "create", "--help").stdout,
        "import": xieli("import", "people", "--help").stdout,
        "bench": xieli("bench", "match", "--help").stdout,
        "keys": xieli("keys", "rotate", "--help").stdout,
    }
    told["match"] += xieli("match", "extend", "--help").stdout
    told["bench"] += xieli("bench", "register", "--help").stdout
    for line in README.split("\n"):
        for command, rest in re.findall(r"`\./xieli (\w+)([^`]*)`", line):
            missing = [option for option in re.findall(r"--[a-z-]+", rest) if option not in told.get(command, "")]
            assert not missing, f"{command}: {missing}"


def test_a_dry_run_needs_nothing_and_says_what_would_happen() -> None:
    done = xieli(
        "import", "people", str(ROOT / "deploy/demo/data/people-433124.xlsx"), "--node", "433124", "--dry-run", "--json"
    )
    truth = json.loads((ROOT / "deploy/demo/data/truth.json").read_text(encoding="utf-8"))["files"][
        "people-433124.xlsx"
    ]
    said = json.loads(done.stdout)
    assert {name: said[name] for name in ("total_rows", "accepted", "refused", "flagged", "labourers")} == {
        name: truth[name] for name in ("total_rows", "accepted", "refused", "flagged", "labourers")
    }


def test_the_map_of_rooms_is_the_rooms() -> None:
    named = {name for row in table_after("The rooms of a service") for name in re.findall(r"`(\w+)`", row)}
    assert named == ROOMS


def test_the_map_of_the_house_is_the_house() -> None:
    places = [re.findall(r"`([\w/]+)`", row)[0] for row in table_after("which service, which room.")]
    assert all((ROOT / place).is_dir() for place in places)
    assert {f"services/{service}" for service in SERVICES} <= set(places)


def test_every_setting_is_listed_and_no_other() -> None:
    listed = {name.strip("`") for name in table_after("What the environment may change:")}
    modules = [importlib.import_module(f"services.{service}.settings") for service in SERVICES]
    kinds = [
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Settings)
    ]
    assert listed == {f"XIELI_{name.upper()}" for kind in kinds for name in kind.model_fields}


def test_every_event_is_listed_with_its_audience() -> None:
    listed = {
        (kind, audience)
        for kinds, audience in table_after("## What travels").items()
        for kind in re.findall(r"`([\w.]+)`", kinds)
    }
    assert listed == {(event.TYPE, event.AUDIENCE) for event in published()}


def test_every_address_it_calls_is_in_the_contract() -> None:
    known = {
        path
        for service in SERVICES
        for path in json.loads((ROOT / f"tests/contract/openapi/{service}.json").read_text(encoding="utf-8"))["paths"]
    }
    called = re.findall(r'"\$NODE(/[\w/.-]+)', README)
    assert called
    assert set(called) <= known


def test_every_link_and_file_it_names_exists() -> None:
    linked = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert {path.name for path in (ROOT / "docs/decisions").glob("*.md")} <= {Path(link).name for link in linked}
    named = re.findall(r"`((?:services|libs|deploy|tests|docs)/[\w./-]+\.\w+)`", README)
    assert named
    assert [name for name in (*linked, *named) if not (ROOT / name).exists()] == []


def test_compose_names_in_the_readme_exist() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    variables = re.findall(r"^([A-Z_]+)=", README.split("cat > .env")[1].split("END")[1], re.MULTILINE)
    assert variables
    assert [name for name in variables if f"${{{name}" not in compose] == []
    recreated = re.search(r"--force-recreate ([\w -]+)", README)
    assert recreated
    assert [name for name in recreated[1].split() if not re.search(rf"^  {name}:", compose, re.MULTILINE)] == []


def test_every_decision_says_whether_it_holds_and_since_when() -> None:
    poor = [
        path.name
        for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))
        if not re.search(
            r"^\*\*Status\.\*\* (Accepted|Superseded by \[\d{4}\]\(.+\)), \d{4}-\d\d-\d\d\.",
            path.read_text("utf-8"),
            re.M,
        )
    ]
    assert not poor


def test_every_page_is_in_the_index_and_every_link_leads_somewhere() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", index)
    assert all((ROOT / "docs" / link).exists() for link in links)
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert pages <= {Path(link).name for link in links}
