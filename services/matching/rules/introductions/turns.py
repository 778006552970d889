"""Which word about an introduction holds (先后): each side's step carries a number, so news may come late, twice, in any order.

A step's number is one more than that of the last step its side has heard of. The later number holds; where both sides took a step
on the same number, the two have crossed on the way, and a fixed order of states says which holds, at both nodes the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.matching.rules.introductions.reasons import AGREED_ELSEWHERE, CONSENT_WITHDRAWN
from services.matching.rules.introductions.steps import SIGNED, follows

# Of two steps that crossed, the one whose state stands further down holds: an end over a wait, the person's no over the firm's
# yes, work that has begun over everything. A step taken back stands where it leads to, so that whatever was done on it holds.
WEIGHT = (
    "proposed",
    "held",
    "offered",
    "agreed",
    "introduced",
    "declined",
    "obsolete",
    "hired",
    "withdrawn",
    "refused",
    "rejected",
    "rescinded",
    "no_show",
    "cancelled",
    "started",
    "ended",
)


@dataclass(frozen=True)
class Word:
    """What a side has said last: the state, why, and the number of the step; 0 is a node that does not count its steps."""

    state: str
    reason: str | None = None
    turn: int = 0

    @property
    def rank(self) -> tuple[int, int, str]:
        return self.turn, WEIGHT.index(self.state), self.reason or ""


def holds(told: Word, known: Word) -> bool:
    """Whether news replaces what is known. Of a node that does not count its steps, what leads on from here."""
    if not told.turn:
        return follows(known.state, told.state) or _hired_before_withdrawal(told, known)
    return told.rank > known.rank


def _hired_before_withdrawal(told: Word, known: Word) -> bool:
    """The two crossed on the way: the city had hired before it heard of the withdrawal, and the work goes on."""
    return (known.state, known.reason) == ("declined", CONSENT_WITHDRAWN) and told.state == "hired"


def settle(told: Word, known: Word, *, placed_elsewhere: bool = False) -> Word | None:
    """What stands after news; None: what stood. A place for somebody who has said yes elsewhere meanwhile is given back by a step of
    the county's own, which the city follows from wherever it is: of one person there is one yes."""
    if not holds(told, known):
        return None
    turn = told.turn or known.turn + 1
    if placed_elsewhere and revives(told, known):
        return Word("cancelled", AGREED_ELSEWHERE, turn + 1)
    return Word(told.state, told.reason, turn)


def revives(told: Word, known: Word) -> bool:
    """Whether news would give a yes where there is none."""
    return told.state in SIGNED and known.state not in SIGNED
