"""A signature (签收): the figures of a township's part or of the whole, and why nobody has settled whoever is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from libs.common.problems import Conflict, FieldError
from services.registry.rules.rounds import RoundPart

# 未走访原因: nobody reached; works far away; would not talk; moved without a record; something else.
OpenReason = Literal["not_reached", "away", "refused", "perhaps_moved", "other"]
# The county's own signature, over all townships.
WHOLE = ""


@dataclass(frozen=True)
class SignedVillage:
    """A village's figures as they were signed."""

    township: str
    village: str
    listed: int
    settled: int
    late: int
    open: int
    left: int


@dataclass(frozen=True, kw_only=True)
class RoundSignature:
    """`township` is empty for the whole round. Taken back, it stays on record with why."""

    id: UUID
    round: UUID
    township: str
    figures: Sequence[SignedVillage]
    signed_by: str
    signed_at: datetime
    taken_back_by: str | None = None
    taken_back_at: datetime | None = None
    taken_back_reason: str | None = None

    @property
    def stands(self) -> bool:
        return self.taken_back_at is None


class RoundIncomplete(Conflict):
    title = "还有未走访人员，或乡镇尚未签收 Somebody is still open, or a township has not signed"


class SignedAlready(Conflict):
    title = "已签收 Signed already"


class NotSigned(Conflict):
    title = "没有可撤回的签收 There is no such signature to take back"


def check_complete(still_open: Sequence[UUID], reasons: Mapping[UUID, str], rest: OpenReason | None) -> None:
    """Whoever is open needs a reason, of their own or the same for all the rest; nobody else has one."""
    opened = set(still_open)
    if strangers := [place for place, one in enumerate(reasons) if one not in opened]:
        told = "此人不在未走访名单中 This person is not among those still open."
        raise RoundIncomplete(
            told, errors=[FieldError(f"/reasons/{place}/person", "not_open", told) for place in strangers]
        )
    missing = [one for one in still_open if one not in reasons]
    if missing and rest is None:
        raise RoundIncomplete(
            f"还有「{len(missing)}」人未走访：请逐人写明原因，或给其余各人选一个原因（rest）"
            f" Still open are {len(missing)} people: give each a reason, or one for the rest.",
            extensions={"open": len(missing), "people": [str(one) for one in missing[:50]]},
        )


def check_townships_signed(parts: Sequence[RoundPart], signed: set[str]) -> None:
    """The county signs when every township has."""
    missing = sorted({part.township for part in parts} - signed)
    if missing:
        names = "、".join(missing)
        raise RoundIncomplete(f"尚未签收：「{names}」 Not signed yet: {names}.", extensions={"townships": missing})
