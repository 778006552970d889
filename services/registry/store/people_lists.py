"""Lists of people (名册) in the database: one prepared statement for each kind of question, counted by the same conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from libs.common.access.reach import Kind
from libs.common.access.rows import within_kind
from libs.common.codes.lists import education_steps
from libs.common.database import Transaction
from libs.common.masks import year_end
from libs.common.prepared_queries import PreparedQuery
from libs.common.problems import refuse_field
from services.registry.rules.facts import LOW_SCHOOLED, OLDER_FROM
from services.registry.rules.groups import zero_transfer
from services.registry.rules.leavers import leaver_window
from services.registry.rules.listing import EVERYBODY, Filters, Group, Sort, Willing
from services.registry.rules.people import ListedPerson
from services.registry.store.leavers import is_leaver
from services.registry.store.people import MET, NOW, SAID, VISITED, is_here, states_of
from services.registry.tables import person, search_index, situation

# Kinds of questions whose statements are kept at hand.
_KEPT = 512


@dataclass(frozen=True)
class Sought:
    """Whom a search looks for: who has one of the first tokens and one of the second (None: the first suffice), or this number, or
    lives in this household."""

    first: Sequence[int]
    second: Sequence[int] | None
    number: bytes | None
    home: UUID | None


# Of hundreds of tokens the planner believes that everybody has one, and would compare them with everybody's.
_BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"
_BY_COST = "SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on"


@dataclass(frozen=True)
class _Found:
    id: UUID


@dataclass(frozen=True)
class Counted:
    people: int


async def list_people(
    tx: Transaction,
    as_of: date,
    filters: Filters = EVERYBODY,
    *,
    found: Sequence[UUID] | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[ListedPerson]:
    """People with their situation and wish as of a day, in the order that is asked for; of those who were `found` alone."""
    query = _listed(tx.reach.kind, filters.shape, found is not None, after is not None)
    given = _given(tx, as_of, filters) | {"found": found, "after": after, "limit": limit}
    if after is not None and filters.sort != "entry":
        given |= await _position(tx, as_of, after)
    return await tx.ask(query, **given)


async def list_found(tx: Transaction, sought: Sought) -> list[UUID]:
    """Whom the indexes know, whoever may see them. Asked by itself: beside the order of a list or its limit, the planner goes
    through the register in that order."""
    driver = await tx.raw()
    await driver.execute(_BY_INDEX)
    found = await tx.ask(_found(sought.second is not None), **vars(sought))
    await driver.execute(_BY_COST)
    return sorted({each.id for each in found})


async def count_people(tx: Transaction, as_of: date, filters: Filters) -> int:
    """How many a list with these filters holds."""
    (counted,) = await tx.ask(_counted(tx.reach.kind, filters.shape), **_given(tx, as_of, filters))
    return counted.people


def _given(tx: Transaction, as_of: date, filters: Filters) -> dict[str, Any]:
    older = date(year_end(tx.node.today()).year - OLDER_FROM, 12, 31)
    window = leaver_window(as_of)
    leavers = {"born_after": window.born_after, "born_until": window.born_until, "left_with": list(window.education)}
    return {**vars(filters), **leavers, "as_of": as_of, "whose": list(tx.reach.whose), "older": older}


async def _position(tx: Transaction, as_of: date, after: UUID) -> dict[str, Any]:
    """Where the last person of the page before stands in an order that is not that of entry."""
    query = select(person.c.township, person.c.village, _VISITED.label("visited"))
    query = query.select_from(person.outerjoin(SAID, true()).join(MET, true()))
    found = (await tx.execute(query.where(person.c.id == after), {"as_of": as_of})).one_or_none()
    if found is None:
        raise refuse_field(
            "/query/after", "cursor", "名册有变，请从第一页重新开始 The list has changed: begin at its first page."
        )
    return {f"after_{name}": value for name, value in found._mapping.items()}


# Made once: putting such a statement together costs more than PostgreSQL needs to answer it.
@lru_cache(_KEPT)
def _listed(kind: Kind, shape: Filters, found: bool, after: bool) -> PreparedQuery[ListedPerson]:
    conditions = [within_kind(person, kind), *_conditions(shape)]
    if found:
        conditions.append(person.c.id == any_(bindparam("found", type_=ARRAY(Uuid))))
    if after:
        conditions.append(_follows(shape.sort))
    query = states_of(ListedPerson).where(*conditions).order_by(*_ORDERS[shape.sort], person.c.id)
    return PreparedQuery(query.limit(bindparam("limit", type_=Integer)), into=ListedPerson)


@lru_cache(_KEPT)
def _counted(kind: Kind, shape: Filters) -> PreparedQuery[Counted]:
    """Beside people only what the conditions ask for: looking up everybody's situation to count nobody by it takes seconds."""
    asked: FromClause = person
    if shape.employed is not None:
        asked = asked.outerjoin(NOW, true())
    if shape.willing or shape.visited_before or shape.group == "zero_employment":
        asked = asked.outerjoin(SAID, true())
    if shape.visited_before:
        asked = asked.join(MET, true())
    query = select(func.count().label("people")).select_from(asked)
    return PreparedQuery(query.where(within_kind(person, kind), *_conditions(shape)), into=Counted)


