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

    def in_words(self) -> str:
        anew = f"; everybody was matched from scratch: {self.from_scratch}" if self.from_scratch else ""
        return (
            f"{self.joined:,} joined, {self.joined_placed:,} of them placed; "
            f"{self.moved:,} of the others have another place or none now{anew}"
        )


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

    def in_words(self) -> str:
        took = ", ".join(f"{part} {seconds} s" for part, seconds in self.seconds.items())
        said = [
            f"{self.matched:,} of {self.people:,} people placed on {self.openings:,} openings of {self.vacancies:,} vacancies",
            f"hash {self.hash}",
            f"{took}; {self.cpu_seconds} s of processor, {self.peak_mb} MB",
            f"unsettled couples and groups: {self.residue}" if self.residue else "",
            self.extension.in_words() if self.extension else "",
            self.price.in_words() if self.price else "",
        ]
        if self.explained:
            said += [self.explained.explanation.zh, self.explained.explanation.en]
        return "\n".join(line for line in said if line)


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
