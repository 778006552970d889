"""The ledger of promises: terms as published, what is told of firms and posts, and firms of which something has changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SCHEMA = "retention"
_INDEXES = {
    "introduction_vacancy": ("introduction", ["vacancy"]),
    "spell_vacancy": ("spell", ["vacancy"]),
    "vacancy_employer": ("vacancy", ["employer_uscc"]),
    "promise_employer": ("promise", ["city", "employer_uscc"]),
    "promise_vacancy": ("promise", ["vacancy"]),
}


def upgrade() -> None:
    op.create_table(
        "terms",
        sa.Column("vacancy", sa.Uuid, primary_key=True),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("wage", sa.Integer, nullable=False),
        sa.Column("openings", sa.Integer, nullable=False),
        sa.Column("offers", ARRAY(sa.Text), nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("employer_uscc", sa.Text, nullable=False),
        sa.Column("employer_name", sa.Text, nullable=False),
        sa.Column("vacancy", sa.Uuid),
        sa.Column("stated_on", sa.Date, nullable=False),
        sa.Column("told", JSONB, nullable=False),
        schema=_SCHEMA,
    )
    op.create_table(
        "promise_due",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("employer_uscc", sa.Text, nullable=False),
        schema=_SCHEMA,
    )
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns, schema=_SCHEMA)


def downgrade() -> None:
    for name in ("introduction_vacancy", "spell_vacancy", "vacancy_employer"):
        op.drop_index(name, _INDEXES[name][0], schema=_SCHEMA)
    for table in ("promise_due", "promise", "terms"):
        op.drop_table(table, schema=_SCHEMA)
