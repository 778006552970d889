"""import: an officer's file, read dry on this machine or sent to a node's door with a token."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import httpx
import typer

from deploy.cli.doors import Refused, accept, words_of
from deploy.cli.findings import print_report
from deploy.cli.nodes import JsonOption
from deploy.cli.output import Progress, say
from deploy.cli.tokens import issue
from deploy.local.node import Node
from libs.common.database import new_id
from libs.common.imports.model import UNDER_WAY, WAITING
from libs.common.node import Clock
from libs.common.problems import Problem

if TYPE_CHECKING:
    from services.registry.rules import PeopleReport

T = TypeVar("T")
LOOK_SECONDS = 0.5
app = typer.Typer(help="Import people, wishes, employers or vacancies.", no_args_is_help=True)

FileArgument = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="xlsx or CSV as offices exchange them.")
]
NodeOption = Annotated[str, typer.Option("--node", help="The node whose file it is: n433124 or 433124.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what would happen; needs no node, database or broker.")
]


AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="The day on which age and situation count; default: the end of the file's 年度.",
    ),
]


@app.command()
def people(
    file: FileArgument, node: NodeOption, dry_run: DryRun = False, as_json: JsonOption = False, as_of: AsOf = None
) -> None:
    """The national export of registered poor people: one row a person."""
    if dry_run:
        print_report(_dry(lambda: _dry_own_people(file, Node.of(node).region.code, as_of)), as_json, Node.of(node))
    else:
        print_report(
            _send("registry", "people", file, Node.of(node), as_of.date() if as_of else None), as_json, Node.of(node)
        )


@app.command()
def wishes(
    file: FileArgument,
    node: NodeOption,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
    people_file: Annotated[
        Path | None, typer.Option("--people", exists=True, help="For a dry run: the county's people file.")
    ] = None,
) -> None:
    """The quarter's wishes sheet: one row a person visited."""
    if dry_run:
        print_report(_dry(lambda: _dry_wishes(file, Node.of(node).region.code, people_file)), as_json, Node.of(node))
    else:
        print_report(_send("registry", "wishes", file, Node.of(node)), as_json, Node.of(node))


@app.command()
def employers(file: FileArgument, node: NodeOption, dry_run: DryRun = False, as_json: JsonOption = False) -> None:
    """A city's list of employers."""
    if dry_run:
        from services.jobs.rules import read_employers

        print_report(
            _dry(lambda: read_employers(file.read_bytes(), file.name, Node.of(node).region.code).as_json()),
            as_json,
            Node.of(node),
        )
    else:
        print_report(_send("jobs", "employers", file, Node.of(node)), as_json, Node.of(node))


@app.command()
def vacancies(
    file: FileArgument,
    node: NodeOption,
    dry_run: DryRun = False,
    as_json: JsonOption = False,
    employers_file: Annotated[
        Path | None, typer.Option("--employers", exists=True, help="For a dry run: the city's employer list.")
    ] = None,
) -> None:
    """A city's exchange sheet of vacancies."""
    if dry_run:
        print_report(
            _dry(lambda: _dry_vacancies(file, Node.of(node).region.code, employers_file)), as_json, Node.of(node)
        )
    else:
        print_report(_send("jobs", "vacancies", file, Node.of(node)), as_json, Node.of(node))


def _dry_people(file: Path, as_of: datetime | None = None) -> PeopleReport:
    from services.registry.rules import DayMissing, read_people  # heavy to load, and most commands read no file

    content, day = file.read_bytes(), as_of.date() if as_of else None
    try:
        return read_people(content, file.name, day)
    except DayMissing:
        say("The file states no year: ages are those of today; --as-of says another day.")
        return read_people(content, file.name, Clock().today())


def _dry_own_people(file: Path, county: str, as_of: datetime | None) -> dict[str, Any]:
    from services.registry.rules import check_home

    report = _dry_people(file, as_of)
    check_home(report, county)
    return report.as_json()


def _dry_wishes(file: Path, county: str, people_file: Path | None) -> dict[str, Any]:
    from services.registry.rules import read_wishes

    known = _dry_people(people_file).known() if people_file else None
    if known is None:
        say("Without --people nobody is looked up in the register.")
    report: dict[str, Any] = read_wishes(file.read_bytes(), file.name, known, county=county).as_json()
    return report


def _dry_vacancies(file: Path, city: str, employers_file: Path | None) -> dict[str, Any]:
    from services.jobs.rules import read_employers, read_vacancies

    listed = read_employers(employers_file.read_bytes(), employers_file.name, city) if employers_file else None
    if listed is None:
        say("Without --employers no employer is looked up in the city's list.")
    return read_vacancies(file.read_bytes(), file.name, city, listed).as_json()


def _dry(read: Callable[[], T]) -> T:
    try:
        return read()
    except Problem as problem:
        reasons = [error.message for error in problem.errors] or [str(problem)]
        raise Refused(f"{problem.title}: {'; '.join(reasons)}") from problem


def _send(service: str, kind: str, file: Path, node: Node, day: date | None = None) -> dict[str, Any]:
    """Hand the file in at the service's imports with an officer's token, and show how far it is until it is in."""
    if not node.settled:
        raise Refused(f"{node.id} has never been started: ./xieli up --node {node.id}")
    fields = {"kind": kind} | ({"as_of": day.isoformat()} if day else {})
    headers = {"Authorization": f"Bearer {issue(node, 'officer')}"}
    try:
        with httpx.Client(base_url=node.url, headers=headers, timeout=300, trust_env=False) as client:
            return dict(_watch(client, _hand_in(client, f"/{service}/v1/imports", fields, file)))
    except httpx.ConnectError as error:
        raise Refused(f"{node.id} does not answer at {node.url}: ./xieli up --node {node.id}") from error


def _hand_in(client: httpx.Client, path: str, fields: dict[str, str], file: Path) -> str:
    """The import's address; a second is waited for, in which most files are in."""
    headers = {"Idempotency-Key": str(new_id()), "Prefer": "wait=1"}
    with file.open("rb") as content:
        answer = client.post(path, data=fields, files={"file": (file.name, content)}, headers=headers)
    return accept(answer).headers["Location"]


def _watch(client: httpx.Client, address: str) -> dict[str, Any]:
    """Until it is over; raises Refused with the reasons why it failed."""
    with Progress().shown() as progress:
        while (told := accept(client.get(address)).json())["state"] in (WAITING, *UNDER_WAY):
            progress(_how_far(told["state"], told["progress"]))
            time.sleep(LOOK_SECONDS)
    if told["problem"]:
        raise Refused(words_of(told["problem"]))
    return dict(told)


def _how_far(state: str, progress: dict[str, Any]) -> str:
    rows = progress["rows"]
    counted = progress["stored" if state == "writing" else "judged" if state == "judging" else "read"]
    return f"{state}: {counted} of {rows} rows" if rows is not None else f"{state}: {counted} rows so far"
