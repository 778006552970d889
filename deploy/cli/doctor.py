"""doctor: what this machine lacks, and the line that repairs it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
import typer

from deploy.cli.nodes import JsonOption
from deploy.cli.output import answer_json, answers
from deploy.local import jars, java, jvm_cache, postgres
from deploy.local.errors import OperatorError
from deploy.local.node import nodes_of
from deploy.local.paths import REPOSITORY, cache_directory, socket_directory, state_directory
from deploy.local.ports import holder, is_free

_DISK_MB, _MEMORY_MB = 3000, 3500


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `repair` is a line to type, empty when all is well."""

    name: str
    ok: bool
    detail: str
    repair: str = ""


def doctor(as_json: JsonOption = False) -> None:
    """Look at everything a start needs; exit code 1 when something is missing."""
    findings = [look() for look in LOOKS]
    if as_json:
        answer_json({"ok": all(one.ok for one in findings), "findings": [asdict(one) for one in findings]})
    else:
        for one in findings:
            answers.print(f"{'[green]ok[/]     ' if one.ok else '[red]missing[/]'} {one.name}: {one.detail}")
            if one.repair:
                answers.print(f"        → {one.repair}", markup=False)
    raise typer.Exit(0 if all(one.ok for one in findings) else 1)


def _python() -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), f"{sys.version.split()[0]} in {sys.prefix}", "")


def _packages() -> Finding:
    stamp = REPOSITORY / ".venv" / "xieli.lock.sha256"
    ok = stamp.is_file()
    return Finding(
        "packages",
        ok,
        "as in requirements.lock" if ok else "not put in place by xieli",
        "" if ok else "rm -rf .venv && ./xieli doctor",
    )


def _postgres() -> Finding:
    try:
        who = postgres.account()
        return Finding("PostgreSQL", True, f"runs as user {postgres.ACCOUNT}" if who else "runs as you")
    except OperatorError as trouble:
        return Finding("PostgreSQL", False, str(trouble), "apt-get install passwd")


def _kafka() -> Finding:
    missing = jars.missing()
    if missing:
        return Finding("Kafka", True, f"{missing} files will be fetched by the first start (56 MB)")
    return Finding("Kafka", True, "here and verified")


def _java() -> Finding:
    if jars.missing() or not jvm_cache.is_warm():
        return Finding("Java", True, "start-up caches will be made by the first start (about 20 seconds)")
    return Finding("Java", True, f"start-up caches in {java.kept()}")


def _writable() -> Finding:
    for place in (state_directory(), cache_directory()):
        existing = next(parent for parent in (place, *place.parents) if parent.exists())
        if not os.access(existing, os.W_OK):
            return Finding(
                "directories",
                False,
                f"{existing} cannot be written",
                f"chown -R $(id -u) '{existing}', or set XIELI_HOME and XIELI_CACHE",
            )
    return Finding("directories", True, f"state in {state_directory()}, cache in {cache_directory()}")


def _sockets() -> Finding:
    try:
        return Finding("sockets", True, f"in {socket_directory(state_directory()).parent}")
    except OperatorError as trouble:
        return Finding("sockets", False, str(trouble), "export TMPDIR=/tmp")


def _disk() -> Finding:
    existing: Path = next(parent for parent in (state_directory(), *state_directory().parents) if parent.exists())
    free = shutil.disk_usage(existing).free // 2**20
    return Finding(
        "disk",
        free > _DISK_MB,
        f"{free} MB free, six nodes want {_DISK_MB}",
        "" if free > _DISK_MB else "export XIELI_HOME=<a larger disk>",
    )


def _memory() -> Finding:
    free = psutil.virtual_memory().available // 2**20
    ok = free > _MEMORY_MB or any(node.settled and node.running() for node in nodes_of())
    return Finding(
        "memory",
        ok,
        f"{free} MB available, six nodes want {_MEMORY_MB}",
        "" if ok else "./xieli up --node 433124 --node 440300",
    )


def _ports() -> Finding:
    asleep = [node for node in nodes_of() if node.settled and not node.running()]
    held = [f"{port} by {holder(port)}" for node in asleep for port in node.ports.values() if not is_free(port)]
    return Finding("ports", True, f"held: {', '.join(held)}; the next start chooses others" if held else "free")


LOOKS: tuple[Callable[[], Finding], ...] = (
    _python,
    _packages,
    _writable,
    _sockets,
    _disk,
    _memory,
    _postgres,
    _kafka,
    _java,
    _ports,
)
