"""Job fairs: as their nodes announce them, who of this county comes, what was signed there; an introduction says its fair."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SCHEMA = "matching"


def _of_fair(*, key: bool) -> sa.Column[object]:
    return sa.Column("fair", sa.Uuid, sa.ForeignKey("matching.fairs.fair"), primary_key=key, nullable=False)


def upgrade() -> None:
    op.add_column("introductions", sa.Column("fair", sa.Uuid), schema=SCHEMA)
    where = sa.text("fair IS NOT NULL")
    op.create_index("introductions_fair", "introductions", ["fair"], schema=SCHEMA, postgresql_where=where)
    _create_fairs()
    _create_visitors()
    op.create_table(
        "fair_counts",
        sa.Column("fair", sa.Uuid, primary_key=True),
        sa.Column("county", sa.Text, primary_key=True),
        sa.Column("signed_up", sa.Integer, nullable=False),
        sa.Column("came", sa.Integer, nullable=False),
        schema=SCHEMA,
    )


def _create_fairs() -> None:
    texts = ("node", "city", "title", "place", "venue", "state", "reason")
    op.create_table(
        "fairs",
        sa.Column("fair", sa.Uuid, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("announced_on", sa.Date, nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "fair_booths",
        _of_fair(key=True),
        sa.Column("employer_uscc", sa.Text, primary_key=True),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("vacancies", ARRAY(sa.Uuid), nullable=False),
        schema=SCHEMA,
    )


def _create_visitors() -> None:
    op.create_table(
        "fair_visitors",
        _of_fair(key=True),
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("county", sa.Text, nullable=False),
        sa.Column("signed_up_on", sa.Date),
        sa.Column("came_on", sa.Date),
        schema=SCHEMA,
    )
    op.create_table(
        "fair_signings",
        sa.Column("entry", sa.Uuid, primary_key=True),
        _of_fair(key=False),
        *(sa.Column(name, sa.Uuid, nullable=False) for name in ("person", "vacancy")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("county", "by")),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("introduction", sa.Uuid),
        *(sa.Column(name, sa.Text) for name in ("refusal", "title", "detail")),
        sa.Column("status", sa.Integer),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        schema=SCHEMA,
    )
    op.create_index("fair_signings_person", "fair_signings", ["person"], schema=SCHEMA)


def downgrade() -> None:
    for name in ("fair_counts", "fair_signings", "fair_visitors", "fair_booths", "fairs"):
        op.drop_table(name, schema=SCHEMA)
    op.drop_index("introductions_fair", "introductions", schema=SCHEMA)
    op.drop_column("introductions", "fair", schema=SCHEMA)
