"""token: a role at a node, and refusals that say what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.__main__ import app
from libs.common.identity import Verifier
from libs.common.node import Clock
from tests.support.nodes import make_keys


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The keys of 花垣's node, as its first start makes them."""
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    keys = tmp_path / "nodes" / "n433124" / "keys"
    make_keys(keys, "n433124")
    return keys


def test_a_token_needs_a_node_that_has_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIELI_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["token", "--node", "433124", "--role", "officer"])
    assert "no keys yet" in str(done.exception)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--role", "mayor"], "no role mayor"),
        (["--role", "employer"], "--organisation"),
        (["--role", "officer", "--region", "abc"], "abc is no division code"),
        (["--role", "officer", "--region", "433124", "--region", "4331"], "4331 is no division code"),
        (["--role", "cadre", "--region", "433124:"], "433124: is no division code"),
    ],
)
def test_a_token_that_nothing_would_accept_is_refused_in_words(keys: Path, arguments: list[str], why: str) -> None:
    done = CliRunner().invoke(app, ["token", "--node", "433124", *arguments])
    assert done.exit_code == 1
    assert why in str(done.exception)


@pytest.mark.parametrize(
    ("arguments", "regions", "organisation"),
    [
        (["--role", "officer"], ("433124",), ""),
        (["--role", "cadre", "--region", "433124:花垣镇"], ("433124:花垣镇",), ""),
        (["--role", "employer", "--organisation", "91440300MA5D8C1X2T"], ("433124",), "91440300MA5D8C1X2T"),
    ],
)
def test_a_token_says_for_whom_it_is(
    keys: Path, arguments: list[str], regions: tuple[str, ...], organisation: str
) -> None:
    done = CliRunner().invoke(app, ["token", "--node", "433124", *arguments])
    caller = Verifier.read("n433124", keys).verify(done.stdout.strip(), Clock().now())
    assert (caller.regions, caller.organisation) == (regions, organisation)
