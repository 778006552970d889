"""account: the first operator's account and a lost password, by whoever has the node's keys."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from deploy.cli.__main__ import app
from tests.support.console import app_of, open_console, served
from tests.support.nodes import Nodes, client_of


async def xieli(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))


async def test_whoever_runs_the_node_makes_an_account_and_resets_one(
    nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = await open_console(nodes, "n433124")
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    place = tmp_path / "nodes" / "n433124"
    (place / "run").mkdir(parents=True)
    (place / "keys").symlink_to(context.settings.keys)
    async with served(app_of(context)) as url, client_of(context, "operator") as operator:
        (place / "run" / "ports.json").write_text(json.dumps({"http": int(url.rsplit(":", 1)[1])}))
        made = await xieli("account", "create", "lu.first", "--node", "433124")
        assert made.exit_code == 0, made.exception
        account = (await operator.get("/console/v1/accounts/lu.first")).json()
        assert (account["role"], account["must_change"]) == ("operator", True)
        again = await xieli("account", "reset", "operator", "--node", "433124")
        assert (again.exit_code, again.stdout != made.stdout) == (0, True)
        refused = await xieli("account", "create", "lu.first", "--node", "433124")
        assert (refused.exit_code, "There is an account lu.first" in str(refused.exception)) == (1, True)


async def test_a_node_that_is_not_up_says_what_to_do(
    nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = await open_console(nodes, "n433124")
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    place = tmp_path / "nodes" / "n433124"
    place.mkdir(parents=True)
    (place / "keys").symlink_to(context.settings.keys)
    asked = await xieli("account", "reset", "operator", "--node", "433124")
    assert "./xieli up --node n433124" in str(asked.exception)
