"""match: the kernel as a tool on files, and verify: a second program that judges what the first one found."""

from __future__ import annotations

import hashlib
import json
import re
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from deploy.cli import price as fairness
from deploy.cli.nodes import JsonOption
from deploy.cli.output import Progress, answer_json, answers, say

if TYPE_CHECKING:
    from services.matching.kernel import Outcome
    from services.matching.rules.columns import People
    from services.matching.rules.facts import Person, Vacancy
    from services.matching.rules.weights import Weights

app = typer.Typer(
    help="Match people and vacancies from files (docs/matching.md), or verify a result.", invoke_without_command=True
)

PATIENCE = 2.0
Option = TypeVar("Option")
File = Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True)]
Seed = Annotated[str, typer.Option(help="32 hexadecimal digits: the seed of the lottery.")]


class Bad(ValueError):
    """Input that is no input, with what a machine wants to know of it."""

    def __init__(self, sentence: str, **where: Any) -> None:
        super().__init__(sentence)
        self.where = where


@dataclass
class Stopwatch:
    """Seconds of each part of the work; what lasts longer than two is told on the screen."""

    tell: Progress
    seconds: dict[str, float] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        self.begun = time.monotonic()
        try:
            yield
        finally:
            self.seconds[part] = round(time.monotonic() - self.begun, 3)

    def patiently(self, text: str) -> None:
        if time.monotonic() - self.begun > PATIENCE:
            self.tell(text)


@dataclass(frozen=True)
class Files:
    """What a run is about, as the command line names it."""

    people: Path
    vacancies: Path
    weights: Path
    seed: str


@dataclass(frozen=True)
class Facts:
    """What the files hold."""

    weights: Weights
    people: People
    vacancies: list[Vacancy]
    seed: bytes


