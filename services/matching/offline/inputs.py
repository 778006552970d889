"""What a match is about, read from files: people, vacancies, weights and the seed; whatever is wrong is said with the file's name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from services.matching import kernel
from services.matching.files import read_vacancies, read_weights, unknown_columns
from services.matching.files.columns import read_columns
from services.matching.offline.refusals import InputRefused
from services.matching.offline.stopwatch import Stopwatch
from services.matching.rules.columns import People
from services.matching.rules.facts import FactsRefused, Vacancy
from services.matching.rules.weights import Weights


@dataclass(frozen=True)
class InputFiles:
    """What a match is about, as the command line names it; `seed` is 32 hexadecimal digits."""

    people: Path
    vacancies: Path
    weights: Path
    seed: str


@dataclass(frozen=True)
class Offered:
    """The vacancies and the weights they are judged by; `digest` is the SHA-256 of the weights' file."""

    vacancies: list[Vacancy]
    weights: Weights
    digest: str

    @property
    def names(self) -> list[str]:
        """Ids of the vacancies in file order."""
        return [vacancy.vacancy for vacancy in self.vacancies]

    @property
    def openings(self) -> int:
        return sum(vacancy.openings for vacancy in self.vacancies)


@dataclass(frozen=True)
class Facts:
    """Everything that a result follows from."""

    people: People
    offered: Offered
    seed: bytes


def read_facts(watch: Stopwatch, files: InputFiles) -> Facts:
    """Raises InputRefused."""
    check_files(files.people, files.vacancies, files.weights)
    seed = _seed(files.seed)
    weights = read_weights_file(files.weights)
    people = read_people_file(watch, files.people, weights)
    offered = read_offered(watch, files.vacancies, files.weights, weights)
    watch.patiently(f"Read {len(people):,} people and {len(offered.vacancies):,} vacancies")
    return Facts(people, offered, seed)


def check_files(*paths: Path) -> None:
    for path in paths:
        if not path.is_file():
            raise InputRefused(f"{path}: no such file", file=str(path))


def read_weights_file(path: Path) -> Weights:
    try:
        return read_weights(path)
    except ValueError as fault:
        raise InputRefused(f"{path}: {fault}", file=str(path)) from fault


def read_people_file(watch: Stopwatch, path: Path, weights: Weights) -> People:
    with refused_by_name(path):
        people, unknown = read_columns(path, weights)
    _note_unknown(watch, path, unknown)
    return people


def read_offered(watch: Stopwatch, vacancies: Path, weights: Path, parsed: Weights) -> Offered:
    with refused_by_name(vacancies):
        read, unknown = read_vacancies(vacancies, parsed), unknown_columns(vacancies)
    _note_unknown(watch, vacancies, unknown)
    return Offered(list(read.values()), parsed, hashlib.sha256(weights.read_bytes()).hexdigest())


def _note_unknown(watch: Stopwatch, path: Path, columns: tuple[str, ...]) -> None:
    if columns:
        watch.note(f"note: {path}: unknown columns are ignored: {', '.join(columns)}")


@contextmanager
def refused_by_name(path: Path) -> Iterator[None]:
    """Whatever is wrong with a file is said with its name."""
    try:
        yield
    except FactsRefused as fault:
        raise InputRefused(
            f"{path}, row {fault.row}, {fault.column}: {fault.why}", file=str(path), row=fault.row, column=fault.column
        ) from fault
    except pa.ArrowException as fault:
        raise InputRefused(f"{path}: {fault}", file=str(path)) from fault


def _seed(text: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{32}", text):
        raise InputRefused("--seed: 32 hexadecimal digits are wanted")
    return bytes.fromhex(text)


def refuse_targets(**targets: Path | None) -> None:
    """Before anything is read: nobody waits for a result that has no place to go."""
    for name, path in targets.items():
        if path and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise InputRefused(f"--{name}: {path} cannot be a file there", file=str(path))


def compile_kernel(watch: Stopwatch, weights: Weights) -> None:
    with watch.timed("compile"):
        if not kernel.is_kept():
            watch.tell("Compiling the kernel for this machine: once, up to a minute")
        kernel.warm_up(weights)
