"""Runs of matching: participants, passes, people, cards, cutoffs, messages, counts and certificates."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "matching"
TABLES = (
    "run_certificates", "run_statements", "run_counts", "run_messages", "run_cutoffs", "run_cards", "run_allotments", "run_standings",
    "run_people", "run_passes", "runs",
)


def upgrade() -> None:
    _runs()
    _market()
    _protocol()


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name, schema=SCHEMA)


def _create(name: str, *columns: sa.Column[Any], number: bool = True) -> None:
    key = [sa.Column("run", sa.Uuid, primary_key=True)] + ([sa.Column("number", sa.Integer, primary_key=True)] if number else [])
    op.create_table(name, *key, *columns, schema=SCHEMA)


def _names(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.ARRAY(sa.Text), nullable=False, **more)


def _count(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default="false")


def _map(name: str) -> sa.Column[Any]:
    return sa.Column(name, JSONB, nullable=False, server_default="{}")


def _text(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False, **more)


def _runs() -> None:
    _create(
        "runs", _text("convener"), _names("counties"), _names("cities"), sa.Column("as_of", sa.Date, nullable=False), _text("weights"),
        sa.Column("deadline", sa.Date, nullable=False), _text("state"), _count("number"), sa.Column("seed", sa.Text), sa.Column("hash", sa.Text),
        sa.Column("placed", sa.Integer), sa.Column("settled", sa.Integer), sa.Column("reason", sa.Text), _names("missing", server_default="{}"),
        _count("residue"), sa.Column("own_facts", sa.Text), sa.Column("own_share", sa.Text), sa.Column("dispute", sa.Text),
        _map("commitments"), _map("shares"), _map("facts"),
        sa.Column("announced_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        number=False,
    )
    _create(
        "run_passes", _text("reason"), sa.Column("base", sa.Integer, nullable=False), _flag("frozen"), _flag("started"), _flag("reviewed"), sa.Column("closing", JSONB), _count("rounds"), _count("refused"),
        _count("displaced"), _count("displaced_across"),
    )


def _market() -> None:
    _create(
        "run_people", sa.Column("pseudonym", sa.Text, primary_key=True), sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("facts", JSONB, nullable=False), sa.Column("choice", JSONB), sa.Column("frozen_in", sa.Integer), number=False,
    )
    op.create_index("run_people_person", "run_people", ["person", "run"], schema=SCHEMA)
    _create(
        "run_standings", sa.Column("pseudonym", sa.Text, primary_key=True), sa.Column("facts", JSONB, nullable=False),
        sa.Column("vacancy", sa.Uuid), sa.Column("residue", sa.Text),
    )
    op.create_index("run_standings_vacancy", "run_standings", ["run", "number", "vacancy"], schema=SCHEMA)
    _create(
        "run_allotments", sa.Column("city", sa.Text, primary_key=True), sa.Column("batch", sa.Integer, primary_key=True),
        sa.Column("batches", sa.Integer, nullable=False), sa.Column("allotted", JSONB, nullable=False),
    )


def _protocol() -> None:
    _create(
        "run_cards", sa.Column("pseudonym", sa.Text, primary_key=True), sa.Column("vacancy", sa.Uuid, primary_key=True), _text("county"),
        sa.Column("priority", sa.Integer, nullable=False), _names("groups"), sa.Column("seat", sa.Text),
    )
    op.create_index("run_cards_vacancy", "run_cards", ["run", "number", "vacancy"], schema=SCHEMA)
    _create(
        "run_cutoffs", sa.Column("vacancy", sa.Uuid, primary_key=True), sa.Column("seat", sa.Text, primary_key=True),
        sa.Column("key", sa.BigInteger, nullable=False),
    )
    _create(
        "run_messages", sa.Column("kind", sa.Text, primary_key=True), sa.Column("sender", sa.Text, primary_key=True),
        sa.Column("batch", sa.Integer, primary_key=True), sa.Column("round", sa.Integer, nullable=False),
        sa.Column("data", JSONB, nullable=False), _flag("handled"),
    )
    op.create_index(
        "run_messages_waiting", "run_messages", ["run", "number"], schema=SCHEMA, postgresql_where=sa.text("NOT handled")
    )
    _create(
        "run_counts", sa.Column("kind", sa.Text, primary_key=True), sa.Column("counterpart", sa.Text, primary_key=True), _count("sent"),
        _count("handled"), sa.Column("bytes", sa.BigInteger, nullable=False, server_default="0"), _count("batches"),
    )
    _create(
        "run_statements", sa.Column("kind", sa.Text, primary_key=True), sa.Column("node", sa.Text, primary_key=True),
        sa.Column("data", JSONB, nullable=False),
    )
    _create(
        "run_certificates", sa.Column("city", sa.Text, primary_key=True), _text("certificate"), sa.Column("verified", sa.Boolean),
        _names("faults", server_default="{}"),
    )
