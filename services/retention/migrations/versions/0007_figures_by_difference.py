"""Figures move by the difference that a change makes; whoever is here is counted once by the worker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from libs.common.indicators import create_indicators

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_indicators(op.get_bind(), "retention")
    op.add_column(
        "statement",
        sa.Column("rule", sa.Text, nullable=False, server_default="retention-indicators 1"),
        schema="retention",
    )
    op.alter_column("statement", "rule", server_default=None, schema="retention")
    counted = (
        "INSERT INTO retention.figures_due (division, subject) SELECT :county, subject FROM ("
        " SELECT person AS subject, county FROM retention.introduction WHERE person IS NOT NULL"
        " UNION SELECT id, county FROM retention.spell UNION SELECT id, county FROM retention.service"
        " UNION SELECT person, :county FROM retention.ledger"
        ") AS known WHERE county = :county"
    )
    op.execute(sa.text(counted).bindparams(county=context.config.attributes["division"]))


def downgrade() -> None:
    op.drop_column("statement", "rule", schema="retention")
    for table in ("figures_by_day", "figures_of", "figures_due"):
        op.drop_table(table, schema="retention")