_VISITED = func.coalesce(VISITED, date.min, type_=Date)
_ORDERS: dict[Sort, tuple[ColumnElement[Any], ...]] = {
    "entry": (),
    "place": (person.c.township, person.c.village),
    "visited": (_VISITED,),
}
_KEYS = {"entry": (), "place": ("after_township", "after_village"), "visited": ("after_visited",)}


def _follows(sort: Sort) -> ColumnElement[bool]:
    """Whoever comes after the last one of the page before."""
    keys = [
        (column, bindparam(name, type_=column.type)) for column, name in zip(_ORDERS[sort], _KEYS[sort], strict=True)
    ]
    keys.append((person.c.id, bindparam("after", type_=Uuid)))
    return tuple_(*(column for column, _ in keys)) > tuple_(*(value for _, value in keys))


def _conditions(shape: Filters) -> list[ColumnElement[bool]]:
    conditions = {
        is_here(bindparam("as_of", type_=Date)): not shape.departed and shape.ids is None,
        ~is_here(bindparam("as_of", type_=Date)): shape.departed,
        person.c.merged_into.is_(None): shape.departed,
        person.c.township == bindparam("township", type_=Text): shape.township is not None,
        person.c.village == bindparam("village", type_=Text): shape.village is not None,
        person.c.household == bindparam("household", type_=Uuid): shape.household is not None,
        person.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))): shape.ids is not None,
        person.c.labourer.is_(shape.labourer): shape.labourer is not None,
        _is(NOW.c.work_place.is_not(None), shape.employed): shape.employed is not None,
        _is(_HAS_NO_PHONE, shape.no_phone): shape.no_phone is not None,
        bindparam("visited_before", type_=Date) > _VISITED: shape.visited_before is not None,
        _willing(shape.willing): shape.willing is not None,
        _GROUPS.get(shape.group, true()): shape.group is not None,
        _is(_LEAVER, shape.leaver): shape.leaver is not None,
    }
    return [condition for condition, asked in conditions.items() if asked]


def _is(condition: ColumnElement[bool], wanted: bool | None) -> ColumnElement[bool]:
    return condition if wanted else ~condition


def _said(fact: str) -> ColumnElement[bool]:
    told: ColumnElement[bool] = SAID.c.facts[fact].as_boolean()
    return told


def _willing(wanted: Willing | None) -> ColumnElement[bool]:
    return SAID.c.facts.is_(None) if wanted == "none" else _said("willing").is_(wanted == "true")


def _has_labourer(*, at_work: bool = False) -> ColumnElement[bool]:
    """Whether the household has somebody of working age and ability who is here, or one who is in transfer employment."""
    day, one = bindparam("as_of", type_=Date), person.alias("one")
    known = select(situation.c.work_place).where(situation.c.person == one.c.id, situation.c.since <= day)
    newest = known.order_by(situation.c.since.desc()).limit(1).scalar_subquery()
    working = [newest == any_(literal(list(zero_transfer().work_places), ARRAY(Text)))] if at_work else []
    return exists().where(one.c.household == person.c.household, one.c.labourer, ~one.c.away.contains(day), *working)


_HAS_NO_PHONE = and_(person.c.phone_sealed.is_(None), person.c.household_phone_sealed.is_(None))
_LEAVER = is_leaver(
    bindparam("born_after", type_=Date), bindparam("born_until", type_=Date), bindparam("left_with", type_=ARRAY(Text))
)
_LOW_SCHOOLED = [word for word, step in education_steps().items() if step <= LOW_SCHOOLED]
_GROUPS: dict[Group | None, ColumnElement[bool]] = {
    "disabled": or_(person.c.disability != "", literal("残疾", Text) == any_(person.c.health)),
    "older_or_low_schooled": or_(
        person.c.education == any_(literal(_LOW_SCHOOLED, ARRAY(Text))),
        person.c.birth_date <= bindparam("older", type_=Date),
    ),
    "zero_employment": _said("zero_employment").is_(True),
    "zero_transfer": _has_labourer() & ~_has_labourer(at_work=True),
}


@lru_cache
def _found(second: bool) -> PreparedQuery[_Found]:
    """Ids by the index of tokens, by the number, by the household: each arm goes by an index of its own."""
    numbered, housed = person.alias("numbered"), person.alias("housed")
    asked = ("first", "second") if second else ("first",)
    tokens = (search_index.c.tokens.overlap(bindparam(name, type_=ARRAY(BigInteger))) for name in asked)
    arms = union_all(
        select(search_index.c.person.label("id")).where(*tokens),
        select(numbered.c.id).where(numbered.c.number_index == bindparam("number", type_=LargeBinary)),
        select(housed.c.id).where(housed.c.household == bindparam("home", type_=Uuid)),
    ).subquery()
    return PreparedQuery(select(arms.c.id), into=_Found)
