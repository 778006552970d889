"""`./xieli test` without arguments plays the suite in two halves: both are heard, and whichever fails, it fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deploy.cli import quality
from deploy.local.paths import REPOSITORY

# Stands for pytest: says what it was asked for, and fails when that is the half that is to fail.
HALF = "import sys; print(*sys.argv[2:4]); sys.exit(sys.argv[1] == sys.argv[3])"


@pytest.mark.parametrize(("fails", "code"), [("nobody", 0), (quality.ASIDE, 1), (quality.REST, 1)])
def test_a_half_that_fails_fails_the_suite(
    fails: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIELI_CACHE", str(tmp_path))
    monkeypatch.setattr(quality, "PYTEST", [sys.executable, "-c", HALF, fails])
    assert quality._two_halves("a half", ["-m", quality.ASIDE], ["-m", quality.REST]) == code
    assert capfd.readouterr().out.splitlines() == [f"-m {quality.REST}", f"-m {quality.ASIDE}"]


def test_the_fast_halves_are_everything_that_needs_no_server() -> None:
    """A folder of rules that is in neither half would be tested by nobody who is in a hurry."""
    named = {path.split("/")[2] for path in [*quality.FAST, *quality.FAST_ASIDE] if path.startswith("tests/unit/")}
    there = {path.name for path in (REPOSITORY / "tests" / "unit").iterdir() if not path.name.startswith("__")}
    assert named == there
