"""Witness (见证): remember where the chains of this node and of its partners ended, and say so when one was rewritten."""

from __future__ import annotations

from joserfc.jwk import KeySet

from libs.common.audit.heads import FalseHeads, SignedHeads
from libs.common.database import Transaction
from libs.common.events.audit import AuditHeadsStated
from libs.common.events.envelope import Envelope
from libs.common.telemetry import log
from services.registry.rules.trail import Witness
from services.registry.store import witnesses


async def witness_heads(tx: Transaction, stated: AuditHeadsStated, envelope: Envelope) -> None:
    """Keep what a service has signed of its own chains; a chain that is shorter or other than before is an alarm."""
    heads = SignedHeads.read(stated.signed, _keys_of(tx, envelope.node))
    if f"/{heads.node}/{heads.service}" != envelope.source:
        raise FalseHeads(f"heads of {heads.node}/{heads.service} came from {envelope.source}")
    before = await witnesses.find_last_witness(tx, heads.node, heads.service)
    rewritten = before is not None and _contradict(tx, before, heads)
    if rewritten:
        log.error("trail_rewritten", node=heads.node, service=heads.service, at=heads.at.isoformat())
    await witnesses.insert_witness_if_absent(tx, Witness(heads.node, heads.service, heads.at, heads.signed, rewritten))


def _contradict(tx: Transaction, before: Witness, heads: SignedHeads) -> bool:
    earlier = SignedHeads.read(before.signed, _keys_of(tx, heads.node))
    first, last = sorted((earlier, heads), key=lambda each: each.at)
    return last.contradicts(first)


def _keys_of(tx: Transaction, node: str) -> KeySet:
    if node == tx.node.id:
        return tx.node.signer.jwks
    partner = tx.node.partners.get(node)
    if partner is None:
        raise FalseHeads(f"{node} is no partner")
    return partner.jwks
