"""fuzz: throws sound, unsound and hostile requests at every door of two furnished nodes; nothing may break or surprise."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.nodes import JsonOption
from deploy.cli.output import answer_json, say
from deploy.local.paths import REPOSITORY


def fuzz(
    cases: Annotated[
        int, typer.Option(min=5, help="So many by schemathesis over all services; hostile values come on top.")
    ] = 20_000,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="That of an earlier run throws the same again; by default another one for each run."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fuzz all doors over a real database; ends with 1 when a server error or an undocumented answer was found."""
    seed = secrets.randbelow(2**31) if seed is None else seed
    with tempfile.TemporaryDirectory(prefix="xieli-fuzz-") as folder:
        out = Path(folder) / "figures.json"
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz", str(cases), str(seed), str(out)], check=False, cwd=REPOSITORY
        )
        figures: dict[str, Any] = (
            json.loads(out.read_text(encoding="utf-8")) if out.exists() else {"seed": seed, "failed": done.returncode}
        )
    if as_json:
        answer_json(figures)
    else:
        _tell(figures)
    raise typer.Exit(done.returncode)


def _tell(figures: dict[str, Any]) -> None:
    for fault, text in figures.get("faults", {}).items():
        say(f"✗ {fault}\n{text}")
    say(
        f"seed {figures.get('seed', '?')}: {figures.get('cases', 0)} cases, {figures.get('server_errors', '?')} server errors, {len(figures.get('faults', {}))} faults"
    )
