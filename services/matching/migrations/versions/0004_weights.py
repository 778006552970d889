"""Versions of the weights, beginning with the one that the code brings along; a run names the digest of its own."""

import hashlib
import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from libs.common.database import new_id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "matching"
FIRST = Path(__file__).parents[2] / "weights" / "2017.1.json"


def upgrade() -> None:
    weights = op.create_table(
        "weights", sa.Column("id", sa.Uuid, primary_key=True), sa.Column("node", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False), sa.Column("digest", sa.Text, nullable=False), sa.Column("data", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""), sa.Column("published_by", sa.Text),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("node", "version", name="weights_version"), schema=SCHEMA,
    )
    op.execute(weights.insert().values(_shipped(FIRST)))
    op.add_column("runs", sa.Column("weights_digest", sa.Text), schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("runs", "weights_digest", schema=SCHEMA)
    op.drop_table("weights", schema=SCHEMA)


def _shipped(file: Path) -> dict[str, object]:
    data = json.loads(file.read_text(encoding="utf-8"))
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "id": new_id(), "node": "shipped", "version": data["version"], "digest": hashlib.sha256(text.encode()).hexdigest(), "data": text,
        "published_at": sa.func.now(),
    }
