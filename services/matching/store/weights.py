"""SQL of the versions of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from services.matching.rules.weights_versions import SHIPPED, WeightsVersion
from services.matching.tables.weights import weights

_COLUMNS = columns_of(weights, WeightsVersion)


async def insert_version_if_absent(tx: Transaction, version: WeightsVersion) -> bool:
    """False if its publisher has this version already, whatever the content."""
    statement = (
        insert(weights)
        .values(vars(version))
        .on_conflict_do_nothing(constraint="weights_version")
        .returning(weights.c.id)
    )
    return (await tx.execute(statement)).first() is not None


async def find_version(
    tx: Transaction, nodes: Sequence[str], version: str, digest: str | None = None
) -> WeightsVersion | None:
    """The version by the first of these publishers that has it; with `digest`, with this very content."""
    statement = select(*_COLUMNS).where(weights.c.version == version, weights.c.node.in_(nodes))
    found = await _select(tx, statement if digest is None else statement.where(weights.c.digest == digest))
    return min(found, key=lambda each: nodes.index(each.node), default=None)


async def list_versions(tx: Transaction, after: UUID | None, limit: int) -> list[WeightsVersion]:
    """The newest first."""
    statement = select(*_COLUMNS).order_by(weights.c.id.desc()).limit(limit)
    return await _select(tx, statement.where(weights.c.id < after) if after else statement)


async def find_version_before(tx: Transaction, version: WeightsVersion) -> WeightsVersion | None:
    """The one before it in its publisher's history, which begins with what the code brings along."""
    earlier = (weights.c.node.in_((version.node, SHIPPED)), weights.c.id < version.id)
    found = await _select(tx, select(*_COLUMNS).where(*earlier).order_by(weights.c.id.desc()).limit(1))
    return found[0] if found else None


async def _select(tx: Transaction, statement: Select[Any]) -> list[WeightsVersion]:
    return read_rows(WeightsVersion, await tx.execute(statement))
