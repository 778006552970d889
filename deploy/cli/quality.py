"""test and check: the whole suite, and everything that reads the code without running it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import typer

from deploy.cli.output import Progress, say
from deploy.local import fleet
from deploy.local.paths import REPOSITORY, cache_directory

PYTEST = [sys.executable, "-m", "pytest"]
# Two halves that take about as long: what plays over six nodes, the fuzzer, the rules; and every service before its own database.
ASIDE = "e2e or unit or fuzz or bench"
REST = f"not ({ASIDE})"
# Neither asks for a server: rules, contracts, the house.
MATCHER = "tests/unit/matching"
ALSO = [f"{MATCHER}/test_{name}.py" for name in ("federation", "protocol", "incentives")]
FAST_ASIDE = ["-q", MATCHER, *(f"--ignore={path}" for path in ALSO)]
OTHERS = [
    f"tests/unit/{name}"
    for name in ("common", "console", "jobs", "local", "registry", "retention", "test_allotment.py", "test_leaks.py")
]
FAST = ["-q", *OTHERS, "tests/architecture", "tests/contract", *ALSO]

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
    "the house and its pages": [*PYTEST, "-q", "tests/architecture", "tests/contract"],
}


def test(context: typer.Context) -> None:
    """Run the test suite; all arguments go to pytest. `--fast` alone: what needs neither broker nor database, in a minute or two."""
    if context.args == ["--fast"]:
        raise typer.Exit(_two_halves("the matcher's rules", FAST_ASIDE, FAST))
    with Progress().shown() as tell:
        fleet.prepare(tell)
    if context.args:
        raise typer.Exit(_pytest(context.args))
    raise typer.Exit(_two_halves(f"six nodes, the fuzzer and the rules (-m '{ASIDE}')", ["-m", ASIDE], ["-m", REST]))


def _pytest(arguments: Sequence[str]) -> int:
    return subprocess.run([*PYTEST, *arguments], check=False, cwd=REPOSITORY).returncode


def _two_halves(what: str, aside: Sequence[str], rest: Sequence[str]) -> int:
    """One half of the tests runs beside the other, for there are two processors at least; what it says comes after.

    Its temporary files lie apart: a pytest that begins closes the folder that all of them share to everybody but root, and
    a PostgreSQL that is just being started there, under an account of its own, finds its files no more.
    """
    log = cache_directory() / "aside.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    say(f"• {what} beside the rest; to follow them: tail -f {log}")
    with (
        tempfile.TemporaryDirectory(prefix="xieli-aside-", ignore_cleanup_errors=True) as apart,
        log.open("w+b") as said,
    ):
        command = [*PYTEST, *aside, f"--basetemp={apart}/nodes"]
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=said, stderr=subprocess.STDOUT) as half:
            code = _pytest(rest)
        said.seek(0)
        shutil.copyfileobj(said, sys.stdout.buffer)
    return code or half.returncode


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
