"""The two lists (两张清单): own labourers as the registry records them, vacancies of all cities, counts of all counties."""

from __future__ import annotations

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, Identity, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.access.rows import belongs
from services.matching.tables.schema import metadata

people = Table(
    "people",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("household", Uuid, nullable=False),
    Column("county", Text, nullable=False),
    Column("township", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("education", Integer, nullable=False),
    Column("labourer", Boolean, nullable=False),
    Column("employed", Boolean, nullable=False),
    Column("work_place", Text),
    Column("groups", ARRAY(Text), nullable=False),
    Column("burden", Integer, nullable=False),
    Column("willing", Boolean, nullable=False),
    Column("wish", JSONB(none_as_null=True)),
    Column("recorded_on", Date, nullable=False),
    Index("people_seeking", "person", postgresql_where=text("labourer AND willing")),
)

# 已删除: the register has forgotten them; what comes late of them changes nothing.
erased_people = Table(
    "erased_people", metadata, Column("person", Uuid, primary_key=True), Column("on", Date, nullable=False)
)

vacancies = Table(
    "vacancies",
    metadata,
    Column("vacancy", Uuid, primary_key=True),
    Column("node", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("employer", Uuid),
    Column("employer_uscc", Text),
    Column("employer_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("industry", Text),
    Column("occupation", Text),
    Column("openings", Integer, nullable=False),
    Column("openings_left", Integer, nullable=False),
    Column("reserved", JSONB, nullable=False),
    Column("wage", Integer, nullable=False),
    Column("wage_max", Integer),
    Column("wage_basis", Text, nullable=False),
    Column("age_min", Integer),
    Column("age_max", Integer),
    Column("education_min", Integer, nullable=False),
    Column("certificates", ARRAY(Text), nullable=False),
    Column("demands", ARRAY(Text), nullable=False),
    Column("accommodations", ARRAY(Text), nullable=False),
    Column("starts_by", Date, nullable=False),
    Column("offers", ARRAY(Text), nullable=False),
    Column("experience_points", Integer, nullable=False),
    Column("announced_on", Date, nullable=False),
    Column("withdrawn_on", Date),
    Column("withdrawn_reason", Text),
    Column("kind", Text, nullable=False, server_default="ordinary"),
    Column("country", Text),
    Column("valid_until", Date),
    Index("vacancies_city", "city", "vacancy"),
    Index("vacancies_employer", "employer_uscc"),
)

demand = Table(
    "demand",
    metadata,
    Column("county", Text, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("people", Integer, nullable=False),
    Column("by_occupation", JSONB, nullable=False),
    Column("by_wage", JSONB, nullable=False),
    Column("by_destination", JSONB, nullable=False),
)

# Each row says that a list has changed; the worker takes them all and restates once. Rows only ever come in, so that
# nobody who changes a list waits for another.
changed_lists = Table(
    "changed_lists",
    metadata,
    Column("change", BigInteger, Identity(), primary_key=True),
    Column("list", Text, nullable=False),
)

belongs(people, regions=("county",), township="township", person="person")
belongs(erased_people)
belongs(vacancies, organisation="employer_uscc", published="vetted vacancies, as they are announced to every partner")
belongs(demand, published="counts, as they are announced to every partner")
belongs(changed_lists, published="which list has changed, and nothing of it")
