"""Runs (匹配轮次) as a participant and as the convener sees them: who takes part, people, cards, cutoffs, counts."""

from __future__ import annotations

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, DateTime, Index, Integer, Table, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB

from services.matching.tables.schema import metadata


def _run() -> Column[object]:
    return Column("run", Uuid, primary_key=True)


def _number() -> Column[object]:
    return Column("number", Integer, primary_key=True)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


runs = Table(
    "runs", metadata, _run(),
    Column("convener", Text, nullable=False), Column("counties", ARRAY(Text), nullable=False), Column("cities", ARRAY(Text), nullable=False),
    Column("as_of", Date, nullable=False), Column("weights", Text, nullable=False), Column("deadline", Date, nullable=False),
    Column("state", Text, nullable=False), Column("number", Integer, nullable=False, server_default="0"),
    Column("seed", Text), Column("hash", Text), Column("placed", Integer), Column("settled", Integer),
    Column("reason", Text), Column("missing", ARRAY(Text), nullable=False, server_default="{}"), _count("residue"),
    # What this node has kept for itself until the reveal, and what it then could check.
    Column("own_facts", Text), Column("own_share", Text), Column("dispute", Text),
    Column("commitments", JSONB, nullable=False, server_default="{}"), Column("shares", JSONB, nullable=False, server_default="{}"),
    Column("facts", JSONB, nullable=False, server_default="{}"),
    Column("announced_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
)  # fmt: skip

passes = Table(
    "run_passes", metadata, _run(), _number(),
    Column("reason", Text, nullable=False), Column("base", Integer, nullable=False),
    Column("frozen", Boolean, nullable=False, server_default="false"), Column("started", Boolean, nullable=False, server_default="false"),
    Column("reviewed", Boolean, nullable=False, server_default="false"), Column("closing", JSONB(none_as_null=True)),
    _count("rounds"), _count("refused"), _count("displaced"), _count("displaced_across"),
)  # fmt: skip

# A county's own people under the pseudonyms of the run; `choice` is where a couple stands.
people = Table(
    "run_people", metadata, _run(), Column("pseudonym", Text, primary_key=True),
    Column("person", Uuid, nullable=False), Column("facts", JSONB, nullable=False), Column("choice", JSONB(none_as_null=True)),
    Column("frozen_in", Integer), Index("run_people_person", "person", "run"),
)  # fmt: skip

# The facts declared in a pass and where each one's last proposal stands; `residue` names an unsettled couple's case.
standings = Table(
    "run_standings", metadata, _run(), _number(), Column("pseudonym", Text, primary_key=True),
    Column("facts", JSONB, nullable=False), Column("vacancy", Uuid), Column("residue", Text),
    Index("run_standings_vacancy", "run", "number", "vacancy"),
)  # fmt: skip

# Every city's allotment as stated, at every participant; the number is the pass from which on it holds.
allotments = Table(
    "run_allotments", metadata, _run(), _number(), Column("city", Text, primary_key=True), Column("batch", Integer, primary_key=True),
    Column("batches", Integer, nullable=False), Column("allotted", JSONB, nullable=False),
)  # fmt: skip

# Distinct cards that a city has received; without a seat: refused.
cards = Table(
    "run_cards", metadata, _run(), _number(), Column("pseudonym", Text, primary_key=True), Column("vacancy", Uuid, primary_key=True),
    Column("county", Text, nullable=False), Column("priority", Integer, nullable=False), Column("groups", ARRAY(Text), nullable=False),
    Column("seat", Text), Index("run_cards_vacancy", "run", "number", "vacancy"),
)  # fmt: skip

# What a county knows of the cities' cutoffs; a city computes its own from the cards it holds.
cutoffs = Table(
    "run_cutoffs", metadata, _run(), _number(), Column("vacancy", Uuid, primary_key=True), Column("seat", Text, primary_key=True),
    Column("key", BigInteger, nullable=False),
)  # fmt: skip

# Messages of a pass as they came; one that is early waits here until the pass has begun at this node.
messages = Table(
    "run_messages", metadata, _run(), _number(), Column("kind", Text, primary_key=True), Column("sender", Text, primary_key=True),
    Column("batch", Integer, primary_key=True), Column("round", Integer, nullable=False), Column("data", JSONB, nullable=False),
    Column("handled", Boolean, nullable=False, server_default="false"),
    Index("run_messages_waiting", "run", "number", postgresql_where=text("NOT handled")),
)  # fmt: skip

counts = Table(
    "run_counts", metadata, _run(), _number(), Column("kind", Text, primary_key=True), Column("counterpart", Text, primary_key=True),
    _count("sent"), _count("handled"), Column("bytes", BigInteger, nullable=False, server_default="0"), _count("batches"),
)  # fmt: skip

# At the convener: the latest thing of each kind that each participant has said (`progress`, `review`, `places`).
statements = Table(
    "run_statements", metadata, _run(), _number(), Column("kind", Text, primary_key=True), Column("node", Text, primary_key=True),
    Column("data", JSONB, nullable=False),
)  # fmt: skip

certificates = Table(
    "run_certificates", metadata, _run(), _number(), Column("city", Text, primary_key=True), Column("certificate", Text, nullable=False),
    Column("verified", Boolean), Column("faults", ARRAY(Text), nullable=False, server_default="{}"),
)  # fmt: skip
