"""A vacancy says of which kind it is, in which country it lies where that is abroad, and through which day it is offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SCHEMA = "matching"


def upgrade() -> None:
    op.add_column("vacancies", sa.Column("kind", sa.Text, nullable=False, server_default="ordinary"), schema=SCHEMA)
    op.add_column("vacancies", sa.Column("country", sa.Text), schema=SCHEMA)
    op.add_column("vacancies", sa.Column("valid_until", sa.Date), schema=SCHEMA)


def downgrade() -> None:
    for name in ("kind", "country", "valid_until"):
        op.drop_column("vacancies", name, schema=SCHEMA)
