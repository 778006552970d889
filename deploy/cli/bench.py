"""bench: measurements under the conditions they name, each in a process of its own, as JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter

from deploy.cli.bench_figures import (
    BetweenFigures,
    KernelFigures,
    Peer,
    PeerFailed,
    PeerFigures,
    PeerMissing,
    PeerStopped,
)
from deploy.cli.nodes import JsonOption
from deploy.cli.output import Progress, answer_json, answers, show
from deploy.cli.signals import end_in_order
from deploy.local.errors import OperatorError
from deploy.local.paths import REPOSITORY

app = typer.Typer(help="Measure.", no_args_is_help=True)

LIMIT = 300
PEERS = {
    "10k": ("matching_full", "naive_numpy", "scipy_sparse"),
    "50k": ("naive_numpy", "ortools_full", "ortools_top64"),
    "760k": ("ortools_top64", "postgresql_top20", "duckdb_top20"),
    "1520k": (),
    "3m": (),
}
FEDERATED, ON_NODES = ("50k", "760k"), "50k"
PROCESSES_MOST = 16
_KERNEL = TypeAdapter(KernelFigures)
_BETWEEN = TypeAdapter(BetweenFigures)
_PEER: TypeAdapter[PeerFigures | PeerMissing] = TypeAdapter(PeerFigures | PeerMissing)


class BenchFailed(OperatorError):
    """The measured process ended badly."""


class TookTooLong(Exception):
    """A peer has had its time."""


@app.callback()
def bench() -> None:
    """Measure what the house promises."""
    end_in_order()


@app.command()
def match(
    size: Annotated[str, typer.Option(help=f"One of {', '.join(PEERS)}.")] = "10k",
    seed: Annotated[int, typer.Option(help="Of the generator.")] = 1,
    peers: Annotated[
        bool, typer.Option("--peers", help="Other programs on the same instance, at most five minutes each.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """The kernel on a realistic instance, against its floor and, with --peers, against other programs."""
    with Progress().shown() as tell, instance(tell, size, seed, PEERS) as folder:
        figures = _measure(folder, PEERS[size] if peers else (), tell)
    show(figures, as_json)


@app.command()
def federation(
    size: Annotated[str, typer.Option(help=f"One of {', '.join(FEDERATED)}; nothing: both.")] = "",
    seed: Annotated[int, typer.Option(help="Of the generator, and of the order of messages.")] = 1,
    nodes: Annotated[
        bool, typer.Option("--nodes", help="Also between real nodes over Kafka, with 50,000 people.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """51 counties and 24 cities match by messages, in rounds and at random, against the kernel in one place."""
    with Progress().shown() as tell:
        runs = [run for each in ([size] if size else FEDERATED) for run in _federated(each, seed, tell)]
        runs += [_between_nodes(seed, tell)] if nodes else []
    if as_json:
        answer_json({"runs": runs})
    else:
        for run in runs:
            answers.print(str(run), markup=False)


@app.command()
def between(
    size: Annotated[str, typer.Option(help=f"One of {', '.join(FEDERATED)}.")] = "50k",
    seed: Annotated[int, typer.Option(help="Of the generator, and of who comes later.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """1,000 people who come after a run go on from it, against a run from scratch with everybody."""
    with Progress().shown() as tell, instance(tell, size, seed) as folder:
        tell(f"Adding people to a run of {size}")
        figures = _BETWEEN.validate_json(child(["tests.bench.between", folder, size, str(seed)]))
    show(figures, as_json)


@app.command()
def scaleout(
    size: Annotated[str, typer.Option(help=f"One of {', '.join(FEDERATED)}.")] = "50k",
    processes: Annotated[
        int, typer.Option(min=1, max=PROCESSES_MOST, help="How many share the counties and cities.")
    ] = 2,
    seed: Annotated[int, typer.Option(help="Of the generator.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Counties and cities divided over processes that exchange cards and cutoffs, against one process."""
    with Progress().shown() as tell, instance(tell, size, seed) as folder:
        tell(f"Matching {size} in 1 and in {processes} processes")
        answer = json.loads(child(["tests.bench.scaleout", folder, size, str(processes)]))
    if as_json:
        answer_json(answer)
    else:
        for run in answer["runs"]:
            answers.print(str(run), markup=False)


