"""Employers are entered, corrected, vetted, merged and blacklisted, with a history; vetted vacancies expire and come back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def _text(name: str, default: str = "") -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def _of_employers() -> "list[sa.Column[Any]]":
    return [
        _text("licence"),
        _text("state", "listed"),
        sa.Column("merged_into", sa.Uuid, sa.ForeignKey("jobs.employers.id")),
        sa.Column("contact_confirmed_on", sa.Date),
        sa.Column("reasons", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_on", sa.Date),
        sa.Column("appeal_by", sa.Date),
        _text("appeal"),
        sa.Column("appealed_on", sa.Date),
        sa.Column("blacklisted_from", sa.Date),
        sa.Column("blacklisted_until", sa.Date),
        _text("blacklisted_because"),
    ]


def upgrade() -> None:
    for column in _of_employers():
        op.add_column("employers", column, schema=SCHEMA)
    op.create_table(
        "changes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("employer", sa.Uuid, sa.ForeignKey("jobs.employers.id"), nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("before", sa.LargeBinary, nullable=False),
        sa.Column("after", sa.LargeBinary, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        _text("reason"),
        schema=SCHEMA,
    )
    op.create_index("changes_employer", "changes", ["employer", "id"], schema=SCHEMA)
    op.add_column("vacancies", sa.Column("valid_until", sa.Date), schema=SCHEMA)
    op.add_column("vacancies", sa.Column("paused", sa.Text), schema=SCHEMA)
    valid = sa.text("state = 'vetted' AND valid_until IS NOT NULL")
    op.create_index("vacancies_valid", "vacancies", ["valid_until"], schema=SCHEMA, postgresql_where=valid)
    op.create_table(
        "pauses",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("vacancy", sa.Uuid, sa.ForeignKey("jobs.vacancies.id"), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("because", sa.Text, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_jobs_pauses_vacancy", "pauses", ["vacancy"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("pauses", schema=SCHEMA)
    op.drop_index("vacancies_valid", "vacancies", schema=SCHEMA)
    for name in ("valid_until", "paused"):
        op.drop_column("vacancies", name, schema=SCHEMA)
    op.drop_table("changes", schema=SCHEMA)
    for column in _of_employers():
        op.drop_column("employers", column.name, schema=SCHEMA)
