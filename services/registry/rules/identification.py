"""Who is a labourer (劳动力), rule v1: 16 to 59, able to work, not at school; with the reason for every no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

IDENTIFICATION_RULE = "v1"
YOUNGEST, OLDEST = 16, 59
_UNABLE = frozenset({"丧失劳动力", "无劳动力"})


@dataclass(frozen=True)
class Verdict:
    """Yes or no, with every reason that holds: age, in_school, unable (no reason: a labourer)."""

    labourer: bool
    reasons: tuple[str, ...]
    rule: str = IDENTIFICATION_RULE


def age_on(birth: date, day: date) -> int:
    """Full years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def identify(birth: date, ability: str, pupil: str, as_of: date) -> Verdict:
    """Rule v1 for a member of a registered household. `ability` is 劳动技能, `pupil` 在校生状况 (empty: not at school)."""
    reasons = (
        ("age", not YOUNGEST <= age_on(birth, as_of) <= OLDEST),
        ("in_school", bool(pupil)),
        ("unable", ability in _UNABLE),
    )
    holding = tuple(name for name, holds in reasons if holds)
    return Verdict(not holding, holding)
