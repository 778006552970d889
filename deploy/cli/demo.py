"""demo: six nodes on this machine and the story of a labourer from Huayuan, told as it happens or checked and stopped."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from deploy.cli.output import Progress, answer_json, console, say
from deploy.cli.signals import end_like_ctrl_c, run_until_told
from deploy.demo.story import Check, NodePlace, Story
from deploy.local import fleet
from deploy.local.errors import OperatorError
from deploy.local.fleet import kill_node, start_node
from deploy.local.node import Node, nodes_of
from deploy.local.node_certificates import ADMIN
from deploy.local.paths import REPOSITORY, state_directory

DATA = REPOSITORY / "deploy" / "demo" / "data"
_BEGUN, _TOLD = "story.begun", "story.told"


class NoData(OperatorError):
    """The directory given holds no people files."""


class ToldAlready(OperatorError):
    """The nodes hold the people of another story."""


@dataclass(frozen=True)
class Telling:
    """A telling as `--json` shows it."""

    ok: bool
    nodes: list[str]
    checks: list[Check]
    seconds: dict[str, float]
    memory_mb: int


@dataclass
class Told:
    """How a telling went: its checks, how long each part took, what memory the nodes held."""

    checks: list[Check] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    memory_mb: int = 0
    finished: bool = False

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            self.seconds[part] = round(self.seconds.get(part, 0.0) + time.monotonic() - begun, 1)

    def check(self, name: str, ok: bool, detail: str) -> None:
        self.checks.append(Check(name, ok, detail))
        _show_check(self.checks[-1])

    @property
    def ok(self) -> bool:
        return self.finished and all(check.ok for check in self.checks)

    def document(self) -> Telling:
        """The answer of `--json`."""
        return Telling(self.ok, [node.id for node in nodes_of()], self.checks, self.seconds, self.memory_mb)


class MachineLab:
    """What the story may do to nodes of this machine: pull the plug, and put it in again."""

    async def kill(self, node: str) -> None:
        await asyncio.to_thread(kill_node, node)

    async def start(self, node: str) -> None:
        await asyncio.to_thread(start_node, node)


def demo(
    check: Annotated[
        bool, typer.Option("--check", help="Tell the story on nodes of its own, stop them, exit 0 only if all holds.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout at the end.")] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Play with other files (people-<code>.*, wishes-, vacancies-, employers-)."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Forget what the last demo left and tell the story anew.")
    ] = False,
) -> None:
    """Six nodes and the whole chain: identify, match, introduce, keep, serve, show. Ctrl-C stops everything in order."""
    files = (data or DATA).absolute()
    if not any(files.glob("people-*.*")):
        raise NoData(f"there are no people files (people-<code>.xlsx or .csv) in {files}")
    end_like_ctrl_c()
    told = Told(seconds={"install": float(os.environ.get("XIELI_INSTALL_SECONDS", "0"))})
    _choose_state(check, again, other_files=data is not None)
    _tell_and_stop(told, files, stay=not check)
    if as_json:
        answer_json(asdict(told.document()))
    raise typer.Exit(0 if told.ok else 1)


def _choose_state(check: bool, again: bool, other_files: bool) -> None:
    """A check must find what a first user finds, and must not touch the nodes somebody works with."""
    if check:
        os.environ["XIELI_HOME"] = str(state_directory() / "check")
    if check or again:
        _forget()
    elif _record(_BEGUN).is_file() and not _record(_TOLD).is_file():
        say("The last telling broke off: its nodes are cleared and the story begins anew.")
        _forget()
    elif _record(_TOLD).is_file() and other_files:
        raise ToldAlready("these nodes have lived through a story already: --again forgets it, or set XIELI_HOME")


def _record(name: str) -> Path:
    return state_directory() / name


def _forget() -> None:
    """Remove the nodes of this state directory, and nothing that is not ours: XIELI_HOME may be anybody's directory."""
    for node in nodes_of():
        if node.settled:
            node.kill()
        shutil.rmtree(node.places.root, ignore_errors=True)
    shutil.rmtree(_record("exchange"), ignore_errors=True)
    for name in (_BEGUN, _TOLD):
        _record(name).unlink(missing_ok=True)


