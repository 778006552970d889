"""Indicators (指标): a service's figures of its divisions as of a day, moved by the difference that each change makes.

A change notes whom it is about, in its own transaction and waiting for nobody (`note_changes`). Soon after, a worker asks the
service for the *steps* of those subjects: from this day on that figure is greater by so much. By what is other than before it
moves the sums of the days, and states the figures of each day concerned (`restate`). Nobody is counted again who has not changed,
so a change costs the same in a small register and in a large one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Date, Identity, Index, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.access.rows import belongs
from libs.common.database import Transaction, to_json
from libs.common.events.envelope import Event
from libs.common.outbox import announce_all

# Subjects in one statement: some tens of milliseconds each.
BATCH = 2000
Figures = dict[str, int]
# (day, figure, by how much it moves on that day)
Move = tuple[date, str, int]


@dataclass(frozen=True)
class Indicators:
    """What a service states.

    `steps` is a query over `changed(subject, division)` for (subject, division, day, figure, amount), kept as it was found last.
    """

    figures: Sequence[str]
    rule: str
    steps: str
    event: Callable[..., Event]
    # The table of what was stated: one row for each division and day.
    stated: str = "statement"

    @cached_property
    def move(self) -> str:
        return _MOVE.format(steps=self.steps)

    @cached_property
    def later(self) -> str:
        return _LATER.format(stated=self.stated)

    @cached_property
    def keep(self) -> str:
        return _KEEP.format(stated=self.stated)


def create_indicators(connection: Connection, schema: str, stated: str = "statement") -> None:
    """For a migration: the tables of a schema, those that are there excepted."""
    for table in indicator_tables(MetaData(schema=schema), stated):
        table.create(connection, checkfirst=True)


def indicator_tables(metadata: MetaData, stated: str = "statement") -> list[Table]:
    """What a service that states figures keeps for it."""
    due, subjects = _due(metadata), _of_subjects(metadata)
    belongs(due, written_freely=True)
    belongs(subjects)
    counts = [Table("figures_by_day", metadata, *_step(primary_key=True)), _stated(metadata, stated)]
    for table in counts:
        belongs(table, published="counts, as they are announced to every partner")
    return [due, subjects, *counts]


def _due(metadata: MetaData) -> Table:
    """Whom a change was about and from which day on; none for what was there before figures were kept.

    A row for each change: writers never wait for each other here.
    """
    return Table(
        "figures_due",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("division", Text, nullable=False),
        Column("as_of", Date),
        Column("subject", Uuid),
    )


def _of_subjects(metadata: MetaData) -> Table:
    subject = Column("subject", Uuid, nullable=False)
    return Table("figures_of", metadata, subject, *_step(), Index("figures_subject", "subject"))


def _stated(metadata: MetaData, name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("division", Text, primary_key=True),
        Column("as_of", Date, primary_key=True),
        Column("rule", Text, nullable=False),
        Column("figures", JSONB, nullable=False),
    )


def _step(*, primary_key: bool = False) -> list[Column[Any]]:
    return [
        Column("division", Text, nullable=False, primary_key=primary_key),
        Column("day", Date, nullable=False, primary_key=primary_key),
        Column("figure", Text, nullable=False, primary_key=primary_key),
        Column("amount", BigInteger, nullable=False),
    ]


async def note_changes(tx: Transaction, division: str, on: date, subjects: Iterable[UUID]) -> None:
    """Figures that these subjects are counted in may be others from this day on; it is stated, also when they are not."""
    whom: list[UUID | None] = [*sorted(set(subjects))] or [None]
    await (await tx.raw()).execute(_NOTE, division, on, whom)


async def restate(tx: Transaction, indicators: Indicators) -> None:
    """State what has changed since the last time: the day of each change, and every later day stated before that is other now.

    Many changes are one statement. One transaction at a time does this; another one finds nothing to do.
    """
    driver = await tx.raw()
    if not await driver.fetchval("SELECT pg_try_advisory_xact_lock(hashtext('figures'), hashtext(current_schema()))"):
        return
    # A plan for one subject is none for two thousand.
    await driver.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    days: dict[str, set[date]] = defaultdict(set)
    last = await driver.fetchval("SELECT max(id) FROM figures_due")
    while due := await driver.fetch(_TAKE, last, BATCH):
        changed = [row for row in due if row["subject"]]
        whom = [[row[name] for row in changed] for name in ("subject", "division")]
        await driver.execute(indicators.move, *whom)
        for row in due:
            if row["as_of"]:
                days[row["division"]].add(row["as_of"])
    for division, changed_on in sorted(days.items()):
        await _state(tx, indicators, division, changed_on)


async def _state(tx: Transaction, indicators: Indicators, division: str, changed_on: Collection[date]) -> None:
    driver = await tx.raw()
    later = await driver.fetch(indicators.later, division, min(changed_on))
    days = sorted({*changed_on, *(row["as_of"] for row in later)})
    sums = [tuple(row) for row in await driver.fetch(_SUMS, division, days[0], days[-1])]
    figures = figures_on(days, sums, indicators.figures)
    texts = [to_json(figures[day]) for day in days]
    kept = await driver.fetch(indicators.keep, division, indicators.rule, days, texts)
    told = sorted(row["as_of"] for row in kept)
    state = partial(indicators.event, division=division, rule=indicators.rule)
    await announce_all(tx, [state(as_of=day, figures=figures[day]) for day in told])


def figures_on(days: Iterable[date], moves: Iterable[Move], names: Sequence[str]) -> dict[date, Figures]:
    """The figures at the end of each day, from moves in the order of their days; those before the first day may come summed up."""
    waiting, sums, found = sorted(moves), Counter[str](), {}
    place = 0
    for day in sorted(days):
        while place < len(waiting) and waiting[place][0] <= day:
            sums[waiting[place][1]] += waiting[place][2]
            place += 1
        found[day] = {name: sums[name] for name in names}
    return found


_NOTE = """
INSERT INTO figures_due (division, as_of, subject) SELECT $1, $2, subject FROM unnest($3::uuid[]) AS given(subject)
"""

_LATER = "SELECT as_of FROM {stated} WHERE division = $1 AND as_of >= $2"

_TAKE = """
DELETE FROM figures_due WHERE id = ANY(ARRAY(SELECT id FROM figures_due WHERE id <= $1 ORDER BY id LIMIT $2))
RETURNING division, as_of, subject
"""

_MOVE = """
WITH changed AS (
  SELECT DISTINCT subject, division FROM unnest($1::uuid[], $2::text[]) AS given(subject, division)
), gone AS (
  DELETE FROM figures_of f USING (SELECT DISTINCT subject FROM changed) c WHERE f.subject = c.subject
  RETURNING f.division, f.day, f.figure, f.amount
), fresh AS (
  SELECT subject, division, day, figure, sum(amount)::bigint AS amount FROM ({steps}) AS found(subject, division, day, figure, amount)
  GROUP BY subject, division, day, figure HAVING sum(amount) <> 0
), kept AS (
  INSERT INTO figures_of (subject, division, day, figure, amount) SELECT subject, division, day, figure, amount FROM fresh
), moved AS (
  SELECT division, day, figure, sum(amount)::bigint AS amount FROM (
    SELECT division, day, figure, amount FROM fresh UNION ALL SELECT division, day, figure, -amount FROM gone
  ) AS both_sides GROUP BY division, day, figure HAVING sum(amount) <> 0
), summed AS (
  INSERT INTO figures_by_day AS sums (division, day, figure, amount) SELECT division, day, figure, amount FROM moved
  ON CONFLICT (division, day, figure) DO UPDATE SET amount = sums.amount + excluded.amount
)
SELECT count(*) FROM moved
"""

# What moved before the first day that is asked for is one sum.
_SUMS = """
SELECT greatest(day, $2) AS day, figure, sum(amount)::bigint AS amount FROM figures_by_day
WHERE division = $1 AND day <= $3 GROUP BY 1, 2
"""

_KEEP = """
INSERT INTO {stated} AS before (division, as_of, rule, figures)
SELECT $1, day, $2, figures::jsonb FROM unnest($3::date[], $4::text[]) AS given(day, figures)
ON CONFLICT (division, as_of) DO UPDATE SET rule = excluded.rule, figures = excluded.figures
WHERE before.figures <> excluded.figures
RETURNING as_of
"""
