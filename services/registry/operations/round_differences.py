"""What a round has found otherwise than the one before (与上轮比较), person by person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from libs.common.database import Transaction
from libs.common.problems import NotFound
from services.registry.rules.round_differences import Differs, FactDiffers, Found, facts_differing
from services.registry.store import round_differences, rounds


class NoRoundBefore(NotFound):
    title = "没有上一轮，无从比较 There is no round before to compare with"


@dataclass(frozen=True)
class Difference:
    """Somebody who came, left or is found otherwise, with each fact."""

    found: Found
    facts: Sequence[FactDiffers]


async def list_differences(
    tx: Transaction, one: UUID, *, differs: Differs | None, after: UUID | None, limit: int
) -> list[Difference]:
    """Beside the last round of the same kind."""
    now = await rounds.get_round(tx, one)
    before = await rounds.find_round_before(tx, now)
    if before is None:
        raise NoRoundBefore()
    found = await round_differences.list_differences(tx, now.id, before.id, differs=differs, after=after, limit=limit)
    whose = [each.person for each in found if each.differs == "changed" and each.wish_differs]
    was: Mapping[UUID, Mapping[str, object]] = await round_differences.list_wishes_by(tx, whose, before.ends)
    is_: Mapping[UUID, Mapping[str, object]] = await round_differences.list_wishes_by(tx, whose, now.ends)
    return [Difference(each, facts_differing(each, was.get(each.person), is_.get(each.person))) for each in found]