def _tell_and_stop(told: Told, files: Path, *, stay: bool) -> None:
    try:
        with Progress().shown() as tell:
            with told.timed("install"):
                fleet.prepare(tell)
            with told.timed("start"):
                fleet.up((), tell)
        told.check("six nodes: started and ready", True, f"{told.seconds['start']} s")
        with told.timed("story"):
            _tell(told, files)
        told.finished = True
        told.memory_mb = fleet.memory_mb(nodes_of())
        if stay:
            _invite(told)
            signal.pause()
    except OperatorError as trouble:
        told.check("six nodes: started and ready", False, str(trouble))
    except Exception as error:  # noqa: BLE001 - whatever ends the story must be in the answer, and the nodes must stop
        console.print_exception()
        told.check("the story: told to its end", False, f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        say("\nStopping, in order …")
        if not told.finished:
            told.check("the story: told to its end", False, "interrupted")
    finally:
        _stop(told)


def _tell(told: Told, files: Path) -> None:
    """The story, unless these nodes have lived through it already."""
    if _record(_TOLD).is_file():
        say("The story has been told on these nodes before; they go on with its data (--again tells it anew).")
        return
    _record(_BEGUN).touch()
    story = Story({node.id: _place(node) for node in nodes_of()}, files, MachineLab(), _announce, _show_check)
    try:
        run_until_told(_play(story))
    finally:
        told.checks += story.checks
    _record(_TOLD).touch()


async def _play(story: Story) -> None:
    from deploy.demo.chapters import play  # the chapters are long; only a telling needs them

    try:
        await play(story)
    finally:
        await story.close()


def _place(node: Node) -> NodePlace:
    return NodePlace(
        node=node.id,
        name=node.region.name,
        url=node.url,
        home=node.places.root,
        kafka=node.wires.wire(ADMIN, node.kafka),
        partners=node.region.partners,
        dump=node.dump,
    )


def _announce(title: str) -> None:
    console.print(f"\n[bold]{title}[/]")


def _show_check(check: Check) -> None:
    console.print(f"  {'[green]✓[/]' if check.ok else '[red]✗[/]'} {check.name}", end="")
    console.print(f"  [dim]{check.detail}[/]" if check.ok else f"\n      {check.detail}", markup=check.ok)


def _stop(told: Told) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
    with told.timed("stop"), Progress().shown() as tell:
        fleet.down((), tell)
    left = [f"{one.name} {one.pid} of {node.id}" for node in nodes_of() if node.settled for one in node.running()]
    told.check(
        "six nodes: stopped in order, nothing left running", not left, ", ".join(left) or f"{told.seconds['stop']} s"
    )


def _invite(told: Told) -> None:
    """Where to look, how to sign in, what to try."""
    table = Table(box=box.SIMPLE)
    for column in ("region", "address", "sign in as", "password"):
        table.add_column(column, no_wrap=True)
    for node in nodes_of():
        table.add_row(f"{node.region.name} {node.region.english}", f"{node.url}/", *_account(node))
    console.print(table)
    county, city, province = (Node.of(code) for code in ("433124", "440300", "430000"))
    say(
        f"\n{len(told.checks)} checks, {told.memory_mb} MB of memory, ready after {told.seconds['start']} s. Three things to try:"
    )
    for node, role, path in (
        (county, "officer", "/registry/v1/identification?as_of=2016-12-31"),
        (city, "officer", "/jobs/v1/vacancies?limit=3"),
        (province, "analyst", "/console/v1/province?as_of=2017-12-31"),
    ):
        say(f'  curl -H "Authorization: Bearer $(./xieli token --node {node.id} --role {role})" "{node.url}{path}"')
    say("\nCtrl-C stops everything in order; the next start goes on with the same data.")


def _account(node: Node) -> tuple[str, str]:
    """The officer's first account at a node's console, as it was made there."""
    accounts = json.loads((node.places.keys / "accounts.json").read_text(encoding="utf-8"))
    return next((one["login"], one["password"]) for one in accounts if one["role"] == "officer")
