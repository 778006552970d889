"""test and check: the whole suite, and everything that reads the code without running it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import typer

from deploy.cli.output import Progress, say
from deploy.local import fleet
from deploy.local.paths import REPOSITORY

PYTEST = [sys.executable, "-m", "pytest"]
# Two files at a time, for there are two processors at least; what a file sets up is set up once. The longest stand first (tests/conftest).
TWO_AT_ONCE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# None of these asks for a server: rules, contracts, the house.
FAST = ["-q", "tests/unit", "tests/architecture", "tests/contract"]

# Every code and every refusal is said in both languages.
WORDS = ["tests/unit/console/test_words.py", "tests/unit/common/test_problem_texts.py"]

# What a reader is told must be true, too: the pages are tested with the rest of the form.
CHECKS = {
    "style (ruff check)": [sys.executable, "-m", "ruff", "check", "."],
    "form (ruff format)": [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."],
    "types (mypy --strict)": [sys.executable, "-m", "mypy"],
    "who may import whom (import-linter)": [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ],
    "the house, its pages and its words": [*PYTEST, "-q", "tests/architecture", "tests/contract", *WORDS],
}


def test(context: typer.Context) -> None:
    """Run the test suite; all arguments go to pytest. `--fast` alone: what needs neither broker nor database, in a minute or two."""
    if context.args == ["--fast"]:
        raise typer.Exit(_pytest([*TWO_AT_ONCE, *FAST]))
    with Progress().shown() as tell:
        fleet.prepare(tell)
    raise typer.Exit(_pytest(context.args or TWO_AT_ONCE))


def _pytest(arguments: Sequence[str]) -> int:
    return subprocess.run([*PYTEST, *arguments], check=False, cwd=REPOSITORY).returncode


def check() -> None:
    """Style, types, import contracts and the tests of house and pages, all at once."""
    with ThreadPoolExecutor(len(CHECKS)) as pool:
        held = dict(zip(CHECKS, pool.map(_holds, CHECKS), strict=True))
    failed = [name for name, holds in held.items() if not holds]
    say(f"Failed: {', '.join(failed)}" if failed else "All checks hold.")
    raise typer.Exit(1 if failed else 0)


def _holds(name: str) -> bool:
    """What a check says comes in one piece: the others speak, too."""
    done = subprocess.run(
        CHECKS[name], check=False, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    typer.echo(f"• {name}\n{done.stdout}")
    return done.returncode == 0


def bom() -> None:
    """Print the software bill of materials (物料清单): CycloneDX JSON of the packages; Kafka's files stand in deploy/local/jgo.lock.toml."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--of", "JSON", "--output-reproducible"]
    raise typer.Exit(subprocess.run(command, check=False, cwd=REPOSITORY).returncode)
