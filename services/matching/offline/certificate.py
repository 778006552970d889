"""The certificate (证书) of a match on files: the table of cutoffs, and everything that it holds under."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from services.matching.kernel import DualBound, Outcome
from services.matching.offline.inputs import Facts
from services.matching.offline.refusals import InputRefused
from services.matching.rules.facts import Vacancy


@dataclass(frozen=True)
class CertificateFile:
    """Whole keys `priority << 53 | lottery` by vacancy and seat type; 0 is not full, 9223372036854775807 lets nobody in.

    `residue` maps pseudonyms of unsettled couples and groups to their case."""

    weights: str
    weights_digest: str
    seed: str
    hash: str
    people: int
    matched: int
    passes: int
    residue: dict[str, str]
    cutoffs: dict[str, dict[str, int]]


def certificate_of(facts: Facts, outcome: Outcome, digest: str) -> CertificateFile:
    return CertificateFile(
        weights=facts.offered.weights.version,
        weights_digest=facts.offered.digest,
        seed=facts.seed.hex(),
        hash=digest,
        people=len(facts.people),
        matched=int((outcome.vacancy >= 0).sum()),
        passes=outcome.passes,
        residue=residue_of(facts, outcome),
        cutoffs={
            vacancy.vacancy: cutoffs_of(vacancy, row, outcome) for row, vacancy in enumerate(facts.offered.vacancies)
        },
    )


def residue_of(facts: Facts, outcome: Outcome) -> dict[str, str]:
    return {facts.people.person[row]: case for row, case in sorted(outcome.residue.items())}


def cutoffs_of(vacancy: Vacancy, row: int, outcome: Outcome) -> dict[str, int]:
    """Of the seat types that the vacancy has."""
    types = zip(outcome.seats, outcome.cutoff[row].tolist(), strict=True)
    return {seat: cutoff for seat, cutoff in types if seat == "open" or vacancy.reserved.get(seat, 0)}


def write_certificate(path: Path, certificate: CertificateFile, ceiling: DualBound | None) -> None:
    """With a ceiling also the points of an opening of each vacancy: with them anybody can compute the bound again."""
    proof = {"bound": ceiling.bound, "prices": _prices(certificate, ceiling)} if ceiling else {}
    path.write_text(json.dumps(asdict(certificate) | proof, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _prices(certificate: CertificateFile, ceiling: DualBound) -> dict[str, int]:
    return dict(zip(certificate.cutoffs, ceiling.price.tolist(), strict=True))


def read_residue(path: Path) -> dict[str, str]:
    """Pseudonym -> case of those whom the run itself reports as unsettled; raises InputRefused."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise InputRefused(f"{path}: {fault}", file=str(path)) from fault
    residue = told.get("residue") if isinstance(told, dict) else None
    if not isinstance(residue, dict):
        raise InputRefused(f"{path}: a certificate names its residue", file=str(path))
    return residue
