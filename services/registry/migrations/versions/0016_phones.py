"""Phones learn what has changed since they last asked: in which transaction each person and household was last written, and where.

Triggers write it, so that no way of writing can forget it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SCHEMA = "registry"
_WRITTEN = "pg_current_xact_id()::text::bigint"

_FUNCTIONS = {
    "note_people(ids uuid[])": """
    UPDATE registry.sync_row s SET here = false, changed = pg_current_xact_id()::text::bigint, at = now()
    WHERE s.kind = 'person' AND s.id = ANY(ids) AND s.here AND NOT EXISTS (
      SELECT FROM registry.person p WHERE p.id = s.id AND p.township = s.township AND p.village = s.village AND p.left_on IS NULL
    );
    INSERT INTO registry.sync_row (kind, id, township, village, here)
    SELECT 'person', p.id, p.township, p.village, true FROM registry.person p WHERE p.id = ANY(ids) AND p.left_on IS NULL ORDER BY p.id
    ON CONFLICT (kind, id, township, village) DO UPDATE SET here = true, changed = excluded.changed, at = excluded.at;
    """,
    "note_households(ids uuid[])": """
    UPDATE registry.sync_row s SET here = false, changed = pg_current_xact_id()::text::bigint, at = now()
    WHERE s.kind = 'household' AND s.id = ANY(ids) AND s.here AND NOT EXISTS (
      SELECT FROM registry.household h
      WHERE h.id = s.id AND h.township = s.township AND h.village = s.village AND h.closed_on IS NULL
    );
    INSERT INTO registry.sync_row (kind, id, township, village, here)
    SELECT 'household', h.id, h.township, h.village, true FROM registry.household h
    WHERE h.id = ANY(ids) AND h.closed_on IS NULL ORDER BY h.id
    ON CONFLICT (kind, id, township, village) DO UPDATE SET here = true, changed = excluded.changed, at = excluded.at;
    """,
    "note_versions()": """
    IF TG_OP = 'DELETE' THEN
      DELETE FROM registry.sync_version v USING written w WHERE v.person = w.id;
    ELSE
      INSERT INTO registry.sync_version (person, version) SELECT id, version FROM written ON CONFLICT DO NOTHING;
    END IF;
    PERFORM registry.note_people(ARRAY(SELECT id FROM written));
    """,
    "note_homes()": "PERFORM registry.note_households(ARRAY(SELECT id FROM written));",
    "note_whose()": "PERFORM registry.note_people(ARRAY(SELECT DISTINCT person FROM written));",
}
_TOLD_BY = {
    "person": "note_versions",
    "household": "note_homes",
    "wish": "note_whose",
    "visit": "note_whose",
    "situation": "note_whose",
}
_HOW = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def upgrade() -> None:
    op.add_column(
        "change",
        sa.Column("written", sa.BigInteger, nullable=False, server_default=sa.text(_WRITTEN)),
        schema=SCHEMA,
    )
    _make_tables()
    for name, body in _FUNCTIONS.items():
        op.execute(_function(name, body))
    for table, function in _TOLD_BY.items():
        for when, rows in _HOW.items():
            op.execute(
                f"CREATE TRIGGER sync_{when.lower()} AFTER {when} ON registry.{table} REFERENCING {rows} TABLE AS written "
                f"FOR EACH STATEMENT EXECUTE FUNCTION registry.{function}()"
            )
    op.execute("SELECT registry.note_people(ARRAY(SELECT id FROM registry.person))")
    op.execute("SELECT registry.note_households(ARRAY(SELECT id FROM registry.household))")


def _function(name: str, body: str) -> str:
    """With the node's own reach, for what moves out of a caller's sight is noted too, and the caller's again afterwards."""
    answers, end = ("trigger", "RETURN NULL;") if name.endswith("()") else ("void", "")
    return f"""
    CREATE FUNCTION registry.{name} RETURNS {answers} LANGUAGE plpgsql AS $$
    DECLARE reach text := coalesce(current_setting('xieli.reach', true), '');
    BEGIN
    PERFORM set_config('xieli.reach', 'service', true);
    {body}
    PERFORM set_config('xieli.reach', reach, true);
    {end}
    END $$"""


def _make_tables() -> None:
    op.create_table(
        "sync_row",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("township", sa.Text, primary_key=True),
        sa.Column("village", sa.Text, primary_key=True),
        sa.Column("here", sa.Boolean, nullable=False),
        _written("changed"),
        _at(),
        schema=SCHEMA,
    )
    op.create_index("sync_row_changed", "sync_row", ["township", "changed", "kind", "id"], schema=SCHEMA)
    here, gone = sa.text("here"), sa.text("NOT here")
    op.create_index("sync_row_here", "sync_row", ["township", "kind", "id"], schema=SCHEMA, postgresql_where=here)
    op.create_index("sync_row_gone", "sync_row", ["at"], schema=SCHEMA, postgresql_where=gone)
    op.create_table(
        "sync_version",
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        _written("written"),
        _at(),
        schema=SCHEMA,
    )
    op.create_index("sync_version_at", "sync_version", ["at"], schema=SCHEMA)
    op.create_table(
        "sync_floor",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("changed", sa.BigInteger, nullable=False),
        schema=SCHEMA,
    )


def _written(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text(_WRITTEN))


def _at() -> sa.Column[Any]:
    return sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def downgrade() -> None:
    for table in _TOLD_BY:
        for when in _HOW:
            op.execute(f"DROP TRIGGER sync_{when.lower()} ON registry.{table}")
    for name in _FUNCTIONS:
        op.execute(f"DROP FUNCTION registry.{name}")
    for name in ("sync_floor", "sync_version", "sync_row"):
        op.drop_table(name, schema=SCHEMA)
    op.drop_column("change", "written", schema=SCHEMA)
