"""Identification (精准识别) in the database: the runs that were counted, and who would be judged otherwise by another day or rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import array

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from services.registry.rules.identification import Rule, Standing
from services.registry.rules.runs import IdentificationRun, Rejudged
from services.registry.tables import identification_run, person

_LOCK = "SELECT pg_advisory_xact_lock{shared}(hashtext('registry.identification'))"


async def lock_standing(tx: Transaction, *, alone: bool) -> None:
    """Who judges somebody keeps runs waiting until the end of the transaction; a run waits for them all, alone."""
    await tx.execute(text(_LOCK.format(shared="" if alone else "_shared")))


async def find_standing(tx: Transaction) -> Standing | None:
    query = (
        select(identification_run.c.day, identification_run.c.rule).order_by(identification_run.c.id.desc()).limit(1)
    )
    return next(iter(read_rows(Standing, await tx.execute(query))), None)


async def insert_run(tx: Transaction, run: IdentificationRun) -> None:
    await tx.execute(insert(identification_run).values(vars(run)))


async def list_runs(tx: Transaction, *, after: UUID | None, limit: int) -> list[IdentificationRun]:
    """In the order in which they were counted."""
    query = select(*columns_of(identification_run, IdentificationRun)).order_by(identification_run.c.id).limit(limit)
    found = await tx.execute(query if after is None else query.where(identification_run.c.id > after))
    return read_rows(IdentificationRun, found)


async def list_rejudged(tx: Transaction, rule: Rule, day: date) -> list[Rejudged]:
    """Everybody within reach whose reasons are others by that rule on that day."""
    after = reasons_by(rule, day)
    query = select(
        person.c.id,
        person.c.household,
        person.c.township,
        person.c.village,
        person.c.name_sealed,
        person.c.reasons.label("before"),
        after.label("after"),
        person.c.left_on.is_not(None).label("left"),
    ).where(person.c.reasons.is_distinct_from(after), within(person, tx.reach))
    ordered = query.order_by(person.c.township, person.c.village, person.c.id)
    return read_rows(Rejudged, await tx.execute(ordered))


async def count_labourers(tx: Transaction) -> dict[str, int]:
    """As they stand, by township."""
    counted = func.count().filter(person.c.labourer).label("labourers")
    here = person.c.left_on.is_(None), within(person, tx.reach)
    query = select(person.c.township, counted).where(*here).group_by(person.c.township)
    return {row.township: row.labourers for row in await tx.execute(query)}


async def update_verdicts(tx: Transaction, rejudged: Sequence[Rejudged]) -> None:
    """Write what each is judged now, and count the version up."""
    if rejudged:
        written: dict[str, Any] = {"reasons": bindparam("after"), "labourer": bindparam("is_one")}
        change = update(person).where(person.c.id == bindparam("which"))
        rows = [{"which": one.id, "after": one.after, "is_one": not one.after} for one in rejudged]
        await tx.execute(change.values(**written, version=person.c.version + 1), rows)


def reasons_by(rule: Rule, day: date) -> ColumnElement[list[str]]:
    """Why somebody is no labourer by a rule on the end of a quarter, in its order: `identify` as the database computes it."""
    from_oldest, from_youngest = (day.replace(year=day.year - years) for years in (rule.oldest + 1, rule.youngest))
    grounds = {
        "age": ~and_(person.c.birth_date > from_oldest, person.c.birth_date <= from_youngest),
        "in_school": person.c.pupil != "",
        "unable": person.c.ability.in_(rule.unable),
        **({"ability_unknown": person.c.ability == ""} if rule.ability_needed else {}),
    }
    told: list[ColumnElement[str]] = [case((holds, literal(name, Text))) for name, holds in grounds.items()]
    found: ColumnElement[list[str]] = func.array_remove(cast(array(told), ARRAY(Text)), None, type_=ARRAY(Text))
    return found
