"""Witness (见证): remember where the chains of this node and of its partners ended, and say so when one was rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joserfc.jwk import KeySet
from sqlalchemy import Row

from libs.common.audit.heads import FalseHeads, SignedHeads
from libs.common.database import Transaction
from libs.common.events.audit import AuditHeadsStated
from libs.common.events.envelope import Envelope
from libs.common.telemetry import log
from services.registry.store import witnesses


async def witness_heads(tx: Transaction, stated: AuditHeadsStated, envelope: Envelope) -> None:
    """Keep what a service has signed of its own chains; a chain that is shorter or other than before is an alarm."""
    heads = SignedHeads.read(stated.signed, _keys_of(tx, envelope.node))
    if f"/{heads.node}/{heads.service}" != envelope.source:
        raise FalseHeads(f"heads of {heads.node}/{heads.service} came from {envelope.source}")
    before = await witnesses.find_last(tx, heads.node, heads.service)
    rewritten = before is not None and _contradict(tx, before, heads)
    if rewritten:
        log.error("trail_rewritten", node=heads.node, service=heads.service, at=heads.at.isoformat())
    await witnesses.insert_if_absent_witness(
        tx,
        {
            "node": heads.node,
            "service": heads.service,
            "at": heads.at,
            "signed": heads.signed,
            "contradicts": rewritten,
        },
    )


def _contradict(tx: Transaction, before: Row[Any], heads: SignedHeads) -> bool:
    earlier = SignedHeads.read(before.signed, _keys_of(tx, heads.node))
    first, last = sorted((earlier, heads), key=lambda each: each.at)
    return last.contradicts(first)


async def list_heads(tx: Transaction, node: str | None, limit: int) -> Sequence[Row[Any]]:
    """What is remembered, the newest first."""
    return await witnesses.list_witnesses(tx, node=node, limit=limit)


def _keys_of(tx: Transaction, node: str) -> KeySet:
    if node == tx.node.id:
        return tx.node.signer.jwks
    partner = tx.node.partners.get(node)
    if partner is None:
        raise FalseHeads(f"{node} is no partner")
    return partner.jwks
