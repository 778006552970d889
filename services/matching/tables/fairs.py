"""Job fairs (招聘会) as their nodes announce them, who of this county comes, what was signed there, and how many come from where."""

from __future__ import annotations

from sqlalchemy import ARRAY, Column, Date, DateTime, ForeignKey, Index, Integer, Table, Text, Uuid, func

from libs.common.access.rows import belongs
from services.matching.tables.lists import people
from services.matching.tables.schema import metadata

fairs = Table(
    "fairs",
    metadata,
    Column("fair", Uuid, primary_key=True),
    Column("node", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("announced_on", Date, nullable=False),
)

booths = Table(
    "fair_booths",
    metadata,
    Column("fair", Uuid, ForeignKey(fairs.c.fair), primary_key=True),
    Column("employer_uscc", Text, primary_key=True),
    Column("city", Text, nullable=False),
    Column("employer_name", Text, nullable=False),
    Column("vacancies", ARRAY(Uuid), nullable=False),
)

# 报名 and 到场: people of this county alone.
visitors = Table(
    "fair_visitors",
    metadata,
    Column("fair", Uuid, ForeignKey(fairs.c.fair), primary_key=True),
    Column("person", Uuid, primary_key=True),
    Column("county", Text, nullable=False),
    Column("signed_up_on", Date),
    Column("came_on", Date),
)

# 现场签约: each entry of a desk once, with its answer.
signings = Table(
    "fair_signings",
    metadata,
    Column("entry", Uuid, primary_key=True),
    Column("fair", Uuid, ForeignKey(fairs.c.fair), nullable=False),
    Column("person", Uuid, nullable=False),
    Column("county", Text, nullable=False),
    Column("vacancy", Uuid, nullable=False),
    Column("on", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("introduction", Uuid),
    Column("refusal", Text),
    Column("title", Text),
    Column("status", Integer),
    Column("detail", Text),
    Column("recorded_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
    Index("fair_signings_person", "person"),
)

# At the node whose fair it is: numbers, as each county says them.
counts = Table(
    "fair_counts",
    metadata,
    Column("fair", Uuid, primary_key=True),
    Column("county", Text, primary_key=True),
    Column("signed_up", Integer, nullable=False),
    Column("came", Integer, nullable=False),
)

belongs(fairs, published="fairs, as they are announced to every partner")
belongs(booths, published="which firms come to a fair, as it is announced to every partner")
for _table in (visitors, signings):
    belongs(_table, regions=("county",), person="person", through=(("person", people.c.person),))
belongs(counts)
