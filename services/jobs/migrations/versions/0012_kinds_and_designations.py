"""Kinds of vacancies and what they need; designations of firms with from, until, by whom and the intake that was promised."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def _of_vacancies() -> "list[sa.Column[Any]]":
    return [
        sa.Column("kind", sa.Text, nullable=False, server_default="ordinary"),
        sa.Column("country", sa.Text),
        sa.Column("contract_months", sa.SmallInteger),
        sa.Column("healthy", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("passport", sa.Text),
        sa.Column("training", sa.Text),
    ]


def _of_employers() -> "list[sa.Column[Any]]":
    return [
        sa.Column("export_licence", sa.Text, nullable=False, server_default=""),
        sa.Column("export_licence_until", sa.Date),
    ]


def upgrade() -> None:
    for column in _of_vacancies():
        op.add_column("vacancies", column, schema=SCHEMA)
    op.execute("UPDATE jobs.vacancies SET kind = 'reserved' WHERE reserved <> '{}'")
    for column in _of_employers():
        op.add_column("employers", column, schema=SCHEMA)
    op.add_column(
        "hires", sa.Column("released", sa.Boolean, nullable=False, server_default=sa.text("false")), schema=SCHEMA
    )
    op.create_table(
        "designations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("employer", sa.Uuid, sa.ForeignKey("jobs.employers.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("promised", sa.Integer, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("ended_because", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    op.create_index("ix_jobs_designations_employer", "designations", ["employer"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("designations", schema=SCHEMA)
    op.drop_column("hires", "released", schema=SCHEMA)
    for column in _of_employers():
        op.drop_column("employers", column.name, schema=SCHEMA)
    for column in _of_vacancies():
        op.drop_column("vacancies", column.name, schema=SCHEMA)
