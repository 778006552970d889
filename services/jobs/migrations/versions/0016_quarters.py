"""Quarters of an agreement: what each side states, what both have signed, and where one has taken the other's word."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SCHEMA = "jobs"


def _agreement(*, key: bool) -> "sa.Column[Any]":
    return sa.Column("agreement", sa.Uuid, sa.ForeignKey("jobs.agreements.id"), primary_key=key, nullable=False)


def _key(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, primary_key=True)


def _said(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, nullable=False)


def _quarters() -> None:
    op.create_table(
        "quarters",
        sa.Column("id", sa.Uuid, primary_key=True),
        _agreement(key=False),
        _said("county"),
        _said("quarter"),
        _said("state"),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("stated_on", sa.Date, nullable=False),
        sa.Column("answered_on", sa.Date),
        sa.Column("signed_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.UniqueConstraint("agreement", "county", "quarter", name="quarters_once"),
        schema=SCHEMA,
    )
    op.create_table(
        "quarter_entries",
        sa.Column("row", sa.Uuid, sa.ForeignKey("jobs.quarters.id"), primary_key=True),
        _key("side"),
        _key("kind"),
        sa.Column("reference", sa.Uuid, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        _key("employer_uscc"),
        sa.Column("by", sa.SmallInteger, nullable=False),
        _said("home"),
        schema=SCHEMA,
    )


def _signed() -> None:
    op.create_table(
        "signed_figures",
        _agreement(key=True),
        _key("county"),
        _key("kind"),
        sa.Column("year", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("signed", sa.Integer, nullable=False),
        _said("home"),
        schema=SCHEMA,
    )
    op.create_table(
        "settlements",
        _agreement(key=True),
        _key("county"),
        _key("quarter"),
        _key("side"),
        _key("kind"),
        sa.Column("reference", sa.Uuid, primary_key=True),
        _said("reason"),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("by", sa.Text, nullable=False, server_default=""),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("excluded", sa.Boolean, nullable=False),
        _said("home"),
        schema=SCHEMA,
    )
    op.create_index(
        "settlements_excluded",
        "settlements",
        ["agreement", "reference"],
        schema=SCHEMA,
        postgresql_where=sa.text("excluded"),
    )


def upgrade() -> None:
    _quarters()
    _signed()


def downgrade() -> None:
    for table in ("settlements", "signed_figures", "quarter_entries", "quarters"):
        op.drop_table(table, schema=SCHEMA)
