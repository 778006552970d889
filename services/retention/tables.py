"""What retention knows: introductions and vacancies heard of, spells, verifications, wages, risks, services, requests for help, claims, figures."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.access.rows import belongs
from libs.common.indicators import indicator_tables
from libs.common.merged_people import merged_people, recorded_for
from libs.common.messaging_tables import plumbing
from libs.common.rotation import sealed

metadata = MetaData(schema="retention")
plumbing(metadata)
indicator_tables(metadata)


def _id() -> Column[Any]:
    return Column("id", Uuid, primary_key=True)


def _uuid(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Uuid, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Date, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _version() -> Column[Any]:
    return Column("version", Integer, nullable=False, server_default=text("1"))


def _introduction() -> Column[Any]:
    return Column("introduction", Uuid, ForeignKey("retention.introduction.id"), nullable=False)


def _spell(name: str = "spell") -> Column[Any]:
    return Column(name, Uuid, ForeignKey("retention.spell.id"), nullable=False)


# A person of this node's register; only the township is kept, since a cadre sees his own township's people.
person = Table("person", metadata, _id(), _text("township"))

# 已删除: the register has forgotten them; what comes late of them changes nothing.
erased = Table("erased", metadata, _id(), _day("on"))

# At the county the person behind it is known, at the city the guest; hired_on comes from the city's own matching.
introduction = Table(
    "introduction",
    metadata,
    _id(),
    _text("county"),
    _text("city"),
    _uuid("vacancy", nullable=True),
    _uuid("person", nullable=True),
    recorded_for(),
    _uuid("guest", nullable=True),
    _text("employer_uscc", nullable=True),
    _text("occupation", nullable=True),
    _day("hired_on", nullable=True),
    # The first introduction of the same person on which there was a start in that city, where it was told to be another one.
    _uuid("same_as", nullable=True),
    Index("introduction_person", "person"),
    Index("introduction_vacancy", "vacancy"),
)

# Vetted vacancies of this node's own city: where somebody who must leave can go instead of home.
vacancy = Table(
    "vacancy",
    metadata,
    _id(),
    _text("city"),
    _text("employer_uscc", nullable=True),
    _text("employer_name"),
    _text("title"),
    _text("occupation", nullable=True),
    Column("wage", Integer, nullable=False),
    Column("openings_left", Integer, nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Index("vacancy_employer", "employer_uscc"),
)

spell = Table(
    "spell",
    metadata,
    _id(),
    _introduction(),
    _text("county"),
    _text("city"),
    _uuid("vacancy"),
    _text("employer_uscc", nullable=True),
    _text("occupation", nullable=True),
    _day("start"),
    Column("wage_fen", Integer, nullable=False),
    Column("assisted", Boolean, nullable=False),
    _uuid("previous", nullable=True),
    _day("end", nullable=True),
    _text("reason", nullable=True),
    Column("returned_home", Boolean, nullable=False, server_default=text("false")),
    _version(),
    Index("spell_introduction", "introduction"),
    Index("spell_employer", "employer_uscc"),
    Index("spell_vacancy", "vacancy"),
    # Nobody holds two posts of one introduction at once.
    Index("spell_open", "introduction", unique=True, postgresql_where=text('"end" IS NULL')),
)

# 公布的条件: what a vacancy of this city offered from a day on; what was promised to whom is read by the day of the hire.
terms = Table(
    "terms",
    metadata,
    Column("vacancy", Uuid, primary_key=True),
    Column("on", Date, primary_key=True),
    Column("wage", Integer, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("offers", ARRAY(Text), nullable=False),
)

# 承诺台账 as it is told, of this city's firms and of those of other cities; without a vacancy it is the firm as a whole.
promise = Table(
    "promise",
    metadata,
    _id(),
    _text("city"),
    _text("employer_uscc"),
    _text("employer_name"),
    _uuid("vacancy", nullable=True),
    _day("stated_on"),
    Column("told", JSONB, nullable=False),
    Index("promise_employer", "city", "employer_uscc"),
    Index("promise_vacancy", "vacancy"),
)

# Firms of which something has changed that the ledger of promises shows: a row for each change, so that nobody waits.
promise_due = Table(
    "promise_due", metadata, Column("id", BigInteger, Identity(always=True), primary_key=True), _text("employer_uscc")
)

verification = Table(
    "verification",
    metadata,
    _id(),
    _introduction(),
    _text("quarter"),
    _text("owner"),
    _day("moved_on"),
    _text("outcome", nullable=True),
    _text("grade", nullable=True),
    _day("answered_on", nullable=True),
    _version(),
    UniqueConstraint("introduction", "quarter", name="verification_quarter"),
    Index("verification_list", "quarter", "id"),
)

# What was found out, kept when the task has moved on: the retention rate reads it.
finding = Table(
    "finding",
    metadata,
    _id(),
    _introduction(),
    _text("quarter"),
    _text("node"),
    _text("outcome"),
    _text("grade", nullable=True),
    _day("on"),
    UniqueConstraint("introduction", "node", "on", name="finding_once"),
)

wage = Table(
    "wage",
    metadata,
    _id(),
    _spell(),
    _text("month"),
    Column("amount_fen", Integer, nullable=False),
    _text("evidence"),
    UniqueConstraint("spell", "month", name="wage_month"),
)

risk = Table(
    "risk",
    metadata,
    _id(),
    _spell(),
    _text("kind"),
    _text("reason"),
    _day("on"),
    _day("last_day"),
    _day("deadline"),
    _day("answered_on", nullable=True),
    _text("answer", nullable=True),
    _uuid("answer_spell", nullable=True),
    Index("risk_open", "spell", unique=True, postgresql_where=text("answer IS NULL")),
)

service = Table(
    "service",
    metadata,
    _id(),
    _text("county"),
    _text("region"),
    _uuid("person", nullable=True),
    recorded_for(),
    _uuid("introduction", nullable=True),
    _text("kind"),
    _text("topic", nullable=True),
    Column("hours", Integer),
    _day("on"),
    Index("service_on", "county", "on"),
)

claim = Table(
    "claim",
    metadata,
    _id(),
    _text("county"),
    _text("region"),
    _uuid("person", nullable=True),
    recorded_for(),
    _introduction(),
    _text("policy"),
    _text("rule"),
    _text("period"),
    Column("amount_fen", Integer),
    _text("state"),
    _day("on"),
    _day("decided_on", nullable=True),
    _text("reason", nullable=True),
    _text("earlier_region", nullable=True),
    _text("earlier_period", nullable=True),
    _version(),
)

# Papers seen (身份证复印件, 合同, 工资流水); `month` is empty for what is not monthly.
evidence = Table(
    "evidence",
    metadata,
    _id(),
    Column("claim", Uuid, ForeignKey("retention.claim.id"), nullable=False),
    _text("kind"),
    Column("month", Text, nullable=False, server_default=text("''")),
    _day("on"),
    UniqueConstraint("claim", "kind", "month", name="evidence_once"),
)

# 台账: the home county's book; the index is the promise "one person, one policy, one period".
ledger = Table(
    "ledger",
    metadata,
    _id(),
    _uuid("person"),
    recorded_for(),
    _text("policy"),
    _text("period"),
    _text("region"),
    _uuid("claim"),
    Column("amount_fen", Integer, nullable=False),
    _day("on"),
    # 合并: paid to two records of one person; both payments stay.
    Column("paid_twice", Boolean, nullable=False, server_default=text("false")),
    # What somebody has decided of a second payment: taken back, or rightly paid.
    Column("settled_as", Text),
    Column("settled_by", Text),
    _day("settled_on", nullable=True),
    Index("ledger_person", "person"),
    Index("ledger_twice", "id", postgresql_where=text("paid_twice AND settled_as IS NULL")),
    Index("ledger_once", "person", "policy", "period", unique=True, postgresql_where=text("NOT paid_twice")),
)

# 求助: asked by the person or by an official for her. What is written is sealed: it may name anybody.
help_request = Table(
    "help_request",
    metadata,
    _id(),
    _text("county"),
    _uuid("person"),
    recorded_for(),
    _text("category"),
    Column("text_sealed", LargeBinary, nullable=False, info=sealed()),
    Column("by_person", Boolean, nullable=False),
    _text("asked_by"),
    _day("asked_on"),
    _moment("asked_at"),
    _text("state"),
    Column("answer_sealed", LargeBinary, info=sealed()),
    _text("answered_by", nullable=True),
    _moment("answered_at", nullable=True),
    _text("closed_by", nullable=True),
    _moment("closed_at", nullable=True),
    _version(),
    Index("help_request_person", "person"),
    Index("help_request_state", "state", "id"),
)

merged_people(metadata)

# Whose the rows are. At the county a person has a township, in the city only an introduction.
belongs(erased)
belongs(person, township="township", person="id")
_PLACES = {"regions": ("county", "city"), "county": "county", "organisation": "employer_uscc"}
belongs(introduction, **_PLACES, person="person", through=(("person", person.c.id),))
belongs(spell, **_PLACES, through=(("introduction", introduction.c.id),))
for _table in (verification, finding):
    belongs(_table, through=(("introduction", introduction.c.id),))
for _table in (wage, risk):
    belongs(_table, through=(("spell", spell.c.id),))
_CLAIMED = {"regions": ("county", "region"), "county": "county", "person": "person"}
belongs(service, **_CLAIMED, through=(("person", person.c.id), ("introduction", introduction.c.id)))
belongs(claim, **_CLAIMED, through=(("introduction", introduction.c.id),))
belongs(evidence, through=(("claim", claim.c.id),))
belongs(help_request, regions=("county",), person="person", through=(("person", person.c.id),))
belongs(ledger, person="person", through=(("person", person.c.id),))
belongs(vacancy, published="vetted vacancies, as they are announced to every partner")
belongs(terms, published="the terms of vetted vacancies, as they are announced to every partner")
belongs(promise, published="promises beside what was kept, as they are announced to every partner")
belongs(promise_due, written_freely=True)
