"""The price of fairness (公平的代价): how much of what any assignment could reach the stable result reaches."""

from __future__ import annotations

from dataclasses import dataclass

from services.matching.kernel import DualBound, Outcome


@dataclass(frozen=True)
class FairnessPrice:
    """`bound`: points that no assignment passes; `reached`: the stable result's; `share` of the bound, rounded down."""

    bound: int
    reached: int
    share: float

    def in_words(self) -> str:
        return (
            f"the places are worth {self.reached:,} points to the people; no assignment whatever passes {self.bound:,}:\n"
            f"at least {self.share:.1%} of what could be reached, so fairness costs at most {1 - self.share:.1%}"
        )


def fairness_price(ceiling: DualBound, outcome: Outcome) -> FairnessPrice:
    reached = points_of(outcome)
    return FairnessPrice(ceiling.bound, reached, share_of(reached, ceiling.bound))


def points_of(outcome: Outcome) -> int:
    return int(outcome.utility[outcome.vacancy >= 0].sum(dtype="int64"))


def share_of(part: int, whole: int) -> float:
    return part * 10_000 // whole / 10_000 if whole else 1.0
