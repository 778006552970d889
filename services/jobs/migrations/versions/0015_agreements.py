"""Agreements between divisions with targets and parts, what has happened that they count, and the figures of that."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def _agreement() -> "sa.Column[Any]":
    return sa.Column("agreement", sa.Uuid, sa.ForeignKey("jobs.agreements.id"), primary_key=True)


def _key(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, primary_key=True)


def _text(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        _text("title"),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="draft"),
        sa.Column("edition", sa.Integer, nullable=False, server_default="1"),
        sa.Column("ended_on", sa.Date),
        _text("ended_because"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        schema=SCHEMA,
    )
    op.create_table(
        "agreement_targets",
        _agreement(),
        _key("kind"),
        sa.Column("year", sa.SmallInteger, primary_key=True, autoincrement=False),
        _key("county"),
        _key("employer_uscc"),
        sa.Column("target", sa.Integer, nullable=False),
        schema=SCHEMA,
    )
    op.create_table("agreement_parts", _agreement(), _key("county"), sa.Column("confirmed_on", sa.Date), schema=SCHEMA)


def _occurrences() -> None:
    op.create_table(
        "occurrences",
        _key("kind"),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("reference", sa.Uuid, nullable=False),
        sa.Column("same_as", sa.Uuid, nullable=False),
        _text("county"),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        _text("employer_uscc"),
        sa.Column("home", sa.Text, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("occurrences_same", "occurrences", ["same_as", "kind", "day"], schema=SCHEMA)
    op.create_index("occurrences_reference", "occurrences", ["reference"], schema=SCHEMA)
    op.create_index("occurrences_between", "occurrences", ["city", "county", "day"], schema=SCHEMA)
    op.create_table(
        "repeats",
        sa.Column("introduction", sa.Uuid, primary_key=True),
        sa.Column("first", sa.Uuid, nullable=False),
        schema=SCHEMA,
    )


def _counted() -> None:
    op.create_table(
        "counted",
        _agreement(),
        _key("kind"),
        _key("county"),
        _key("subject"),
        sa.Column("reference", sa.Uuid, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        _text("employer_uscc"),
        sa.Column("home", sa.Text, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("counted_listed", "counted", ["agreement", "kind", "reference"], schema=SCHEMA)
    op.create_index("counted_subject", "counted", ["subject"], schema=SCHEMA)
    firm = ["agreement", "kind", "employer_uscc", "day", "reference"]
    op.create_index("counted_firm", "counted", firm, schema=SCHEMA)
    op.create_table(
        "tallies",
        _agreement(),
        _key("kind"),
        _key("employer_uscc"),
        _key("county"),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("reached", sa.Integer, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        schema=SCHEMA,
    )


def upgrade() -> None:
    _agreements()
    _occurrences()
    _counted()


def downgrade() -> None:
    tables = ("tallies", "counted", "repeats", "occurrences", "agreement_parts", "agreement_targets", "agreements")
    for table in tables:
        op.drop_table(table, schema=SCHEMA)
