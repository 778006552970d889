"""Rounds: whom a quarter or month is to see, how far it is, who signed it. What settles or leaves follows from what is written.

A trigger's own rule, as with phones: whatever writes people, visits, wishes, situations or answers, no way of writing forgets it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SCHEMA = "registry"
_DAYS = ("starts", "ends", "day", "due")
_OLD_NOTE_PEOPLE = """
    UPDATE registry.sync_row s SET here = false, changed = pg_current_xact_id()::text::bigint, at = now()
    WHERE s.kind = 'person' AND s.id = ANY(ids) AND s.here AND NOT EXISTS (
      SELECT FROM registry.person p WHERE p.id = s.id AND p.township = s.township AND p.village = s.village AND p.left_on IS NULL
    );
    INSERT INTO registry.sync_row (kind, id, township, village, here)
    SELECT 'person', p.id, p.township, p.village, true FROM registry.person p WHERE p.id = ANY(ids) AND p.left_on IS NULL ORDER BY p.id
    ON CONFLICT (kind, id, township, village) DO UPDATE SET here = true, changed = excluded.changed, at = excluded.at;
"""
# Whoever writes of a township's people holds its part of the round against a signature, and not against each other.
_HOLD_PARTS = """
    PERFORM pg_advisory_xact_lock_shared(registry.round_part(part.round, part.township)) FROM (
      SELECT r.id AS round, p.township FROM registry.round r, registry.person p WHERE r.state <> 'signed' AND p.id = ANY(ids)
      UNION
      SELECT rp.round, rp.township FROM registry.round_person rp JOIN registry.round r ON r.id = rp.round
      WHERE r.state <> 'signed' AND rp.person = ANY(ids)
      UNION
      SELECT r.id, '' FROM registry.round r WHERE r.state <> 'signed'
      ORDER BY 1, 2
    ) part;
"""
# How each of these people stands in each round that is not signed, from what the register knows of them. A part that is signed stays as
# it is: who is on its list stays there, and nobody comes in.
_FOLLOW = """
    INSERT INTO registry.round_person AS stands
      (round, person, township, village, state, later, visited, settled_by, left_as, left_on, work_place, channel, willing, wished)
    SELECT r.id, p.id,
      CASE WHEN there.signed THEN rp.township ELSE p.township END, CASE WHEN there.signed THEN rp.village ELSE p.village END,
      CASE WHEN gone.out OR there.signed THEN 'left' WHEN met."on" IS NOT NULL THEN 'settled' ELSE 'open' END,
      coalesce(rp.later, r.state <> 'listing'), met."on", met.by,
      CASE WHEN gone.out THEN coalesce(p.left_as, 'away') WHEN there.signed THEN 'to_signed_part' END,
      CASE WHEN gone.out THEN p.left_on END,
      now.work_place, now.channel, said.willing, said.wished
    FROM registry.round r CROSS JOIN registry.person p
    LEFT JOIN registry.round_person rp ON rp.round = r.id AND rp.person = p.id
    CROSS JOIN LATERAL (SELECT
      coalesce(p.left_on <= r.ends, false) OR p.away @> daterange(r.day, r.ends, '[]') AS out, p.away @> r.day AS before
    ) gone
    CROSS JOIN LATERAL (SELECT EXISTS (
      SELECT FROM registry.round_signature g WHERE g.round = r.id AND g.township = p.township AND g.taken_back_at IS NULL
    ) AS signed) there
    LEFT JOIN LATERAL (
      SELECT s.work_place, s.channel FROM registry.situation s WHERE s.person = p.id AND s.since <= r.ends ORDER BY s.since DESC LIMIT 1
    ) now ON true
    LEFT JOIN LATERAL (
      SELECT (w.facts ->> 'willing')::boolean AS willing, hashtextextended((w.facts - 'available_from')::text, 0) AS wished
      FROM registry.wish w WHERE w.person = p.id AND w.visited <= r.ends ORDER BY w.visited DESC LIMIT 1
    ) said ON true
    LEFT JOIN LATERAL (
      SELECT found."on", found.by FROM (
        SELECT v.visited AS "on", v.visited_by AS by FROM registry.visit v WHERE r.kind = 'quarter' AND v.person = p.id
          AND v.visited BETWEEN r.starts AND r.ends AND v.found IN ('no_change', 'changed')
        UNION ALL
        SELECT w.visited, NULL FROM registry.wish w WHERE r.kind = 'quarter' AND w.person = p.id AND w.visited BETWEEN r.starts AND r.ends
        UNION ALL
        SELECT c."on", c.checked_by FROM registry.work_check c WHERE r.kind = 'month' AND c.person = p.id AND c.round = r.id
      ) found ORDER BY found."on", found.by LIMIT 1
    ) met ON true
    WHERE p.id = ANY(ids) AND r.state <> 'signed' AND CASE
      WHEN rp.person IS NOT NULL THEN NOT EXISTS (
        SELECT FROM registry.round_signature g WHERE g.round = r.id AND g.township = rp.township AND g.taken_back_at IS NULL)
      WHEN there.signed OR (gone.out AND gone.before) OR (r.state <> 'listing' AND p.as_of > r.ends) THEN false
      WHEN r.kind = 'quarter' THEN true
      ELSE now.work_place IS NOT NULL OR EXISTS (
        SELECT FROM (SELECT s.work_place FROM registry.situation s WHERE s.person = p.id AND s.since <= r.day ORDER BY s.since DESC LIMIT 1) o
        WHERE o.work_place IS NOT NULL)
    END
    ORDER BY r.id, p.id
    ON CONFLICT (round, person) DO UPDATE SET township = excluded.township, village = excluded.village, state = excluded.state,
      visited = excluded.visited, settled_by = excluded.settled_by, left_as = excluded.left_as, left_on = excluded.left_on,
      work_place = excluded.work_place, channel = excluded.channel, willing = excluded.willing, wished = excluded.wished
    WHERE (stands.township, stands.village, stands.state, stands.visited, stands.settled_by, stands.left_as, stands.left_on,
           stands.work_place, stands.channel, stands.willing, stands.wished)
      IS DISTINCT FROM (excluded.township, excluded.village, excluded.state, excluded.visited, excluded.settled_by, excluded.left_as,
           excluded.left_on, excluded.work_place, excluded.channel, excluded.willing, excluded.wished);
