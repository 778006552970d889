"""Figures move by the difference that a change makes; whoever is here is counted once by the worker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from libs.common.indicators import create_indicators

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    division = context.config.attributes["division"]
    create_indicators(op.get_bind(), "registry")
    op.add_column("statement", sa.Column("division", sa.Text, nullable=False, server_default=division), schema="registry")
    op.alter_column("statement", "division", server_default=None, schema="registry")
    op.drop_constraint("statement_pkey", "statement", schema="registry")
    op.create_primary_key("statement_pkey", "statement", ["division", "as_of"], schema="registry")
    counted = "INSERT INTO registry.figures_due (division, subject) SELECT :division, id FROM registry.household"
    op.execute(sa.text(counted).bindparams(division=division))


def downgrade() -> None:
    op.drop_constraint("statement_pkey", "statement", schema="registry")
    op.drop_column("statement", "division", schema="registry")
    op.create_primary_key("statement_pkey", "statement", ["as_of"], schema="registry")
    for table in ("figures_by_day", "figures_of", "figures_due"):
        op.drop_table(table, schema="registry")
