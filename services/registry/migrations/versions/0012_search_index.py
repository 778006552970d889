"""By what people are found; of those who are here the worker makes the tokens, for a migration has no keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_index",
        sa.Column("person", sa.Uuid, sa.ForeignKey("registry.person.id"), primary_key=True),
        sa.Column("tokens", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("filled", sa.Boolean, nullable=False),
        schema="registry",
    )
    op.execute("INSERT INTO registry.search_index (person, tokens, filled) SELECT id, '{}', false FROM registry.person")
    op.create_index("search_index_tokens", "search_index", ["tokens"], schema="registry", postgresql_using="gin")
    op.create_index(
        "search_index_unfilled", "search_index", ["person"], schema="registry", postgresql_where=sa.text("NOT filled")
    )


def downgrade() -> None:
    op.drop_table("search_index", schema="registry")
