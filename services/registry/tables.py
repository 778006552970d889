"""What the registry knows: households, people, wishes, situations, imports, changes, rounds, sealed cards, guests, requests for names.

Columns named `*_sealed` are encrypted fields, those named `*_index` blind indexes; nothing else identifies a person directly.
"""

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
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATEMULTIRANGE, JSONB

from libs.common.access.rows import belongs
from libs.common.imports.tables import file_table, progress_columns, repair_columns, row_table
from libs.common.indicators import indicator_tables
from libs.common.messaging_tables import plumbing
from libs.common.rotation import sealed

metadata = MetaData(schema="registry")
plumbing(metadata)
indicator_tables(metadata)


def _names(name: str) -> Column[Any]:
    return Column(name, ARRAY(Text), nullable=False, server_default="{}")


def _sealed(name: str, *, needed: bool = True) -> Column[Any]:
    return Column(f"{name}_sealed", LargeBinary, nullable=not needed, info=sealed())


def _written(name: str) -> Column[Any]:
    """In which transaction: numbers of transactions begin in order, but end in any (decision 0040)."""
    return Column(name, BigInteger, nullable=False, server_default=text("pg_current_xact_id()::text::bigint"))


batch = Table(
    "batch",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("filename", Text, nullable=False),
    # Of a file that says its day itself, known when it has been read.
    Column("as_of", Date),
    Column("report", JSONB, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # 撤回整批: when and by whom, and what that did, which is said again when it is asked for again.
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    Column("undone", JSONB),
    *progress_columns(),
    *repair_columns(),
    Index("batch_repairs", "repairs", postgresql_where=text("repairs IS NOT NULL")),
    Index("batch_under_way", "id", postgresql_where=text("state NOT IN ('done', 'failed', 'cancelled')")),
)

household = Table(
    "household",
    metadata,
    Column("id", Uuid, primary_key=True),
    _sealed("number"),
    Column("number_index", LargeBinary, nullable=False, unique=True),
    Column("township", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("burden", Integer, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("closed_on", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    # The file that brought it in; none where a form did.
    Column("batch", Uuid),
    Index("household_place", "township", "village", "id"),
)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household", Uuid, ForeignKey("registry.household.id"), nullable=False, index=True),
    _sealed("name"),
    _sealed("number"),
    Column("number_index", LargeBinary, nullable=False, unique=True),
    Column("name_index", LargeBinary, nullable=False, index=True),
    _sealed("phone", needed=False),
    _sealed("household_phone", needed=False),
    _sealed("person_no", needed=False),
    Column("sex", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("township", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("ethnic_group", Text, nullable=False),
    Column("kinship", Text, nullable=False),
    Column("education", Text, nullable=False),
    Column("pupil", Text, nullable=False),
    Column("ability", Text, nullable=False),
    _names("health"),
    Column("disability", Text, nullable=False),
    Column("political_status", Text, nullable=False),
    Column("work_employer", Text, nullable=False),
    Column("work_months", SmallInteger, nullable=False),
    Column("low_income", Boolean, nullable=False),
    Column("destitute", Boolean, nullable=False),
    Column("labourer", Boolean, nullable=False),
    _names("reasons"),
    Column("as_of", Date, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    # The file and the row that brought the person in; none of whom a form did.
    Column("batch", Uuid),
    Column("batch_row", Integer),
    # 减员: how and since when the person is gone, and on which days in all, as departures say.
    Column("left_as", Text),
    Column("left_on", Date),
    Column("away", DATEMULTIRANGE, nullable=False, server_default="{}"),
    # 合并: who this person is now. The row stays as it was, with the number by which files find the other.
    Column("merged_into", Uuid),
    Index("person_merged", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    Index("person_left", "left_on", postgresql_where=text("left_on IS NOT NULL")),
    Index("person_township", "township", "id"),
    Index("person_birth", "birth_date"),
)

# 检索: by what each person is found, as tokens that nobody reads or makes without the node's key (decision 0036). A table of its own,
# because PostgreSQL asks a policy before it looks into an index of arrays, and so would look at everybody.
search_index = Table(
    "search_index",
    metadata,
    Column("person", Uuid, ForeignKey("registry.person.id"), primary_key=True),
    Column("tokens", ARRAY(BigInteger), nullable=False),
    # 查重: by what somebody is found who is perhaps the same (decision 0041).
    Column("alike", ARRAY(BigInteger), nullable=False, server_default="{}"),
    Column("filled", Boolean, nullable=False),
    Index("search_index_tokens", "tokens", postgresql_using="gin"),
    # Whoever is entered is looked for in the same transaction: what was put off would be gone through for each key.
    Index("search_index_alike", "alike", postgresql_using="gin", postgresql_with={"fastupdate": False}),
    Index("search_index_unfilled", "person", postgresql_where=text("NOT filled")),
)

# 认定: by which day and rule everybody of the register is judged, and who has counted it; the newest one stands.
identification_run = Table(
    "identification_run",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("day", Date, nullable=False),
    Column("rule", Text, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("townships", JSONB, nullable=False),
    Column("counted_by", Text, nullable=False),
    Column("counted_at", DateTime(timezone=True), nullable=False),
)

# 务工状况: where a person works from a day on; the newest row up to a day holds on it.
situation = Table(
    "situation",
    metadata,
    Column("person", Uuid, ForeignKey("registry.person.id"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("work_place", Text),
    Column("channel", Text),
    Column("source", Text, nullable=False),
    Column("batch", Uuid),
)

wish = Table(
    "wish",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("registry.person.id"), nullable=False),
    Column("visited", Date, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("partner", Uuid),
    Column("fellows", Text),
    Column("batch", Uuid),
    Column("batch_row", Integer),
    UniqueConstraint("person", "visited"),
)

# Nothing is overwritten in silence: what stood there before, and what replaced it.
change = Table(
    "change",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("registry.person.id"), nullable=False, index=True),
    Column("batch", Uuid),
    Column("field", Text, nullable=False),
    _sealed("before"),
    _sealed("after"),
    Column("on", Date, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("source", Text, nullable=False),
    Column("batch_row", Integer),
    Column("reason", Text),
    _written("written"),
    # Taken back with its file, or the taking back itself: both stand in the history, and neither says what holds on a day.
    Column("undone", Boolean, nullable=False, server_default=false()),
)

# 走访: who was there and what was found; what was said then stands in `wish` as well, where the next one may replace it.
visit = Table(
    "visit",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("registry.person.id"), nullable=False),
    Column("visited", Date, nullable=False),
    Column("visited_by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("source", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("wish", JSONB(none_as_null=True)),
    Column("next_visit", Date),
    Index("visit_person", "person", "id"),
)

# 两后生打算: what a school leaver is going to do, as was said on a day; the newest word holds.
leaver_plan = Table(
    "leaver_plan",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("registry.person.id"), nullable=False),
    Column("plan", Text, nullable=False),
    Column("said_on", Date, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("noted_by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("leaver_plan_person", "person", "said_on"),
)

# 培训班: courses of every city as they were announced last.
course = Table(
    "course",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("city", Text, nullable=False),
    Column("provider_uscc", Text, nullable=False),
    Column("provider_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("occupation", Text),
    Column("vacancies", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("places", Integer, nullable=False),
    Column("places_left", Integer, nullable=False),
    *(Column(name, Date, nullable=False) for name in ("apply_by", "starts_on", "ends_on")),
    *(Column(name, SmallInteger) for name in ("age_min", "age_max")),
    Column("education_min", SmallInteger, nullable=False),
    _names("demands"),
    Column("certificate", Text),
    Column("fee", Integer, nullable=False),
    Column("fee_note", Text, nullable=False, server_default=""),
    Column("allowance", Integer),
    Column("state", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("told_on", Date, nullable=False),
    Index("course_open", "apply_by", "id", postgresql_where=text("state = 'open'")),
)

# 报名: of which person for which course, on whose consent; the county's word and the city's, each by its number, and what stands.
application = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("course", Uuid, ForeignKey("registry.course.id"), nullable=False, index=True),
    Column("city", Text, nullable=False),
    Column("person", Uuid, ForeignKey("registry.person.id"), nullable=False, index=True),
    Column("age", SmallInteger, nullable=False),
    Column("education", SmallInteger, nullable=False),
    _names("restrictions"),
    Column("consent", Text, nullable=False),
    Column("consent_on", Date, nullable=False),
    Column("consented_by", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("said", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("told", Text),
    Column("told_turn", Integer, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("changed_on", Date, nullable=False),
    Column("attended", SmallInteger, nullable=False, server_default="0"),
    Column("certificate", Text),
    Column("certificate_number", Text, nullable=False, server_default=""),
    Column("certificate_level", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
)

# 减员: nobody's row goes because they have died or moved away. Without a return the person is gone.
departure = Table(
    "departure",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("registry.person.id"), nullable=False, index=True),
    Column("way", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("returned_on", Date),
)

card = Table(
    "card",
    metadata,
    Column("introduction", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("city", Text, nullable=False),
    Column("consent_on", Date, nullable=False),
)

# 撤回同意: the fact at both registries, without a name. It may come before what it withdraws, and counts for its own county's.
withdrawal = Table(
    "withdrawal",
    metadata,
    Column("introduction", Uuid, primary_key=True),
    Column("county", Text, primary_key=True),
    Column("city", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("guest", Uuid),
    Column("erased_on", Date),
)

guest = Table(
    "guest",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("introduction", Uuid, nullable=False, unique=True),
    Column("county", Text, nullable=False),
    Column("vacancy", Uuid, nullable=False),
    _sealed("name"),
    _sealed("number"),
    Column("number_index", LargeBinary, nullable=False),
    _sealed("phone", needed=False),
    Column("sex", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("ethnic_group", Text, nullable=False),
    Column("education", SmallInteger, nullable=False),
    Column("occupation", Text),
    Column("experience", SmallInteger, nullable=False),
    _names("certificates"),
    _names("groups"),
    Column("burden", SmallInteger, nullable=False),
    Column("consent", Text, nullable=False),
    Column("consent_on", Date, nullable=False),
    Column("received_on", Date, nullable=False),
    # A student came for this course, which stands as the vacancy, too.
    Column("course", Uuid),
)

# Whose vacancy a guest was introduced to: that employer may ask for the guest's name.
post = Table("post", metadata, Column("vacancy", Uuid, primary_key=True), Column("employer_uscc", Text, nullable=False))

# 批量申请: whom an officer asks to name at once and for what; a second officer approves, it is collected once.
reveal = Table(
    "reveal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("persons", ARRAY(Uuid), nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("approved_by", Text),
    Column("approved_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True)),
    Column("collected_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False, server_default="1"),
)

# 见证: where the chains of a node's services ended, as it has signed them; what a partner remembers, a node cannot take back.
witness = Table(
    "witness",
    metadata,
    Column("node", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("signed", Text, nullable=False),
    Column("contradicts", Boolean, nullable=False),
)

# 删除: who asked and who approved; with its day the id is the mark by which nothing late brings the person back.
erasure = Table(
    "erasure",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("approved_by", Text),
    Column("approved_at", DateTime(timezone=True)),
    Column("erased_on", Date),
)

# What each service has erased of a person, and what it keeps.
erasure_part = Table(
    "erasure_part",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("table", Text, primary_key=True),
    Column("kept", Boolean, primary_key=True),
    Column("rows", Integer, nullable=False),
)

# 同步: where each person and household is and was, and the transaction that last wrote anything of it; triggers write it. Rows of
# where nobody is any more tell phones to forget.
sync_row = Table(
    "sync_row",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("township", Text, primary_key=True),
    Column("village", Text, primary_key=True),
    Column("here", Boolean, nullable=False),
    _written("changed"),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("sync_row_changed", "township", "changed", "kind", "id"),
    Index("sync_row_here", "township", "kind", "id", postgresql_where=text("here")),
    Index("sync_row_gone", "at", postgresql_where=text("NOT here")),
)

# In which transaction a person came to a version: what a phone that saw an older one cannot know, was written then or later.
sync_version = Table(
    "sync_version",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    _written("written"),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("sync_version_at", "at"),
)

# 上行同步: what a phone has sent and counted, by the id that the phone gave it. Sent again it is answered again.
mutation = Table(
    "mutation",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("state", Text),
    Column("person", Uuid, index=True),
    Column("version", Integer),
    _names("fields"),
    Column("conflict", Uuid),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

# 冲突: a phone said something of a field that somebody else had changed meanwhile, or the person says otherwise. Both values, until decided.
sync_conflict = Table(
    "sync_conflict",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False, index=True),
    Column("mutation", Uuid),
    Column("source", Text, nullable=False),
    _names("fields"),
    _sealed("mine"),
    _sealed("theirs"),
    Column("base", Integer, nullable=False),
    Column("current", Integer, nullable=False),
    Column("on", Date, nullable=False),
    Column("reason", Text),
    Column("said_by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False, server_default="1"),
)

# 登录码: by which a labourer signs in, once. The digits stand nowhere: six of them say which code is meant, the digest is by the node's key.
sign_in_code = Table(
    "sign_in_code",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("registry.person.id"), nullable=False, index=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("digest", LargeBinary, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    Column("used_at", DateTime(timezone=True)),
    Column("replaced_at", DateTime(timezone=True)),
)

# 扫码报名: what somebody who has no account gives of himself to come to a fair; sealed, and gone when a desk has dealt with it.
self_sign_up = Table(
    "self_sign_up",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("fair", Uuid, nullable=False),
    Column("known_by", LargeBinary, nullable=False, unique=True),
    _sealed("name", needed=False),
    _sealed("tail", needed=False),
    _sealed("phone", needed=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
    Column("forget_on", Date, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("person", Uuid),
    Index("self_sign_up_fair", "fair", "id"),
)

# 疑似重复: two people who are perhaps one, by which rule and version, until somebody decides; asked once.
same_person = Table(
    "same_person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("one", Uuid, nullable=False),
    Column("other", Uuid, nullable=False, index=True),
    Column("rule", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("batch", Uuid),
    Column("found_by", Text, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("reason", Text),
    Column("merge", Uuid),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("one", "other"),
    Index("same_person_state", "state", "id"),
)

# 合并: which two became one, whose values were taken over, and what stood there before, for who undoes it.
merge = Table(
    "merge",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("goes", Uuid, nullable=False, index=True),
    Column("stays", Uuid, nullable=False, index=True),
    Column("on", Date, nullable=False),
    _names("taken"),
    _sealed("before"),
    Column("reason", Text),
    Column("merged_by", Text, nullable=False),
    Column("merged_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("undone_by", Text),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_reason", Text),
    _names("later"),
    Column("version", Integer, nullable=False, server_default="1"),
)

# Row by row what hung on either before, and what hangs on who stays after; `partner` is who travels with the one who goes.
merge_row = Table(
    "merge_row",
    metadata,
    Column("merge", Uuid, primary_key=True),
    Column("table", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("stays", JSONB(none_as_null=True)),
    Column("goes", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
)

# Up to which transaction rows of where nobody is any more have been forgotten.
sync_floor = Table(
    "sync_floor", metadata, Column("kind", Text, primary_key=True), Column("changed", BigInteger, nullable=False)
)

# 轮次: a quarter's visits or a month's check of those at work. `gate` and `listed_to`: how far its list is drawn up.
round_ = Table(
    "round",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("period", Text, nullable=False),
    *(Column(name, Date, nullable=False) for name in ("starts", "ends", "day", "due")),
    Column("state", Text, nullable=False),
    Column("gate", BigInteger),
    Column("listed_to", Uuid),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("kind", "period"),
)

# 责任清单: which cadres a village's list is given to.
round_village = Table(
    "round_village",
    metadata,
    Column("round", Uuid, primary_key=True),
    Column("township", Text, primary_key=True),
    Column("village", Text, primary_key=True),
    Column("cadre", Text, primary_key=True),
    Column("assigned_by", Text, nullable=False),
    Column("assigned_at", DateTime(timezone=True), nullable=False),
)

_BY_PLACE = ("round", "township", "village", "person")
# 轮次名单: how everybody whom a round is to see stands in it, with what it found of them; triggers keep it in step with the register.
round_person = Table(
    "round_person",
    metadata,
    Column("round", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
    Column("township", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("later", Boolean, nullable=False),
    Column("visited", Date),
    Column("settled_by", Text),
    Column("left_as", Text),
    Column("left_on", Date),
    Column("reason", Text),
    Column("work_place", Text),
    Column("channel", Text),
    Column("willing", Boolean),
    Column("wished", BigInteger),
    Index("round_person_place", *_BY_PLACE),
    Index("round_person_open", *_BY_PLACE, postgresql_where=text("state = 'open'")),
    Index("round_person_person", "person"),
)

# How many stand how, as differences that a worker sums up: writers never wait for each other here.
round_count = Table(
    "round_count",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("round", Uuid, nullable=False),
    Column("township", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("figure", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Index("round_count_round", "round", "township", "village"),
)

# 务工月监测: what was answered of somebody's work in a month.
work_check = Table(
    "work_check",
    metadata,
    Column("round", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True, index=True),
    Column("on", Date, nullable=False),
    Column("still_there", Boolean, nullable=False),
    Column("work_place", Text),
    Column("paid", Text),
    Column("on_time", Boolean),
    Column("as_last", Boolean, nullable=False),
    Column("checked_by", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

# 签收: the figures of a township's part, or of the whole (no township), as somebody has signed them.
round_signature = Table(
    "round_signature",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("round", Uuid, nullable=False),
    Column("township", Text, nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("signed_at", DateTime(timezone=True), nullable=False),
    Column("taken_back_by", Text),
    Column("taken_back_at", DateTime(timezone=True)),
    Column("taken_back_reason", Text),
    Index("round_signature_standing", "round", "township", unique=True, postgresql_where=text("taken_back_at IS NULL")),
)

# 数据质量: what does not fit, of whom, by which rule, in which field. `grounds` is a keyed digest of the facts it rests on: when they
# are others, what was accepted is open again.
quality_finding = Table(
    "quality_finding",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("household", Uuid, nullable=False),
    Column("township", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("grounds", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("accepted_by", Text),
    Column("accepted_at", DateTime(timezone=True)),
    Column("reason", Text),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("person", "rule", "field"),
    Index("quality_finding_state", "state", "id"),
    Index("quality_finding_rule", "rule", "state", "id"),
    Index("quality_finding_place", "township", "village", "state", "id"),
)

# Whom the rules have judged, where they were then, and on which birthday they may be judged otherwise.
quality_person = Table(
    "quality_person",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("household", Uuid, nullable=False, index=True),
    Column("township", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("again_on", Date),
    Index("quality_person_again", "again_on", postgresql_where=text("again_on IS NOT NULL")),
)

# The phones of a household as keyed digests: equal ones in two households are one phone (decision 0046).
quality_phone = Table(
    "quality_phone",
    metadata,
    Column("household", Uuid, primary_key=True),
    Column("token", LargeBinary, primary_key=True),
    Index("quality_phone_token", "token", "household"),
)

# Sums of each village, moved by the difference that each judgement makes.
quality_figure = Table(
    "quality_figure",
    metadata,
    Column("township", Text, primary_key=True),
    Column("village", Text, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("figure", Text, primary_key=True),
    Column("amount", BigInteger, nullable=False),
)

# Who is to be judged again: triggers write it, a row for each change, so that writers never wait for each other here.
quality_due = Table(
    "quality_due",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("household", Uuid, nullable=False),
)

# The version of the rules by which everybody was last asked to be judged.
quality_version = Table("quality_version", metadata, Column("version", Text, primary_key=True))

# Whose the rows are: at home a person has a township and a village, a guest a home county and the vacancy of an employer.
belongs(batch)
import_file = file_table(metadata, batch)
import_row = row_table(metadata, batch)
belongs(person, township="township", village="village", person="id")
belongs(household, township="township", village="village", through=(("id", person.c.household),))
for _table in (situation, wish, visit, leaver_plan, application, change, departure, card, sync_conflict, sign_in_code):
    belongs(_table, through=(("person", person.c.id),))
for _table in (quality_finding, quality_person, quality_figure):
    belongs(_table, township="township", village="village")
belongs(quality_due, written_freely=True)
for _table in (quality_phone, quality_version):
    belongs(_table)
belongs(self_sign_up)
belongs(same_person, through=(("one", person.c.id), ("other", person.c.id)))
belongs(merge, through=(("goes", person.c.id), ("stays", person.c.id)))
belongs(merge_row, through=(("merge", merge.c.id),))
belongs(sync_row, township="township", village="village")
belongs(sync_version, through=(("person", person.c.id),))
belongs(round_, published="days, under which every list of it stands")
belongs(round_village, published="which villages are whose task (责任清单)")
belongs(round_person, township="township", village="village", person="person")
belongs(round_count, township="township", village="village")
belongs(work_check, through=(("person", person.c.id),))
belongs(round_signature, published="counts of townships, and who has signed them")
belongs(mutation, published="outcomes, found by their own caller and id alone")
belongs(sync_floor, published="the number of a transaction")
belongs(course, published="what cities have announced to every partner")
belongs(post, organisation="employer_uscc")
belongs(guest, county="county", through=(("vacancy", post.c.vacancy),))
belongs(reveal, also=("townships",))
belongs(identification_run, published="a day, a rule and counts of townships, under which every list stands")
belongs(
    search_index,
    published="tokens that say nothing without the node's key; whom they find, the policy of people narrows",
)
belongs(witness, published="ends of chains, as they are announced to every partner")
for _table in (withdrawal, erasure, erasure_part):
    belongs(_table)
