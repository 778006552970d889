"""Heads (链端): where the chains end, signed by the node and told to every partner, so that it cannot rewrite its past unnoticed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import text

from libs.common.audit.verify import Head
from libs.common.database import Transaction
from libs.common.events.audit import AuditHeadsStated
from libs.common.events.canonical import dump
from libs.common.identity import read_signed
from libs.common.outbox import announce
from libs.common.service import ServiceContext

_HEADS = text("SELECT stream, sequence, hash FROM audit_head WHERE sequence > 0 ORDER BY stream")
_LAST = text("SELECT coalesce(max(records), 0) FROM audit_seal")
_KEEP = text("INSERT INTO audit_seal (at, records, signed) VALUES (:at, :records, :signed)")


class FalseHeads(ValueError):
    """Ends of chains that nobody has signed who may, or that are none."""


@dataclass(frozen=True)
class SignedHeads:
    """The ends of one service's chains as its node has signed them."""

    node: str
    service: str
    at: datetime
    heads: tuple[tuple[int, int, str], ...]
    signed: str

    @classmethod
    def read(cls, signed: str, keys: KeySet) -> Self:
        """What a node has signed; FalseHeads when it was not this node or says something else."""
        try:
            said = json.loads(read_signed(signed, keys))
            heads = tuple((int(stream), int(sequence), str(link)) for stream, sequence, link in said["heads"])
            return cls(str(said["node"]), str(said["service"]), datetime.fromisoformat(said["at"]), heads, signed)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise FalseHeads(f"these heads are not signed as they should be: {error}") from error

    def known_by(self, witness: str) -> list[Head]:
        """As ends that a witness remembers, to verify a trail against."""
        return [
            Head(stream, sequence, bytes.fromhex(link), f"{witness} ({self.at:%Y-%m-%d %H:%M:%S})")
            for stream, sequence, link in self.heads
        ]

    def contradicts(self, earlier: SignedHeads) -> bool:
        """Chains only grow: one that is shorter than it was, or ends otherwise at the same record, was rewritten."""
        now = {stream: (sequence, link) for stream, sequence, link in self.heads}
        return any(
            now.get(stream, (0, ""))[0] < sequence or (now[stream][0] == sequence and now[stream][1] != link)
            for stream, sequence, link in earlier.heads
        )


async def state_heads(context: ServiceContext) -> None:
    """Sign and announce where the chains end, now and then, whenever there is something new; until cancelled."""
    while True:
        async with context.database.transaction() as tx:
            await state_once(tx, context.service.name)
        await asyncio.sleep(context.settings.audit_heads_seconds)


async def state_once(tx: Transaction, service: str) -> bool:
    """Whether there was something new to sign."""
    heads = (await tx.execute(_HEADS)).all()
    records = sum(row.sequence for row in heads)
    if records <= int((await tx.execute(_LAST)).scalar_one()):
        return False
    now, node = tx.node.clock.now().astimezone(UTC), tx.node.id
    ends = [[row.stream, row.sequence, row.hash.hex()] for row in heads]
    signed = tx.node.signer.sign(dump({"at": now.isoformat(), "heads": ends, "node": node, "service": service}))
    await tx.execute(_KEEP, {"at": now, "records": records, "signed": signed})
    await announce(tx, AuditHeadsStated(node=node, service=service, at=now, records=records, signed=signed))
    return True
