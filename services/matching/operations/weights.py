"""Weights (权重) as versions: publish one, keep what partners publish, and give each run the very ones it names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.matching import WeightsPublished
from libs.common.outbox import announce
from libs.common.problems import FieldError
from libs.common.telemetry import log
from services.matching.rules import weights as rules
from services.matching.rules.runs import Run
from services.matching.rules.weights import Weights, WeightsRefused
from services.matching.rules.weights_versions import (
    SHIPPED,
    Change,
    VersionTaken,
    WeightsInvalid,
    WeightsMissing,
    WeightsNotFound,
    WeightsVersion,
    canonical,
    changes,
    digest_of,
    text_of,
)
from services.matching.store import weights as store


@dataclass(frozen=True)
class Listed:
    """A version with what it changed against the one before it; the first of all changed nothing."""

    kept: WeightsVersion
    before: str | None
    changes: list[Change]


async def weights_of(tx: Transaction, run: Run) -> Weights:
    """The weights of a run: those that its convener published, by digest; 409 while they are not here, never others."""
    return _read((await get_version_of(tx, run)).data)


async def find_weights_of(tx: Transaction, run: Run) -> Weights | None:
    """The same, or None while they are not here."""
    found = await find_version_of(tx, run)
    return _read(found.data) if found else None


async def get_version_of(tx: Transaction, run: Run) -> WeightsVersion:
    found = await find_version_of(tx, run)
    if found is None:
        raise WeightsMissing(f"{run.weights} ({run.weights_digest}), {run.convener}")
    return found


async def find_version_of(tx: Transaction, run: Run) -> WeightsVersion | None:
    """Without a digest the run was announced when only shipped versions could be named."""
    publishers = (run.convener, SHIPPED) if run.weights_digest else (SHIPPED,)
    return await store.find_version(tx, publishers, run.weights, run.weights_digest)


async def are_published_otherwise(tx: Transaction, run: Run) -> bool:
    """Whether the convener has published another content under the version that the run names."""
    kept = await store.find_version(tx, (run.convener,), run.weights)
    return kept is not None and run.weights_digest not in (None, kept.digest)


@lru_cache(maxsize=16)
def _read(text: str) -> Weights:
    return rules.weights_of(json.loads(text), known_keys_only=True)


async def find_own(tx: Transaction, version: str) -> WeightsVersion | None:
    """The version that this name means for a run convened here."""
    return await store.find_version(tx, (tx.node.id, SHIPPED), version)


async def publish_weights(tx: Transaction, data: Mapping[str, Any], note: str, by: str) -> Listed:
    """Publishes a version for good and tells the partners; the same content again changes nothing."""
    text = _judge(data)
    version = WeightsVersion(
        new_id(), tx.node.id, data["version"], digest_of(text), text, note, by, tx.node.clock.now()
    )
    known = await find_own(tx, version.version)
    if known is None and await store.insert_version_if_absent(tx, version):
        await announce_weights(tx, version)
        return await _listed(tx, version)
    known = known or await find_own(tx, version.version)
    if known is None or known.digest != version.digest:
        raise VersionTaken(
            f"{version.version} 已被使用，请用新的版本号 The version {version.version} is taken: publish it under another."
        )
    return await _listed(tx, known)


def _judge(data: Mapping[str, Any]) -> str:
    try:
        return text_of(data)
    except WeightsRefused as refused:
        errors = [FieldError(f"/weights{each.pointer}", each.code, each.message) for each in refused.errors]
        raise WeightsInvalid("请修正所列字段 Correct the fields listed.", errors=errors) from refused


async def announce_weights(tx: Transaction, version: WeightsVersion) -> None:
    """In this node's name: also what the code brings along, since a partner's code may be of another day."""
    same = {name: getattr(version, name) for name in ("version", "digest", "note", "published_at")}
    await announce(tx, WeightsPublished(node=tx.node.id, weights=json.loads(version.data), **same))


async def keep_weights(tx: Transaction, event: WeightsPublished) -> bool:
    """Keeps a partner's version; False if it is here already, or is not what it says it is."""
    if await store.find_version(tx, (event.node, SHIPPED), event.version, event.digest):
        return False
    why = _why_not(event)
    version = WeightsVersion(
        new_id(),
        event.node,
        event.version,
        event.digest,
        canonical(event.weights),
        event.note,
        None,
        event.published_at,
    )
    if why is None and await store.insert_version_if_absent(tx, version):
        return True
    log.error(
        "weights_refused", node=event.node, weights=event.version, why=why or "published before with other content"
    )
    return False


def _why_not(event: WeightsPublished) -> str | None:
    """What is wrong with weights as they arrived."""
    try:
        text = text_of(event.weights)
    except WeightsRefused as refused:
        return str(refused)
    same = digest_of(text) == event.digest and event.weights["version"] == event.version
    return None if same else "the content is not what digest and version say"


async def get_weights(tx: Transaction, version: str, node: str | None) -> WeightsVersion:
    """A publisher's version; without one, what the name means at this node."""
    found = await (store.find_version(tx, (node,), version) if node else find_own(tx, version))
    if found is None:
        raise WeightsNotFound(f"{version} {node or ''}".strip())
    return found


async def list_weights(tx: Transaction, after: UUID | None, limit: int) -> list[Listed]:
    """All publishers' versions, the newest first, each with what it changed."""
    return [await _listed(tx, each) for each in await store.list_versions(tx, after, limit)]


async def _listed(tx: Transaction, version: WeightsVersion) -> Listed:
    before = await store.find_version_before(tx, version)
    if before is None:
        return Listed(version, None, [])
    return Listed(version, before.version, changes(json.loads(before.data), json.loads(version.data)))
