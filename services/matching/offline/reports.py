"""What a match on files came to, as the command shows it and as one JSON object."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from services.matching.kernel import Outcome
from services.matching.offline.certificate import residue_of
from services.matching.offline.explanation import PairExplained
from services.matching.offline.fairness import FairnessPrice
from services.matching.offline.inputs import Facts


@dataclass(frozen=True)
class Extension:
    """What came of people who joined a saved run: how many, how many of them have a place, how many of the others have another
    one than before; and why everybody was matched from scratch, empty if not."""

    joined: int
    joined_placed: int
    moved: int
    from_scratch: str


@dataclass(frozen=True)
class MatchReport:
    """`seconds` of each part of the work, `cpu_seconds` of preparing and matching."""

    people: int
    vacancies: int
    openings: int
    matched: int
    hash: str
    passes: int
    residue: dict[str, str]
    seconds: dict[str, float]
    cpu_seconds: float
    peak_mb: int
    price: FairnessPrice | None = None
    explained: PairExplained | None = None
    extension: Extension | None = None

    def document(self) -> dict[str, Any]:
        """The answer of `--json`."""
        told = asdict(self)
        price, explained, extension = (told.pop(name) for name in ("price", "explained", "extension"))
        told |= (price or {}) | (extension or {})
        if explained:
            reason = explained.pop("explanation")
            told["explanation"] = explained | reason
        return told


def report_of(
    facts: Facts,
    outcome: Outcome,
    digest: str,
    *,
    seconds: dict[str, float],
    cpu_seconds: float,
    peak_mb: int,
    price: FairnessPrice | None = None,
    explained: PairExplained | None = None,
    extension: Extension | None = None,
) -> MatchReport:
    return MatchReport(
        people=len(facts.people),
        vacancies=len(facts.offered.vacancies),
        openings=facts.offered.openings,
        matched=int((outcome.vacancy >= 0).sum()),
        hash=digest,
        passes=outcome.passes,
        residue=residue_of(facts, outcome),
        seconds=seconds,
        cpu_seconds=round(cpu_seconds, 3),
        peak_mb=peak_mb,
        price=price,
        explained=explained,
        extension=extension,
    )
