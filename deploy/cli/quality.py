"""test and check: the whole suite, and everything that reads the code without running it."""

from __future__ import annotations

import subprocess
import sys

import typer

from deploy.cli.screen import say
from deploy.local import jars, postgres, warming
from deploy.local.places import REPOSITORY

# What a reader is told must be true, too: the pages are tested with the rest of the form.
CHECKS = {
    "style (ruff)": [sys.executable, "-m", "ruff", "check", "."],
    "types (mypy --strict)": [sys.executable, "-m", "mypy"],
    "who may import whom (import-linter)": [
        sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ],
    "the house and its pages": [sys.executable, "-m", "pytest", "-q", "tests/architecture", "tests/contract"],
}  # fmt: skip


def test(context: typer.Context) -> None:
    """Run the test suite; all arguments go to pytest."""
    jars.class_path(lambda done, total: say(f"  Fetching Kafka: {done} of {total}") if done % 20 == 0 else None)
    warming.warm()
    postgres.account()
    raise typer.Exit(subprocess.run([sys.executable, "-m", "pytest", *context.args], check=False, cwd=REPOSITORY).returncode)


def check() -> None:
    """Style, types, import contracts and the tests of house and pages."""
    failed = [name for name, command in CHECKS.items() if not _holds(name, command)]
    say(f"Failed: {', '.join(failed)}" if failed else "All checks hold.")
    raise typer.Exit(1 if failed else 0)


def _holds(name: str, command: list[str]) -> bool:
    say(f"• {name}")
    return subprocess.run(command, check=False, cwd=REPOSITORY).returncode == 0
