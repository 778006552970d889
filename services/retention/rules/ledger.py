"""The county's ledger of subsidies (台账) as it is read, and what becomes of a second payment to one person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self
from uuid import UUID

from libs.common.problems import Conflict, NotFound

Settlement = Literal["recovered", "kept"]


class EntryUnknown(NotFound):
    title = "台账中没有这一笔 No such entry in the ledger"


class NothingToSettle(Conflict):
    title = "这一笔不需要处理 There is nothing to settle here"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One subsidy that was paid. `paid_twice`: to a second record of somebody who was merged, for one policy and period."""

    id: UUID
    person: UUID
    policy: str
    period: str
    region: str
    claim: UUID
    amount_fen: int
    on: date
    paid_twice: bool
    settled_as: Settlement | None
    settled_by: str | None
    settled_on: date | None

    def settled(self, settlement: Settlement, by: str, on: date) -> Self:
        """Raises NothingToSettle where it was paid but once, or somebody has decided already."""
        if not self.paid_twice:
            raise NothingToSettle("这一笔没有重复发放 This was paid but once.")
        if self.settled_as:
            raise NothingToSettle(
                f"{self.settled_by} 已于 {self.settled_on} 处理 Settled by {self.settled_by} on {self.settled_on}."
            )
        return replace(self, settled_as=settlement, settled_by=by, settled_on=on)