@app.command()
def lists(
    size: Annotated[str, typer.Option(help=f"One of {', '.join(FEDERATED)}.")] = "50k",
    seed: Annotated[int, typer.Option(help="Of the generator.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """The top twenty of a person and of a vacancy, against PostgreSQL in this machine and against a bare answer over HTTP."""
    with Progress().shown() as tell, instance(tell, size, seed) as folder:
        tell("Asking for the top twenty both ways, of the kernel, of PostgreSQL and over HTTP")
        answer: dict[str, Any] = json.loads(child(["tests.bench.lists", folder]))
    if as_json:
        answer_json(answer)
    else:
        for name in ("person", "vacancy", "http"):
            answers.print(f"{name}: {answer[name]}", markup=False)


@app.command()
def doors(as_json: JsonOption = False) -> None:
    """What a guarded read, page and write cost beside bare FastAPI and asyncpg on the same PostgreSQL, over 1 and 32 connections."""
    with Progress().shown() as tell:
        tell("Asking guarded and bare doors by turns (some two minutes)")
        answer: dict[str, Any] = json.loads(child(["tests.bench.doors", "measure"]).splitlines()[-1])
        tell("Asking a node how it is while large files come in")
        health = json.loads(child(["tests.bench.health", "measure"]).splitlines()[-1])
    if as_json:
        answer_json(answer | {"health": health})
    else:
        files = health["with_files"]
        answers.print(
            f"health while files come in: p50 {files['p50_ms']} ms, p99 {files['p99_ms']} ms (aim {health['aim_p99_ms']}), alone {health['alone']['p99_ms']}",
            markup=False,
        )
        for scene, found in answer.items():
            for connections, one in found.items():
                answers.print(
                    f"{scene}, {connections}: {one['ratio']} of bare, {one['processor_ratio']} by processor",
                    markup=False,
                )


def _federated(size: str, seed: int, tell: Progress) -> list[dict[str, Any]]:
    with instance(tell, size, seed) as folder:
        tell(f"Matching {size} between 51 counties and 24 cities, in rounds and at random")
        runs: list[dict[str, Any]] = json.loads(child(["tests.bench.federation", folder, size, str(seed)]))
    return runs


def _between_nodes(seed: int, tell: Progress) -> dict[str, Any]:
    """Six nodes of their own, in a state directory that is removed with them."""
    with instance(tell, ON_NODES, seed) as folder:
        tell("Starting five nodes and the province that convenes")
        environment = {**os.environ, "XIELI_HOME": str(Path(folder) / "nodes")}
        return slow_child(["tests.bench.nodes", folder, ON_NODES], environment, tell)


@contextmanager
def instance(tell: Progress, size: str, seed: int, sizes: Collection[str] = FEDERATED, *more: str) -> Iterator[str]:
    """A folder with a generated instance, gone afterwards."""
    if size not in sizes:
        raise BenchFailed(f"--size: one of {', '.join(sizes)}")
    with tempfile.TemporaryDirectory(prefix="xieli-bench-", ignore_cleanup_errors=True) as folder:
        tell(f"Generating {size}")
        child(["tests.bench.instances", folder, size, str(seed), *more])
        yield folder


def slow_child(arguments: list[str], environment: dict[str, str], tell: Progress) -> dict[str, Any]:
    """As `child`, for one that takes minutes and says on stderr how far it is."""
    last = ""
    with _started(arguments, environment) as running:
        for line in running.stderr or ():
            last = line.strip() or last
            tell(last)
        answer = running.stdout.read() if running.stdout else ""
    if running.returncode:
        raise BenchFailed(f"{arguments[0]} failed: {last or running.returncode}")
    found: dict[str, Any] = json.loads(answer)
    return found


def _measure(folder: str, peers: tuple[str, ...], tell: Progress) -> KernelFigures:
    tell("Measuring the kernel")
    figures = _KERNEL.validate_json(child(["tests.bench.measure", folder]))
    for name in peers:
        tell(f"Measuring {name}")
        figures.peers[name] = _peer(folder, name, figures.seconds)
    return figures


@contextmanager
def _started(arguments: list[str], environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A module in a Python of its own; whoever ends this bench ends it too, with all that it has started, and waits for it."""
    command = [sys.executable, "-P", "-m", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY, env=environment
    ) as running:
        try:
            yield running
        except BaseException:
            running.terminate()
            running.communicate()
            raise


def child(arguments: list[str]) -> str:
    """What a module says on stdout."""
    with _started(arguments) as running:
        answer, told = running.communicate()
    if running.returncode == -signal.SIGALRM:
        raise TookTooLong(arguments[1])
    if running.returncode:
        raise BenchFailed(
            f"{arguments[0]} failed: {told.strip().splitlines()[-1] if told.strip() else running.returncode}"
        )
    return answer


def _peer(folder: str, name: str, ours: float) -> Peer:
    """One peer's figures; a peer that is missing, fails or takes too long says so instead."""
    try:
        return _PEER.validate_json(child(["tests.bench.peers", name, folder, str(LIMIT)])).against(ours)
    except TookTooLong:
        return PeerStopped.after(LIMIT, ours)
    except BenchFailed as failure:
        return PeerFailed(str(failure))
