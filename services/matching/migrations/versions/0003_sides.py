"""A side of a pass follows from its messages: people files in place of rows; no rows of cards, standings and cutoffs.

Passes of the plain protocol cannot be gone on with: their messages, cards and standings are dropped. Runs, results,
certificates and introductions stay; reasons for places in such a run are no longer given.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = "matching"


def upgrade() -> None:
    op.create_table(
        "run_rosters", sa.Column("run", sa.Uuid, primary_key=True), sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("people", sa.LargeBinary, nullable=False), sa.Column("residue", JSONB, nullable=False, server_default="{}"),
        schema=SCHEMA,
    )
    op.add_column("run_passes", sa.Column("placed", sa.Integer, nullable=False, server_default="0"), schema=SCHEMA)
    for mark in ("county_mark", "city_mark"):
        op.add_column("run_passes", sa.Column(mark, sa.Uuid), schema=SCHEMA)
    _empty_messages("handled", sa.Column("turn", sa.Integer), "turn IS NULL")
    for name in ("run_cutoffs", "run_cards", "run_standings"):
        op.drop_table(name, schema=SCHEMA)


def downgrade() -> None:
    """The tables of the plain protocol again, empty."""
    op.drop_table("run_rosters", schema=SCHEMA)
    for name in ("placed", "county_mark", "city_mark"):
        op.drop_column("run_passes", name, schema=SCHEMA)
    _empty_messages("turn", sa.Column("handled", sa.Boolean, nullable=False, server_default="false"), "NOT handled")
    _create(
        "run_standings", sa.Column("pseudonym", sa.Text, primary_key=True), sa.Column("facts", JSONB, nullable=False),
        sa.Column("vacancy", sa.Uuid), sa.Column("residue", sa.Text),
    )
    op.create_index("run_standings_vacancy", "run_standings", ["run", "number", "vacancy"], schema=SCHEMA)
    _create(
        "run_cards", sa.Column("pseudonym", sa.Text, primary_key=True), sa.Column("vacancy", sa.Uuid, primary_key=True), sa.Column("county", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False), sa.Column("groups", sa.ARRAY(sa.Text), nullable=False), sa.Column("seat", sa.Text),
    )
    op.create_index("run_cards_vacancy", "run_cards", ["run", "number", "vacancy"], schema=SCHEMA)
    _create(
        "run_cutoffs", sa.Column("vacancy", sa.Uuid, primary_key=True), sa.Column("seat", sa.Text, primary_key=True),
        sa.Column("key", sa.BigInteger, nullable=False),
    )


def _empty_messages(old: str, new: sa.Column[Any], waiting: str) -> None:
    op.execute(f"DELETE FROM {SCHEMA}.run_messages")
    op.drop_index("run_messages_waiting", "run_messages", schema=SCHEMA)
    op.drop_column("run_messages", old, schema=SCHEMA)
    op.add_column("run_messages", new, schema=SCHEMA)
    op.create_index("run_messages_waiting", "run_messages", ["run", "number"], schema=SCHEMA, postgresql_where=sa.text(waiting))


def _create(name: str, *columns: sa.Column[Any]) -> None:
    key = sa.Column("run", sa.Uuid, primary_key=True), sa.Column("number", sa.Integer, primary_key=True)
    op.create_table(name, *key, *columns, schema=SCHEMA)
