"""How far the list of a round is drawn up (名单生成): portion by portion, after everybody has ended who began to write before it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ListedSoFar:
    """`gate`: the first transaction that follows the round by itself; `listed_to`: the last person who was looked at."""

    id: UUID
    gate: int | None
    listed_to: UUID | None