@app.callback()
def match(
    context: typer.Context,
    people: Annotated[Path | None, typer.Option(help="People as Parquet.")] = None,
    vacancies: Annotated[Path | None, typer.Option(help="Vacancies as Parquet.")] = None,
    weights: Annotated[Path | None, typer.Option(help="The weights of the formula as JSON.")] = None,
    seed: Annotated[str | None, typer.Option(help="32 hexadecimal digits: the seed of the lottery.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the result goes, as Parquet.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Where the table of cutoffs goes, as JSON.")] = None,
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
        files = Files(
            _given("people", people), _given("vacancies", vacancies), _given("weights", weights), _given("seed", seed)
        )
        target = _given("out", out)
        _refuse_targets(out=target, certificate=certificate)
        with Progress().shown() as tell:
            answer = _match(Stopwatch(tell), files, target, certificate, explain, price)
    _show(answer, as_json)


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
    with problems(as_json), Progress().shown() as tell:
        answer = _verify(Stopwatch(tell), Files(people, vacancies, weights, seed), result, certificate)
    if as_json:
        answer_json(answer)
    else:
        answers.print(
            f"stable: {answer['placed']:,} placed, hash {answer['hash']}"
            if answer["stable"]
            else f"{answer['kind']}: {answer['violation']}",
            markup=False,
        )
    raise typer.Exit(0 if answer["stable"] else 1)


@contextmanager
def problems(as_json: bool) -> Iterator[None]:
    """Bad input ends in one sentence, or one JSON problem, and exit code 1."""
    import pyarrow as pa

    from services.matching.reference.deferred_acceptance import LotteryTied
    from services.matching.rules.facts import FactsRefused
    from services.matching.rules.weights import WeightsRefused

    try:
        yield
        return
    except FactsRefused as fault:
        problem: dict[str, Any] = {"detail": str(fault), "file": fault.file, "row": fault.row, "column": fault.column}
    except Bad as fault:
        problem = {"detail": str(fault), **fault.where}
    except (LotteryTied, WeightsRefused, pa.ArrowException, OSError, ValueError) as fault:
        problem = {"detail": str(fault)}
    if as_json:
        answer_json({"title": "refused", **problem})
    say(f"xieli: {problem['detail']}")
    raise typer.Exit(1)


def _given(name: str, value: Option | None) -> Option:
    if value is None:
        raise Bad(f"--{name} is missing; ./xieli match --help shows what is wanted")
    return value


def _refuse_targets(**targets: Path | None) -> None:
    """Before anything is read: nobody waits for a result that has no place to go."""
    for name, path in targets.items():
        if path and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise Bad(f"--{name}: {path} cannot be a file there", file=str(path))


def read_facts(watch: Stopwatch, files: Files) -> Facts:
    from services.matching.files import read_vacancies, read_weights, unknown_columns
    from services.matching.files.columns import read_columns

    for path in (files.people, files.vacancies, files.weights):
        if not path.is_file():
            raise Bad(f"{path}: no such file", file=str(path))
    seed = _seed(files.seed)
    try:
        weights = read_weights(files.weights)
    except ValueError as fault:
        raise Bad(f"{files.weights}: {fault}", file=str(files.weights)) from fault
    with _named(files.people):
        people, unknown = read_columns(files.people, weights)
    with _named(files.vacancies):
        vacancies, strange = read_vacancies(files.vacancies, weights), unknown_columns(files.vacancies)
    for path, names in ((files.people, unknown), (files.vacancies, strange)):
        if names:
            say(f"note: {path}: unknown columns are ignored: {', '.join(names)}")
    watch.patiently(f"Read {len(people):,} people and {len(vacancies):,} vacancies")
    return Facts(weights, people, list(vacancies.values()), seed)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Whatever is wrong with a file is said with its name."""
    import pyarrow as pa

    from services.matching.rules.facts import FactsRefused

    try:
        yield
    except FactsRefused as fault:
        raise Bad(
            f"{path}, row {fault.row}, {fault.column}: {fault.why}", file=str(path), row=fault.row, column=fault.column
        ) from fault
    except pa.ArrowException as fault:
        raise Bad(f"{path}: {fault}", file=str(path)) from fault


def _seed(text: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{32}", text):
        raise Bad("--seed: 32 hexadecimal digits are wanted")
    return bytes.fromhex(text)


def compile_kernel(watch: Stopwatch, weights: Weights) -> None:
    from services.matching import kernel

    with watch.timed("compile"):
        if not kernel.is_kept():
            watch.tell("Compiling the kernel for this machine: once, up to a minute")
        kernel.warm_up(weights)


def _match(
    watch: Stopwatch, files: Files, out: Path, certificate: Path | None, explain: tuple[str, str] | None, price: bool
) -> dict[str, Any]:
    from services.matching import kernel
    from services.matching.files import outcomes

    with watch.timed("read"):
        facts = read_facts(watch, files)
        asked = _pair(facts, *explain) if explain else None
    compile_kernel(watch, facts.weights)
    spent = time.process_time()
    with watch.timed("prepare"):
        run = kernel.prepare(facts.people, facts.vacancies, facts.weights, facts.seed)
    with watch.timed("match"):
        outcome = kernel.match(run, watch.patiently)
    spent = time.process_time() - spent
    ceiling = fairness.ceiling_of(watch, run) if price else None
    names = [vacancy.vacancy for vacancy in facts.vacancies]
    with watch.timed("write"):
        ids = outcomes.texts(facts.people.person)
        digest = outcomes.hash_of_columns(ids, outcome.vacancy, names)
        outcomes.write_columns(
            out,
            ids,
            {name: getattr(outcome, name) for name in ("vacancy", "seat", "utility", "priority")},
            names,
            outcome.seats,
        )
        residue = {facts.people.person[row]: case for row, case in sorted(outcome.residue.items())}
        if certificate:
            proof = fairness.proof(ceiling, facts) if ceiling else {}
            certificate.write_text(
                json.dumps(_certificate(facts, outcome, files, digest, residue) | proof, ensure_ascii=False, indent=1)
                + "\n",
                encoding="utf-8",
            )
    answer = {
        "people": len(facts.people),
        "vacancies": len(facts.vacancies),
        "openings": sum(vacancy.openings for vacancy in facts.vacancies),
        "matched": int((outcome.vacancy >= 0).sum()),
        "hash": digest,
        "passes": outcome.passes,
        "residue": residue,
        "seconds": watch.seconds,
        "cpu_seconds": round(spent, 3),
        "peak_mb": peak_mb(),
        **(fairness.told(ceiling, outcome) if ceiling else {}),
    }
    return {**answer, "explanation": _explain(facts, outcome, *asked)} if asked else answer


def peak_mb() -> int:
    """The most memory that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (2**20 if sys.platform == "darwin" else 2**10)


def _certificate(facts: Facts, outcome: Outcome, files: Files, digest: str, residue: dict[str, str]) -> dict[str, Any]:
    """The table of cutoffs, and what it holds under: whole keys `priority << 53 | lottery`; 0 is not full, 9223372036854775807 lets nobody in."""
    return {
        "weights": facts.weights.version,
        "weights_digest": hashlib.sha256(files.weights.read_bytes()).hexdigest(),
        "seed": files.seed,
        "hash": digest,
        "people": len(facts.people),
        "matched": int((outcome.vacancy >= 0).sum()),
        "passes": outcome.passes,
        "residue": residue,
        "cutoffs": {vacancy.vacancy: _cutoffs(vacancy, row, outcome) for row, vacancy in enumerate(facts.vacancies)},
    }


def _cutoffs(vacancy: Vacancy, row: int, outcome: Outcome) -> dict[str, int]:
    types = zip(outcome.seats, outcome.cutoff[row].tolist(), strict=True)
    return {seat: cutoff for seat, cutoff in types if seat == "open" or vacancy.reserved.get(seat, 0)}


def _pair(facts: Facts, person: str, vacancy: str) -> tuple[int, int]:
    """Rows of the pair that is asked about; refused before a result is written."""
    rows = {each.vacancy: row for row, each in enumerate(facts.vacancies)}
    names = {facts.people.person[row]: row for row in range(len(facts.people))}
    if person not in names or vacancy not in rows:
        raise Bad(f"--explain: there is no {'person ' + person if person not in names else 'vacancy ' + vacancy}")
    return names[person], rows[vacancy]


def _explain(facts: Facts, outcome: Outcome, person: int, vacancy: int) -> dict[str, Any]:
    """By the plain rules, on the facts that the person declared in the last pass."""
    from services.matching.rules.explain import explain

    job, place = facts.vacancies[vacancy], outcome.vacancy[person]
    held = facts.vacancies[place].vacancy if place >= 0 else None
    said = explain(
        _declared(facts, outcome, person), job, _cutoffs(job, vacancy, outcome), held, facts.weights, facts.seed
    )
    return {
        "person": facts.people.person[person],
        "vacancy": job.vacancy,
        "left_the_market": bool(outcome.declared.out[person]),
        **asdict(said),
    }


def _declared(facts: Facts, outcome: Outcome, row: int) -> Person:
    from services.matching.rules.columns import person_at

    cities = sorted({vacancy.city for vacancy in facts.vacancies})
    chosen = int(outcome.declared.only_city[row])
    others = [city for number, city in enumerate(cities) if number != chosen] if chosen >= 0 else []
    return person_at(facts.people, row, facts.weights, int(outcome.declared.shared[row]), others)


def _verify(watch: Stopwatch, files: Files, result: Path, certificate: Path | None) -> dict[str, Any]:
    from services.matching.files import outcomes
    from services.matching.verify import verify as judge

    with watch.timed("read"):
        facts = read_facts(watch, files)
        names, seats = [vacancy.vacancy for vacancy in facts.vacancies], (*facts.weights.reserve_groups, "open")
        with _named(result):
            claimed = outcomes.read_claimed(result, facts.people.person, names, seats)
        residue = _residue(certificate) if certificate else {}
    with watch.timed("verify"):
        unsettled = (
            frozenset(row for row in range(len(facts.people)) if facts.people.person[row] in residue)
            if residue
            else frozenset()
        )
        verdict = judge(facts.people, facts.vacancies, facts.weights, facts.seed, claimed, unsettled, watch.patiently)
    known = claimed.person >= 0
    ids = outcomes.texts(facts.people.person).take(claimed.person[known])
    digest = outcomes.hash_of_columns(ids, claimed.vacancy[known].astype("int32"), names)
    return {"stable": verdict.stable, **asdict(verdict), "hash": digest, "seconds": watch.seconds}


def _residue(certificate: Path) -> dict[str, str]:
    """Pseudonym -> case of those whom the run itself reports as unsettled."""
    try:
        said = json.loads(certificate.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise Bad(f"{certificate}: {fault}", file=str(certificate)) from fault
    residue = said.get("residue") if isinstance(said, dict) else None
    if not isinstance(residue, dict):
        raise Bad(f"{certificate}: a certificate names its residue", file=str(certificate))
    return residue


def _show(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        answer_json(answer)
        return
    took = ", ".join(f"{part} {seconds} s" for part, seconds in answer["seconds"].items())
    answers.print(
        f"{answer['matched']:,} of {answer['people']:,} people placed on {answer['openings']:,} openings of {answer['vacancies']:,} vacancies",
        markup=False,
    )
    answers.print(
        f"hash {answer['hash']}\n{took}; {answer['cpu_seconds']} s of processor, {answer['peak_mb']} MB", markup=False
    )
    if answer["residue"]:
        answers.print(f"unsettled couples and groups: {answer['residue']}", markup=False)
    if "bound" in answer:
        answers.print(fairness.in_words(answer), markup=False)
    if "explanation" in answer:
        answers.print(f"{answer['explanation']['zh']}\n{answer['explanation']['en']}", markup=False)
