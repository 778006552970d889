"""Versions of the weights (权重版本) that this node knows: what came with the code, its own, its partners'."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Table, Text, UniqueConstraint, Uuid, func

from libs.common.access.rows import belongs
from services.matching.tables.schema import metadata

# `id` is the order of entry here. `data` is the canonical text whose SHA-256 is `digest`; a row never changes.
# `published_by` is known at the publishing node alone.
weights = Table(
    "weights",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("node", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("published_by", Text),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
    UniqueConstraint("node", "version", name="weights_version"),
)

belongs(weights, published="weights are public")
