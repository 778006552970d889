"""match: the kernel as a tool on files, extend: it goes on with people who come later, verify: a second program judges the result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from deploy.cli.nodes import JsonOption
from deploy.cli.output import Progress, answer_json, say, show
from services.matching.offline.stopwatch import Stopwatch

# What computes is imported by the command that needs it: the kernel's libraries take half a second to load.

app = typer.Typer(
    help="Match people and vacancies from files (docs/matching.md), extend a saved run, or verify a result.",
    invoke_without_command=True,
)

Option = TypeVar("Option")


def _file(text: str | None = None) -> Any:
    """An option for a file that is there."""
    return typer.Option(exists=True, dir_okay=False, readable=True, help=text)


File = Annotated[Path, _file()]
Seed = Annotated[str, typer.Option(help="32 hexadecimal digits: the seed of the lottery.")]
Out = Annotated[Path, typer.Option(help="Where the result goes, as Parquet.")]
CertificateOut = Annotated[Path | None, typer.Option(help="Where the table of cutoffs goes, as JSON.")]
Save = Annotated[
    Path | None,
    typer.Option(help="Where the run itself goes, so that `match extend` can go on with people who come later."),
]


@app.callback()
def match(
    context: typer.Context,
    people: Annotated[Path | None, typer.Option(help="People as Parquet.")] = None,
    vacancies: Annotated[Path | None, typer.Option(help="Vacancies as Parquet.")] = None,
    weights: Annotated[Path | None, typer.Option(help="The weights of the formula as JSON.")] = None,
    seed: Annotated[str | None, typer.Option(help="32 hexadecimal digits: the seed of the lottery.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the result goes, as Parquet.")] = None,
    certificate: CertificateOut = None,
    save: Save = None,
    explain: Annotated[
        tuple[str, str] | None, typer.Option(help="PERSON VACANCY: why he holds it, or why not.")
    ] = None,
    price: Annotated[
        bool, typer.Option("--price", help="What fairness costs at most: points that no assignment could pass.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Match everybody at once: nobody and no vacancy would rather have each other, and nobody could do better."""
    if context.invoked_subcommand:
        return
    with problems(as_json):
        from services.matching.offline.inputs import InputFiles
        from services.matching.offline.matching import MatchRequest, match_files
        from services.matching.offline.results import Targets

        files = InputFiles(
            _given("people", people), _given("vacancies", vacancies), _given("weights", weights), _given("seed", seed)
        )
        request = MatchRequest(files, Targets(_given("out", out), certificate, save), explain, price)
        with watched() as watch:
            report = match_files(watch, request)
    show(report, as_json)


@app.command()
def extend(
    state: Annotated[Path, _file("The run, as `--save` of match or of an earlier extend wrote it.")],
    people: Annotated[Path, _file("Those who come, as Parquet; nobody who is in the run already.")],
    vacancies: Annotated[Path, _file("The vacancies of the run, as Parquet.")],
    weights: Annotated[Path, _file("The weights of the run, as JSON.")],
    out: Out,
    certificate: CertificateOut = None,
    save: Save = None,
    as_json: JsonOption = False,
) -> None:
    """Let people who come later join a saved run: the result is that of a run from scratch with everybody, and its seed stays."""
    with problems(as_json):
        from services.matching.offline.extension import ExtensionRequest, extend_files
        from services.matching.offline.results import Targets

        request = ExtensionRequest(state, people, vacancies, weights, Targets(out, certificate, save))
        with watched() as watch:
            report = extend_files(watch, request)
    show(report, as_json)


@app.command()
def verify(
    people: File,
    vacancies: File,
    weights: File,
    seed: Seed,
    result: File,
    certificate: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Of the run: names couples and groups it left unsettled."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Confirm that a result is stable on the declared facts, or name the first violation (exit code 1)."""
    with problems(as_json), watched() as watch:
        from services.matching.offline.inputs import InputFiles
        from services.matching.offline.verification import verify_files

        report = verify_files(watch, InputFiles(people, vacancies, weights, seed), result, certificate)
    show(report, as_json)
    raise typer.Exit(0 if report.verdict.stable else 1)


@contextmanager
def problems(as_json: bool) -> Iterator[None]:
    """Bad input ends in one sentence, or one JSON problem, and exit code 1."""
    import pyarrow as pa

    from services.matching.offline.refusals import InputRefused
    from services.matching.rules.facts import FactsRefused

    try:
        yield
        return
    except FactsRefused as fault:
        problem: dict[str, str | int | None] = {
            "detail": str(fault),
            "file": fault.file,
            "row": fault.row,
            "column": fault.column,
        }
    except InputRefused as fault:
        problem = {"detail": str(fault), **fault.where}
    except (pa.ArrowException, OSError, ValueError) as fault:
        problem = {"detail": str(fault)}
    if as_json:
        answer_json({"title": "refused", **problem})
    say(f"xieli: {problem['detail']}")
    raise typer.Exit(1)


@contextmanager
def watched() -> Iterator[Stopwatch]:
    """What takes long is told on the screen, and how long each part took."""
    with Progress().shown() as tell:
        yield Stopwatch(tell, say)


def _given(name: str, value: Option | None) -> Option:
    from services.matching.offline.refusals import InputRefused

    if value is None:
        raise InputRefused(f"--{name} is missing; ./xieli match --help shows what is wanted")
    return value
