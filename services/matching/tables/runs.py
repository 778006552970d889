"""Runs (匹配轮次) as a participant and as the convener sees them: who takes part, people, cards, cutoffs, counts."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.access.rows import belongs
from services.matching.tables.lists import people as listed
from services.matching.tables.schema import metadata


def _run() -> Column[object]:
    return Column("run", Uuid, primary_key=True)


def _number() -> Column[object]:
    return Column("number", Integer, primary_key=True)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


runs = Table(
    "runs",
    metadata,
    _run(),
    Column("convener", Text, nullable=False),
    Column("counties", ARRAY(Text), nullable=False),
    Column("cities", ARRAY(Text), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("weights", Text, nullable=False),
    Column("deadline", Date, nullable=False),
    Column("weights_digest", Text),
    Column("state", Text, nullable=False),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("seed", Text),
    Column("hash", Text),
    Column("placed", Integer),
    Column("settled", Integer),
    Column("reason", Text),
    Column("missing", ARRAY(Text), nullable=False, server_default="{}"),
    _count("residue"),
    # What this node has kept for itself until the reveal, and what it then could check.
    Column("own_facts", Text),
    Column("own_share", Text),
    Column("dispute", Text),
    Column("commitments", JSONB, nullable=False, server_default="{}"),
    Column("shares", JSONB, nullable=False, server_default="{}"),
    Column("facts", JSONB, nullable=False, server_default="{}"),
    Column("announced_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
    # Its messages are no longer kept.
    Column("forgotten", Boolean, nullable=False, server_default="false"),
)

passes = Table(
    "run_passes",
    metadata,
    _run(),
    _number(),
    Column("reason", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("frozen", Boolean, nullable=False, server_default="false"),
    Column("started", Boolean, nullable=False, server_default="false"),
    Column("reviewed", Boolean, nullable=False, server_default="false"),
    # Its places were stated and introductions held for them.
    Column("offered", Boolean, nullable=False, server_default="false"),
    Column("closing", JSONB(none_as_null=True)),
    _count("rounds"),
    _count("refused"),
    _count("displaced"),
    _count("displaced_across"),
    _count("placed"),
    Column("county_mark", Uuid),
    Column("city_mark", Uuid),
    Column("unstated_since", DateTime(timezone=True)),
)

# A county's own people under the pseudonyms of the run; `choice` is where his couple or group stands.
people = Table(
    "run_people",
    metadata,
    _run(),
    Column("pseudonym", Text, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("choice", JSONB(none_as_null=True)),
    Column("frozen_in", Integer),
    Index("run_people_person", "person", "run"),
)

# The facts that a county's people declare in a pass, as the people file of matching v1; `residue` maps pseudonyms of unsettled
# couples to their case.
rosters = Table(
    "run_rosters",
    metadata,
    _run(),
    _number(),
    Column("people", LargeBinary, nullable=False),
    Column("residue", JSONB, nullable=False, server_default="{}"),
)

# Every city's allotment as stated, at every participant; the number is the pass from which on it holds.
allotments = Table(
    "run_allotments",
    metadata,
    _run(),
    _number(),
    Column("city", Text, primary_key=True),
    Column("batch", Integer, primary_key=True),
    Column("batches", Integer, nullable=False),
    Column("allotted", JSONB, nullable=False),
)

# Messages of a pass as they came: all that a node's side of it follows from. `turn` tells in which order they were handled; one
# without a turn waits.
messages = Table(
    "run_messages",
    metadata,
    _run(),
    _number(),
    Column("kind", Text, primary_key=True),
    Column("sender", Text, primary_key=True),
    Column("batch", Integer, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("turn", Integer),
    Index("run_messages_waiting", "run", "number", postgresql_where=text("turn IS NULL")),
)

counts = Table(
    "run_counts",
    metadata,
    _run(),
    _number(),
    Column("kind", Text, primary_key=True),
    Column("counterpart", Text, primary_key=True),
    _count("sent"),
    _count("handled"),
    Column("bytes", BigInteger, nullable=False, server_default="0"),
    _count("batches"),
)

# At the convener: the latest thing of each kind that each participant has said (`progress`, `review`, `places`).
statements = Table(
    "run_statements",
    metadata,
    _run(),
    _number(),
    Column("kind", Text, primary_key=True),
    Column("node", Text, primary_key=True),
    Column("data", JSONB, nullable=False),
)

certificates = Table(
    "run_certificates",
    metadata,
    _run(),
    _number(),
    Column("city", Text, primary_key=True),
    Column("certificate", Text, nullable=False),
    Column("verified", Boolean),
    Column("faults", ARRAY(Text), nullable=False, server_default="{}"),
)

belongs(people, person="person", through=(("person", listed.c.person),))
# Facts and cards of people under pseudonyms.
belongs(rosters)
belongs(messages)
for _table in (runs, passes, allotments, counts, statements, certificates):
    belongs(_table, published="how a run goes, in counts and signatures that every participant has")
