"""A result on files judged by the second program (核验): stable on the declared facts, or the first violation by name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from services.matching.files import outcomes
from services.matching.offline.certificate import read_residue
from services.matching.offline.inputs import Facts, InputFiles, read_facts, refused_by_name
from services.matching.offline.stopwatch import Stopwatch
from services.matching.rules.columns import Claimed
from services.matching.verify import Verdict, verify


@dataclass(frozen=True)
class VerificationReport:
    verdict: Verdict
    hash: str
    seconds: dict[str, float]

    def document(self) -> dict[str, Any]:
        """The answer of `--json`."""
        told = {"stable": self.verdict.stable, **asdict(self.verdict)}
        return {**told, "hash": self.hash, "seconds": self.seconds}

    def in_words(self) -> str:
        found = self.verdict
        return (
            f"stable: {found.placed:,} placed, hash {self.hash}" if found.stable else f"{found.kind}: {found.violation}"
        )


def verify_files(watch: Stopwatch, files: InputFiles, result: Path, certificate: Path | None) -> VerificationReport:
    """With the run's certificate, couples and groups that it names as unsettled are none of a violation. Raises InputRefused."""
    with watch.timed("read"):
        facts = read_facts(watch, files)
        weights = facts.offered.weights
        with refused_by_name(result):
            claimed = outcomes.read_claimed(result, facts.people.person, facts.offered.names, weights.seats)
        unsettled = _rows_of(facts, read_residue(certificate)) if certificate else frozenset()
    with watch.timed("verify"):
        verdict = verify(
            facts.people, facts.offered.vacancies, weights, facts.seed, claimed, unsettled, watch.patiently
        )
    return VerificationReport(verdict, _hash_of(facts, claimed), watch.seconds)


def _rows_of(facts: Facts, residue: dict[str, str]) -> frozenset[int]:
    names = facts.people.person.listed() if residue else []
    return frozenset(row for row, name in enumerate(names) if name.decode() in residue)


def _hash_of(facts: Facts, claimed: Claimed) -> str:
    known = claimed.person >= 0
    ids = outcomes.texts(facts.people.person).take(claimed.person[known])
    return outcomes.hash_of_columns(ids, claimed.vacancy[known].astype("int32"), facts.offered.names)
