"""Introductions (介绍上岗) and their steps: one row at the county, its copy under the same id at the city."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.access.rows import belongs
from libs.common.merged_people import merged_people, recorded_for
from services.matching.tables.lists import people, vacancies
from services.matching.tables.schema import metadata

introductions = Table(
    "introductions",
    metadata,
    Column("introduction", Uuid, primary_key=True),
    Column("county", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("vacancy", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("due", Date),
    # 逾期: the day after which this node ends by itself what is its own to do, and the one on which it has told so.
    Column("lapses_on", Date),
    Column("warned_on", Date),
    Column("changed_on", Date, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    # 先后: the number of the last step of either side.
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("run", Uuid),
    Column("number", Integer),
    Column("pseudonym", Text),
    Column("priority", Integer),
    Column("weights", Text),
    Column("shared", Integer, nullable=False, server_default="0"),
    Column("groups", ARRAY(Text), nullable=False, server_default="{}"),
    Column("seat", Text),
    # 招聘会: where it was signed.
    Column("fair", Uuid),
    # At the county alone: whose introduction it is, the facts as declared, and the consent.
    Column("person", Uuid),
    recorded_for(),
    # 合并: a yes of somebody who has another one since two records of one person were merged.
    Column("second_yes", Boolean, nullable=False, server_default=false()),
    Column("declared", JSONB(none_as_null=True)),
    Column("consent", Text),
    Column("consent_on", Date),
    # At the city alone: who has come, and on what conditions.
    Column("guest", Uuid),
    Column("wage", Integer),
    Index("introductions_vacancy", "vacancy"),
    Index("introductions_run", "run"),
    Index("introductions_person", "person"),
    Index("introductions_fair", "fair", postgresql_where=text("fair IS NOT NULL")),
    Index("introductions_lapses_on", "lapses_on", postgresql_where=text("lapses_on IS NOT NULL")),
    Index("introductions_second_yes", "introduction", postgresql_where=text("second_yes")),
    Index(
        "introductions_one_yes",
        "person",
        unique=True,
        postgresql_where=text("state IN ('agreed', 'introduced', 'hired', 'started') AND NOT second_yes"),
    ),
)

steps = Table(
    "introduction_steps",
    metadata,
    Column("introduction", Uuid, ForeignKey(introductions.c.introduction), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("on", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
)

# 撤回同意: the fact alone, at both nodes. A withdrawal may come before what it withdraws, and counts for its own county's.
withdrawals = Table(
    "consent_withdrawals",
    metadata,
    Column("introduction", Uuid, primary_key=True),
    Column("county", Text, primary_key=True),
    Column("city", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("reason", Text),
    Column("by", Text, nullable=False),
    Column("erased_on", Date),
    Column("recorded_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
)

# Guests may be received before the introduction's own news is here: two topics have no common order.
guests = Table(
    "guests",
    metadata,
    Column("introduction", Uuid, primary_key=True),
    Column("guest", Uuid, nullable=False),
    Column("county", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("education", Integer, nullable=False),
    Column("occupation", Text),
    Column("experience", Integer, nullable=False),
    Column("certificates", ARRAY(Text), nullable=False),
    Column("groups", ARRAY(Text), nullable=False),
    Column("burden", Integer, nullable=False),
    Column("received_on", Date, nullable=False),
)

merged = merged_people(metadata)

belongs(
    introductions,
    regions=("county", "city"),
    county="county",
    person="person",
    through=(("person", people.c.person), ("vacancy", vacancies.c.vacancy)),
)
# A step is written by the statement that moves its introduction, which therefore cannot see it yet.
belongs(steps, through=(("introduction", introductions.c.introduction),), written_freely=True)
belongs(guests, county="county")
belongs(
    withdrawals, regions=("county", "city"), county="county", through=(("introduction", introductions.c.introduction),)
)
