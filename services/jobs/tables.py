"""What jobs knows: employers and what was written of them, vacancies with their pauses, hires, courses with their applications,
agreements and what they count, sheets, figures."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
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


# 企业. Contact and phone are encrypted: an employer's contact is a person too. State: pending | listed | refused | merged.
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
    _text("licence"),
    Column("state", Text, nullable=False, server_default="listed"),
    Column("merged_into", Uuid, ForeignKey("jobs.employers.id")),
    Column("contact_confirmed_on", Date),
    _words("reasons"),
    Column("decided_by", Text),
    Column("decided_on", Date),
    Column("appeal_by", Date),
    _text("appeal"),
    Column("appealed_on", Date),
    Column("blacklisted_from", Date),
    Column("blacklisted_until", Date),
    _text("blacklisted_because"),
    _text("export_licence"),
    Column("export_licence_until", Date),
    UniqueConstraint("city", "uscc", name="employers_city_uscc"),
    Index("employers_name", "city", "folded_name"),
)

# 变更记录: what stood in an employer's field before and what stands there now, who wrote it, when, why.
changes = Table(
    "changes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("employer", Uuid, ForeignKey(employers.c.id), nullable=False),
    Column("field", Text, nullable=False),
    Column("before", LargeBinary, nullable=False, info=sealed("jobs.change.before")),
    Column("after", LargeBinary, nullable=False, info=sealed("jobs.change.after")),
    Column("by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("source", Text, nullable=False),
    _text("reason"),
    Index("changes_employer", "employer", "id"),
)

# 岗位. Wages in yuan a month; `wage` is null when the sheet states none. State: refused | pending | vetted | withdrawn; a vetted one
# that nobody new is introduced to for now is `paused`, because it has expired or its employer is blacklisted.
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
    Column("valid_until", Date),
    Column("paused", Text),
    Column("kind", Text, nullable=False, server_default="ordinary"),
    Column("country", Text),
    Column("contract_months", SmallInteger),
    Column("healthy", Boolean, nullable=False, server_default=text("false")),
    Column("passport", Text),
    Column("training", Text),
    UniqueConstraint("city", "fingerprint", name="vacancies_fingerprint"),
    Index("vacancies_state", "city", "state", "id"),
    Index("vacancies_employer", "employer_uscc", "id"),
    Index("vacancies_valid", "valid_until", postgresql_where=text("state = 'vetted' AND valid_until IS NOT NULL")),
)

# 暂停: from when to when a vetted vacancy was not offered, and why; figures of those days do not count it.
pauses = Table(
    "pauses",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("vacancy", Uuid, ForeignKey(vacancies.c.id), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("because", Text, nullable=False),
)

# 定点接收单位 and 就业扶贫基地: from when to when, by whom, and how many the firm has promised to take in.
designations = Table(
    "designations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("employer", Uuid, ForeignKey(employers.c.id), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("promised", Integer, nullable=False),
    Column("ended_on", Date),
    _text("ended_because"),
    Column("version", Integer, nullable=False, server_default="1"),
)

# 培训班: training places of a firm or a school, with who may enter; an order class has the openings of its vacancies behind it.
courses = Table(
    "courses",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("city", Text, nullable=False),
    Column("provider_uscc", Text, nullable=False),
    Column("provider_name", Text, nullable=False),
    _text("licence"),
    Column("employer", Uuid, ForeignKey(employers.c.id)),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("occupation", Text),
    Column("places", Integer, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("apply_by", Date, nullable=False),
    Column("age_min", SmallInteger),
    Column("age_max", SmallInteger),
    Column("education_min", SmallInteger, nullable=False, server_default="0"),
    _words("demands"),
    Column("certificate", Text),
    Column("fee", Integer, nullable=False, server_default="0"),
    _text("fee_note"),
    Column("allowance", Integer),
    _text("note"),
    Column("vacancies", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("behind", Integer),
    Column("state", Text, nullable=False, server_default="open"),
    Column("closed_on", Date),
    _text("closed_because"),
    Column("entered_by", Text, nullable=False),
    Column("listed_on", Date, nullable=False),
    # 先后: the number of what was announced of it last.
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("courses_running", "ends_on", postgresql_where=text("state IN ('open', 'closed')")),
)

# 报名: applications of counties for a place, by id and with the facts that conditions need; who it is the card alone says.
admissions = Table(
    "admissions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("course", Uuid, ForeignKey(courses.c.id), nullable=False),
    Column("county", Text, nullable=False),
    Column("age", SmallInteger, nullable=False),
    Column("education", SmallInteger, nullable=False),
    _words("restrictions"),
    Column("consent", Text, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("changed_on", Date, nullable=False),
    Column("attended", SmallInteger, nullable=False, server_default="0"),
    _text("certificate_number"),
    _text("certificate_level"),
    Column("told", Integer, nullable=False),
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("entered", Uuid, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("admissions_course", "course", "state", "entered"),
)

# 抽查: some of a firm's hires of a time, drawn by a seed from a pool that can be drawn from again, and what followed.
checks = Table(
    "checks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("employer", Uuid, ForeignKey(employers.c.id), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    _words("evidence"),
    Column("due", Date, nullable=False),
    Column("seed", Text, nullable=False),
    Column("pool", Integer, nullable=False),
    Column("pool_digest", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("state", Text, nullable=False, server_default="asked"),
    Column("warned_on", Date),
    Column("outcome", Text),
    Column("consequence", Text),
    _text("concluded_because"),
    Column("concluded_by", Text),
    Column("concluded_on", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("checks_waiting", "due", postgresql_where=text("state = 'asked'")),
)

# Each hire that was drawn, by its introduction alone.
check_lines = Table(
    "check_lines",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("check", Uuid, ForeignKey(checks.c.id), nullable=False, index=True),
    Column("introduction", Uuid, nullable=False),
    Column("vacancy", Uuid, ForeignKey(vacancies.c.id), nullable=False),
    Column("hired_on", Date, nullable=False),
    _text("answer"),
    _text("reference"),
    Column("answered_on", Date),
    Column("verdict", Text),
    _text("why"),
    Column("judged_by", Text),
    Column("judged_on", Date),
)

# 误判: what vetting should have said of an advert, with its words as they stood.
misjudged = Table(
    "misjudged",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("vacancy", Uuid, ForeignKey(vacancies.c.id), nullable=False),
    Column("city", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("title", Text, nullable=False),
    _text("shift"),
    _text("welfare"),
    Column("age_min", SmallInteger),
    Column("wage", Integer),
    Column("stood", Text, nullable=False),
    Column("should", Text, nullable=False),
    _words("codes"),
    Column("why", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("by_firm", Boolean, nullable=False),
    Column("marked_by", Text, nullable=False),
    Column("marked_on", Date, nullable=False),
    Column("decided_by", Text),
    Column("decided_on", Date),
    _text("decided_because"),
    Index("misjudged_once", "vacancy", "should", unique=True, postgresql_where=text("state <> 'rejected'")),
)

# 线索: posts heard of. Of who told it only the kind is kept.
leads = Table(
    "leads",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("city", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("employer_name", Text, nullable=False),
    Column("employer_uscc", Text),
    Column("title", Text, nullable=False),
    Column("openings", Integer),
    Column("wage", Integer),
    _text("district"),
    _text("note"),
    Column("heard_on", Date, nullable=False),
    Column("noted_by", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("vacancy", Uuid, ForeignKey(vacancies.c.id)),
    Column("closed_on", Date),
    _text("closed_because"),
    Column("version", Integer, nullable=False, server_default="1"),
)

# 招聘会: place and day, and how it goes on: planned | open | held | cancelled.
fairs = Table(
    "fairs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("city", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="planned"),
    Column("closed_on", Date),
    _text("closed_because"),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("fairs_day", "day", postgresql_where=text("state IN ('planned', 'open')")),
)

# 展位: a firm at a fair, by its credit code; of another city's firm no entry is here. No vacancies: whatever it offers on the day.
booths = Table(
    "booths",
    metadata,
    Column("fair", Uuid, ForeignKey(fairs.c.id), primary_key=True),
    Column("employer_uscc", Text, primary_key=True),
    Column("employer", Uuid, ForeignKey(employers.c.id), index=True),
    Column("employer_name", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("vacancies", ARRAY(Uuid), nullable=False, server_default="{}"),
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
    # Given back before anybody came: no intake of the firm.
    Column("released", Boolean, nullable=False, server_default=text("false")),
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
belongs(changes, through=(("employer", employers.c.id),))
belongs(leads, regions=("city",))
belongs(fairs, regions=("city",))
belongs(booths, through=(("fair", fairs.c.id),))
belongs(courses, regions=("city",), organisation="provider_uscc")
belongs(admissions, county="county", through=(("course", courses.c.id),))
belongs(designations, through=(("employer", employers.c.id),))
belongs(checks, through=(("employer", employers.c.id),))
belongs(check_lines, through=(("check", checks.c.id),))
belongs(misjudged, through=(("vacancy", vacancies.c.id),))
belongs(pauses, through=(("vacancy", vacancies.c.id),))
belongs(hires, through=(("vacancy", vacancies.c.id),))
belongs(imports, regions=("city",))
import_file = file_table(metadata, imports)
import_row = row_table(metadata, imports)

# 协作协议: kept by its destination; every other node has it as it was announced. `edition` counts the terms.
agreements = Table(
    "agreements",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("destination", Text, nullable=False),
    _text("title"),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("state", Text, nullable=False, server_default="draft"),
    Column("edition", Integer, nullable=False, server_default="1"),
    Column("ended_on", Date),
    _text("ended_because"),
    Column("version", Integer, nullable=False, server_default="1"),
)


def _agreement(*, key: bool = True) -> Column[Any]:
    return Column("agreement", Uuid, ForeignKey("jobs.agreements.id"), primary_key=key, nullable=False)


# 指标: 0 is the whole term, an empty county and firm the whole.
agreement_targets = Table(
    "agreement_targets",
    metadata,
    _agreement(),
    Column("kind", Text, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("county", Text, primary_key=True),
    Column("employer_uscc", Text, primary_key=True),
    Column("target", Integer, nullable=False),
)

# 签约县, and since when each has confirmed the terms as they stand.
agreement_parts = Table(
    "agreement_parts", metadata, _agreement(), Column("county", Text, primary_key=True), Column("confirmed_on", Date)
)

# What has happened that agreements count, whichever there are: a start in a city (posts), a fair, a training place. `same_as` stands for whose it is: the first
# introduction of the same person there. `home` is this node.
occurrences = Table(
    "occurrences",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("reference", Uuid, nullable=False),
    Column("same_as", Uuid, nullable=False),
    _text("county"),
    Column("city", Text, nullable=False),
    Column("day", Date, nullable=False),
    _text("employer_uscc"),
    Column("home", Text, nullable=False),
    Index("occurrences_same", "same_as", "kind", "day"),
    Index("occurrences_reference", "reference"),
    Index("occurrences_between", "city", "county", "day"),
)

# 同一人: the first introduction of whoever this one is about, as the county says that alone can tell.
repeats = Table(
    "repeats", metadata, Column("introduction", Uuid, primary_key=True), Column("first", Uuid, nullable=False)
)

# 计数: what counts in an agreement, each subject (a person, a firm, a fair) once; the list behind every figure.
counted = Table(
    "counted",
    metadata,
    _agreement(),
    Column("kind", Text, primary_key=True),
    Column("county", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("reference", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    _text("employer_uscc"),
    Column("home", Text, nullable=False),
    Index("counted_listed", "agreement", "kind", "reference"),
    Index("counted_subject", "subject"),
    Index("counted_firm", "agreement", "kind", "employer_uscc", "day", "reference"),
)

# The figures of that list by month, moved by the difference: of each county (and the whole), and of each firm.
tallies = Table(
    "tallies",
    metadata,
    _agreement(),
    Column("kind", Text, primary_key=True),
    Column("employer_uscc", Text, primary_key=True),
    Column("county", Text, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("reached", Integer, nullable=False),
    Column("home", Text, nullable=False),
)

# 季度签认: how a county's quarter stands; `figures` are what both have signed by it, of nodes that hold no list, too.
quarters = Table(
    "quarters",
    metadata,
    Column("id", Uuid, primary_key=True),
    _agreement(key=False),
    Column("county", Text, nullable=False),
    Column("quarter", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("stated_on", Date, nullable=False),
    Column("answered_on", Date),
    Column("signed_on", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("agreement", "county", "quarter", name="quarters_once"),
)

# What each side counts since the last signature, as it was stated; of a signed quarter the city's entries are what both have signed.
quarter_entries = Table(
    "quarter_entries",
    metadata,
    Column("row", Uuid, ForeignKey("jobs.quarters.id"), primary_key=True),
    Column("side", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("reference", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("employer_uscc", Text, primary_key=True),
    Column("by", SmallInteger, nullable=False),
    Column("home", Text, nullable=False),
)

# What both sides have signed for a county by kind and year, all quarters together: the latest closing told it.
signed_figures = Table(
    "signed_figures",
    metadata,
    _agreement(),
    Column("county", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("signed", Integer, nullable=False),
    Column("home", Text, nullable=False),
)

# 差异裁定: where a side has taken the other's word, and why; what it has left out by that stays out.
settlements = Table(
    "settlements",
    metadata,
    _agreement(),
    Column("county", Text, primary_key=True),
    Column("quarter", Text, primary_key=True),
    Column("side", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("reference", Uuid, primary_key=True),
    Column("reason", Text, nullable=False),
    _text("note"),
    _text("by"),
    Column("on", Date, nullable=False),
    Column("excluded", Boolean, nullable=False),
    Column("home", Text, nullable=False),
    Index("settlements_excluded", "agreement", "reference", postgresql_where=text("excluded")),
)

for _each in (agreements, agreement_targets, agreement_parts):
    belongs(_each, published="agreements as they are announced to every partner")
belongs(quarters, published="which quarters of an agreement are signed, as every partner is told")
for _each in (occurrences, counted, tallies, signed_figures, settlements):
    belongs(_each, regions=("home",))
belongs(repeats)
belongs(quarter_entries, regions=("home",))
