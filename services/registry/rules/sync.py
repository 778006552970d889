"""How far a phone is (同步游标): up to which transaction it knows everything of its scope, and when it has to start anew."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Self
from uuid import UUID

from libs.common.access.reach import Reach
from libs.common.masks import year_end
from libs.common.problems import Gone
from services.registry.rules.identification import rule_on

# The first number of the form of the rows: another one makes every phone start anew.
_FORM = "2"
_NOBODY = UUID(int=0)

SyncKind = Literal["", "household", "person"]
_KINDS: tuple[SyncKind, ...] = ("", "household", "person")
_PACKED = struct.Struct(">?Bq16s4s6s")
CURSOR_BYTES = _PACKED.size


class StartAnew(Gone):
    """The answer is to throw the copy away and to ask without `after`; what waits to be sent stays."""

    title = "请重新同步全部数据 Start anew: ask without a cursor"


@dataclass(frozen=True)
class Gate:
    """What every phone may know by now: every transaction below `open_from` has ended. `life`: of which life of the database its numbers
    are; up to `forgotten` rows of who has left are no longer kept."""

    open_from: int
    forgotten: int
    life: str


@dataclass(frozen=True)
class Stamp:
    """A row of somebody's copy, and the transaction that last wrote anything of it."""

    kind: SyncKind
    id: UUID
    changed: int


@dataclass(frozen=True)
class Place:
    """A village of the scope."""

    township: str
    village: str


@dataclass(frozen=True)
class Position:
    """Where a phone is. `whole`: on its way through everything, with what was written since `changed` still to come; else everything up to
    this row of the transaction `changed` is known."""

    whole: bool
    changed: int
    kind: SyncKind
    id: UUID
    life: bytes
    scope: bytes

    @classmethod
    def first(cls, gate: Gate, scope: bytes) -> Self:
        return cls(True, gate.open_from, "", _NOBODY, _life(gate), scope)

    def pack(self) -> bytes:
        return _PACKED.pack(self.whole, _KINDS.index(self.kind), self.changed, self.id.bytes, self.life, self.scope)

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        whole, kind, changed, one, life, scope = _PACKED.unpack(packed)
        return cls(whole, changed, _KINDS[kind % len(_KINDS)], UUID(bytes=one), life, scope)

    def after(self, stamps: list[Stamp], gate: Gate, limit: int) -> tuple[Self, bool]:
        """Where a phone is that has stored this page, and whether more waits already."""
        if len(stamps) == limit:
            last = stamps[-1]
            return replace(self, kind=last.kind, id=last.id, changed=self.changed if self.whole else last.changed), True
        known = self.changed if self.whole else gate.open_from
        return replace(self, whole=False, changed=known, kind="", id=_NOBODY), self.whole

    def check(self, gate: Gate, scope: bytes) -> None:
        """Refuse to go on where something may have been missed (410)."""
        if self.scope != scope:
            raise StartAnew("可见范围或规则已变 The scope or a rule is another than at the last time.")
        if self.life != _life(gate) or self.changed > gate.open_from:
            raise StartAnew("数据库已恢复到另一时刻 The database was restored to another time.")
        if self.changed <= gate.forgotten:
            raise StartAnew("离上次同步过久 The last time is too long ago.")


def scope_of(reach: Reach, today: date) -> bytes:
    """What a copy is of: whose rows, in which form, and the day by which its ages and groups are told."""
    said = "\0".join([_FORM, rule_on(today).version, str(year_end(today)), reach.kind, *sorted(reach.whose)])
    return hashlib.sha256(said.encode()).digest()[:6]


def _life(gate: Gate) -> bytes:
    return hashlib.sha256(gate.life.encode()).digest()[:4]
