"""fuzz: throws sound, unsound and hostile requests at every door of two furnished nodes; nothing may break or surprise."""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from deploy.cli.nodes import JsonOption
from deploy.cli.output import show
from deploy.local.paths import REPOSITORY


@dataclass(frozen=True)
class Figures:
    """What came of the cases: how many of which kind and with which status, and each fault with how to see it again."""

    seed: int
    cases: int
    by_kind: dict[str, int]
    statuses: dict[str, int]
    server_errors: int
    faults: dict[str, str]
    seconds: int

    def document(self) -> object:
        return asdict(self)

    def in_words(self) -> str:
        faults = "".join(f"✗ {fault}\n{text}\n" for fault, text in self.faults.items())
        return f"{faults}seed {self.seed}: {self.cases} cases, {self.server_errors} server errors, {len(self.faults)} faults"


@dataclass(frozen=True)
class Broken:
    """The fuzzer itself ended with this code and left no figures."""

    seed: int
    failed: int

    def document(self) -> object:
        return asdict(self)

    def in_words(self) -> str:
        return f"seed {self.seed}: the fuzzer itself ended with {self.failed}"


_FIGURES = TypeAdapter(Figures)


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
        figures = _FIGURES.validate_json(out.read_bytes()) if out.exists() else Broken(seed, done.returncode)
    show(figures, as_json)
    raise typer.Exit(done.returncode)
