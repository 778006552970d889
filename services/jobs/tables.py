"""What jobs knows: employers, vacancies, hires that take openings, imported sheets, dates it has stated figures for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from libs.common.access.rows import belongs
from libs.common.imports.tables import file_table, progress_columns, repair_columns, row_table
from libs.common.indicators import indicator_tables
from libs.common.messaging_tables import plumbing
from libs.common.rotation import sealed

metadata = MetaData(schema="jobs")
plumbing(metadata)
indicator_tables(metadata, stated="stated")


def _words(name: str) -> Column[Any]:
    return Column(name, ARRAY(Text), nullable=False, server_default="{}")


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False, server_default="")


# 企业. Contact and phone are encrypted: an employer's contact is a person too.
employers = Table(
    "employers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("city", Text, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("folded_name", Text, nullable=False),
    _text("district"),
    _text("industry"),
    Column("staff", Integer),
    Column("designated", Boolean, nullable=False, server_default=text("false")),
    Column("base", Boolean, nullable=False, server_default=text("false")),
    Column("contact", LargeBinary, info=sealed("jobs.employer.contact")),
    Column("phone", LargeBinary, info=sealed("jobs.employer.phone")),
    Column("listed_on", Date, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("city", "uscc", name="employers_city_uscc"),
    Index("employers_name", "city", "folded_name"),
)

# 岗位. Wages in yuan a month; `wage` is null when the sheet states none. State: refused | pending | vetted | withdrawn.
vacancies = Table(
    "vacancies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("city", Text, nullable=False),
    Column("employer", Uuid, ForeignKey(employers.c.id)),
    Column("employer_uscc", Text),
    Column("employer_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    _text("district"),
    _text("industry"),
    _text("shift"),
    _text("welfare"),
    _text("wage_text"),
    Column("occupation", Text),
    Column("openings", Integer, nullable=False),
    Column("openings_left", Integer, nullable=False),
    Column("reserved", JSONB, nullable=False, server_default="{}"),
    Column("wage", Integer),
    Column("wage_max", Integer),
    Column("wage_basis", Text, nullable=False, server_default="month"),
    Column("age_min", SmallInteger),
    Column("age_max", SmallInteger),
    Column("education_min", SmallInteger, nullable=False, server_default="0"),
    _words("certificates"),
    _words("demands"),
    _words("accommodations"),
    _words("offers"),
    _words("insurances"),
    Column("starts_by", Date, nullable=False),
    Column("experience_points", SmallInteger, nullable=False, server_default="0"),
    Column("refills", Boolean, nullable=False, server_default=text("true")),
    Column("state", Text, nullable=False),
    Column("reasons", JSONB, nullable=False, server_default="[]"),
    Column("vetted_by", Text),
    Column("vetted_on", Date),
    Column("withdrawn_on", Date),
    Column("withdrawn_because", Text),
    Column("listed_on", Date, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("city", "fingerprint", name="vacancies_fingerprint"),
    Index("vacancies_state", "city", "state", "id"),
    Index("vacancies_employer", "employer_uscc", "id"),
)

# 录用: each introduction that was hired takes one opening; `freed_on` gives it back.
hires = Table(
    "hires",
    metadata,
    Column("introduction", Uuid, primary_key=True),
    Column("vacancy", Uuid, ForeignKey(vacancies.c.id), nullable=False, index=True),
    Column("hired_on", Date, nullable=False),
    Column("freed_on", Date),
    # 先后: the number of the step that says so; after a spell has ended nothing comes any more.
    Column("turn", Integer, nullable=False, server_default="0"),
)

# 导入批次.
imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("as_of", Date),
    Column("by", Text, nullable=False),
    Column("report", JSONB, nullable=False),
    *progress_columns(),
    *repair_columns(),
    Index("imports_repairs", "repairs", postgresql_where=text("repairs IS NOT NULL")),
    Index("imports_under_way", "id", postgresql_where=text("state NOT IN ('done', 'failed', 'cancelled')")),
)

# Whose the rows are: a division's, and in it one employer's.
belongs(employers, regions=("city",), organisation="uscc")
belongs(vacancies, regions=("city",), organisation="employer_uscc")
belongs(hires, through=(("vacancy", vacancies.c.id),))
belongs(imports, regions=("city",))
import_file = file_table(metadata, imports)
import_row = row_table(metadata, imports)