"""
# Of whom nothing is kept any more the lists keep that they were there, and no fact.
_FORGET = """
    UPDATE registry.round_person rp SET work_place = NULL, channel = NULL, willing = NULL, wished = NULL, reason = NULL,
      state = CASE WHEN kept.signed THEN rp.state ELSE 'left' END,
      left_as = CASE WHEN kept.signed THEN rp.left_as WHEN kept.erased THEN 'erased' ELSE 'withdrawn' END,
      visited = CASE WHEN kept.signed THEN rp.visited END, settled_by = CASE WHEN kept.signed THEN rp.settled_by END
    FROM registry.round_person same CROSS JOIN LATERAL (SELECT
      EXISTS (SELECT FROM registry.round_signature g WHERE g.round = same.round AND g.township = same.township AND g.taken_back_at IS NULL) AS signed,
      EXISTS (SELECT FROM registry.erasure e WHERE e.person = same.person AND e.erased_on IS NOT NULL) AS erased
    ) kept
    WHERE same.round = rp.round AND same.person = rp.person AND rp.person = ANY(ids)
      AND NOT EXISTS (SELECT FROM registry.person p WHERE p.id = rp.person);
"""
_FIGURE = "CASE WHEN moved.state = 'settled' AND moved.visited > r.due THEN 'late' ELSE moved.state END"
_MOVES = {
    "count_listed": "SELECT after.*, 1 AS amount FROM after",
    "count_moved": "SELECT after.*, 1 AS amount FROM after UNION ALL SELECT before.*, -1 FROM before",
    "count_dropped": "SELECT before.*, -1 AS amount FROM before",
}
_COUNTED_BY = {
    "count_listed": ("INSERT", "NEW TABLE AS after"),
    "count_moved": ("UPDATE", "OLD TABLE AS before NEW TABLE AS after"),
    "count_dropped": ("DELETE", "OLD TABLE AS before"),
}


def upgrade() -> None:
    _make_rounds()
    _make_lists()
    _make_signatures()
    op.execute(
        "CREATE FUNCTION registry.round_part(round uuid, township text) RETURNS bigint LANGUAGE sql IMMUTABLE "
        "RETURN hashtextextended(round::text || township, 7)"
    )
    for name, moves in _MOVES.items():
        op.execute(_function(f"{name}()", _counting(moves)))
        when, rows = _COUNTED_BY[name]
        op.execute(
            f"CREATE TRIGGER {name} AFTER {when} ON registry.round_person REFERENCING {rows} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION registry.{name}()"
        )
    idle = "IF NOT EXISTS (SELECT FROM registry.round) THEN RETURN; END IF;"
    op.execute(_function("note_rounds(ids uuid[])", _HOLD_PARTS + _FOLLOW + _FORGET, before=idle))
    op.execute(_function("note_people(ids uuid[])", _OLD_NOTE_PEOPLE + "PERFORM registry.note_rounds(ids);"))
    op.execute(_function("note_checks()", "PERFORM registry.note_rounds(ARRAY(SELECT DISTINCT person FROM written));"))
    for when, rows in {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}.items():
        op.execute(
            f"CREATE TRIGGER rounds_{when.lower()} AFTER {when} ON registry.work_check REFERENCING {rows} TABLE AS written "
            "FOR EACH STATEMENT EXECUTE FUNCTION registry.note_checks()"
        )


def _counting(moves: str) -> str:
    return f"""
    INSERT INTO registry.round_count (round, township, village, figure, by, amount)
    SELECT moved.round, moved.township, moved.village, {_FIGURE}, coalesce(moved.settled_by, ''), sum(moved.amount)
    FROM ({moves}) AS moved JOIN registry.round r ON r.id = moved.round
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(moved.amount) <> 0;
    """


def _function(name: str, body: str, before: str = "") -> str:
    """With the node's own reach, for who moves out of a caller's sight is followed too, and the caller's again afterwards."""
    answers, end = ("trigger", "RETURN NULL;") if name.endswith("()") else ("void", "")
    return f"""
    CREATE OR REPLACE FUNCTION registry.{name} RETURNS {answers} LANGUAGE plpgsql AS $$
    DECLARE reach text := coalesce(current_setting('xieli.reach', true), '');
    BEGIN
    {before}
    PERFORM set_config('xieli.reach', 'service', true);
    {body}
    PERFORM set_config('xieli.reach', reach, true);
    {end}
    END $$"""


