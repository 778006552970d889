"""The price of fairness (公平的代价): how much of what any assignment could reach the stable result reaches, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deploy.cli.match import Facts, Stopwatch
    from services.matching.kernel import Ceiling, Outcome, Run


def ceiling_of(watch: Stopwatch, run: Run) -> Ceiling:
    from services.matching import kernel

    with watch.timed("price"):
        return kernel.dual_upper_bound(run, watch.patiently)


def told(ceiling: Ceiling, outcome: Outcome) -> dict[str, Any]:
    """`bound`: points that no assignment passes; `reached`: the stable result's; `share` of the bound, rounded down."""
    reached = points_of(outcome)
    return {"bound": ceiling.bound, "reached": reached, "share": share(reached, ceiling.bound)}


def proof(ceiling: Ceiling, facts: Facts) -> dict[str, Any]:
    """Points of an opening of each vacancy: with them anybody can compute the bound again."""
    return {
        "bound": ceiling.bound,
        "prices": {vacancy.vacancy: int(price) for vacancy, price in zip(facts.vacancies, ceiling.price, strict=True)},
    }


def points_of(outcome: Outcome) -> int:
    return int(outcome.utility[outcome.vacancy >= 0].sum(dtype="int64"))


def share(part: int, whole: int) -> float:
    return part * 10_000 // whole / 10_000 if whole else 1.0


def in_words(answer: dict[str, Any]) -> str:
    return (
        f"the places are worth {answer['reached']:,} points to the people; no assignment whatever passes {answer['bound']:,}:\n"
        f"at least {answer['share']:.1%} of what could be reached, so fairness costs at most {1 - answer['share']:.1%}"
    )