def _make_rounds() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        *(sa.Column(name, sa.Date, nullable=False) for name in _DAYS),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("gate", sa.BigInteger),
        sa.Column("listed_to", sa.Uuid),
        sa.Column("opened_by", sa.Text, nullable=False),
        _at("opened_at"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.UniqueConstraint("kind", "period"),
        schema=SCHEMA,
    )
    op.create_table(
        "round_village",
        *_place("round", primary_key=True),
        sa.Column("cadre", sa.Text, primary_key=True),
        sa.Column("assigned_by", sa.Text, nullable=False),
        _at("assigned_at"),
        schema=SCHEMA,
    )


def _make_lists() -> None:
    op.create_table(
        "round_person",
        sa.Column("round", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, primary_key=True),
        *_place(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("later", sa.Boolean, nullable=False),
        sa.Column("visited", sa.Date),
        sa.Column("settled_by", sa.Text),
        sa.Column("left_as", sa.Text),
        sa.Column("left_on", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("work_place", sa.Text),
        sa.Column("channel", sa.Text),
        sa.Column("willing", sa.Boolean),
        sa.Column("wished", sa.BigInteger),
        schema=SCHEMA,
    )
    places = ["round", "township", "village", "person"]
    op.create_index("round_person_place", "round_person", places, schema=SCHEMA)
    op.create_index("round_person_open", "round_person", places, schema=SCHEMA, postgresql_where=sa.text("state = 'open'"))
    op.create_index("round_person_person", "round_person", ["person"], schema=SCHEMA)
    op.create_table(
        "round_count",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        *_place("round"),
        sa.Column("figure", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("round_count_round", "round_count", ["round", "township", "village"], schema=SCHEMA)
    _make_checks()


def _make_checks() -> None:
    op.create_table(
        "work_check",
        sa.Column("round", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("still_there", sa.Boolean, nullable=False),
        sa.Column("work_place", sa.Text),
        sa.Column("paid", sa.Text),
        sa.Column("on_time", sa.Boolean),
        sa.Column("as_last", sa.Boolean, nullable=False),
        sa.Column("checked_by", sa.Text, nullable=False),
        _at("at"),
        schema=SCHEMA,
    )
    op.create_index("ix_registry_work_check_person", "work_check", ["person"], schema=SCHEMA)


def _make_signatures() -> None:
    op.create_table(
        "round_signature",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("round", sa.Uuid, nullable=False),
        sa.Column("township", sa.Text, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("signed_by", sa.Text, nullable=False),
        _at("signed_at"),
        sa.Column("taken_back_by", sa.Text),
        sa.Column("taken_back_at", sa.DateTime(timezone=True)),
        sa.Column("taken_back_reason", sa.Text),
        schema=SCHEMA,
    )
    op.create_index(
        "round_signature_standing",
        "round_signature",
        ["round", "township"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )


def _place(*before: str, primary_key: bool = False) -> list[sa.Column[Any]]:
    first = [sa.Column(name, sa.Uuid, primary_key=primary_key, nullable=False) for name in before]
    return first + [
        sa.Column(name, sa.Text, primary_key=primary_key, nullable=False) for name in ("township", "village")
    ]


def _at(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    op.execute(_function("note_people(ids uuid[])", _OLD_NOTE_PEOPLE))
    for name in ("work_check", "round_person", "round_count", "round_signature", "round_village", "round"):
        op.drop_table(name, schema=SCHEMA)
    for name in ("note_checks()", "note_rounds(uuid[])", *(f"{each}()" for each in _MOVES), "round_part(uuid, text)"):
        op.execute(f"DROP FUNCTION registry.{name}")
