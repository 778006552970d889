"""Figures move by the difference: after any changes they are what counting everything anew would give, at the same cost."""

from __future__ import annotations

import asyncio
from datetime import date
from random import Random

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.indicators import Indicators, restate
from libs.common.migrations import migrate
from libs.common.service import Service, ServiceContext
from services.jobs.app import SERVICE as JOBS
from services.registry.app import SERVICE as REGISTRY
from services.retention.app import SERVICE as RETENTION
from tests.support.figures import FACTS, count_anew
from tests.support.nodes import Nodes

SERVICES = [REGISTRY, RETENTION, JOBS]
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
# Rows that statements of this transaction have read so far, by scanning and by index.
_READ = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables WHERE schemaname = :schema"


def indicators_of(context: ServiceContext) -> Indicators:
    assert context.service.indicators is not None
    return context.service.indicators


async def change(context: ServiceContext, dice: Random, times: int) -> None:
    async with context.database.transaction() as tx:
        facts = FACTS[context.service.name](dice, tx)
        for _ in range(times):
            await facts.change()


async def state(context: ServiceContext) -> None:
    async with context.database.transaction() as tx:
        await restate(tx, indicators_of(context))


async def state_and_die(context: ServiceContext) -> None:
    async with context.database.transaction() as tx:
        await restate(tx, indicators_of(context))
        raise ConnectionAbortedError


async def stated_by(tx: Transaction, context: ServiceContext) -> dict[date, dict[str, int]]:
    rows = await tx.execute(text(f"SELECT as_of, figures FROM {indicators_of(context).stated}"))
    return {row.as_of: row.figures for row in rows}


async def assert_exact(context: ServiceContext, every: int = 1) -> int:
    """Every day that was ever stated says what a fresh count says; answers how many days that are."""
    async with context.database.transaction() as tx:
        stated = await stated_by(tx, context)
        for day in sorted(stated)[::every]:
            assert stated[day] == await count_anew(tx, context.service.name, day), day
    return len(stated)


@each_service
async def test_after_any_changes_the_figures_are_those_of_a_fresh_count(nodes: Nodes, service: Service) -> None:
    context = await nodes.open(service)
    dice, days = Random(31), 0
    for _ in range(25):
        await change(context, dice, dice.randint(1, 8))
        if dice.random() < 0.7:
            await state(context)
            days = await assert_exact(context)
    assert days > 10


@each_service
async def test_what_was_not_stated_when_the_process_died_is_stated_by_the_next(nodes: Nodes, service: Service) -> None:
    context, dice = await nodes.open(service), Random(7)
    await change(context, dice, 20)
    with pytest.raises(ConnectionAbortedError):
        await state_and_die(context)
    await change(context, dice, 5)
    await state(context)
    assert await assert_exact(context)


@each_service
async def test_two_workers_and_a_writer_at_once_leave_the_figures_exact(nodes: Nodes, service: Service) -> None:
    context = await nodes.open(service)
    dice = Random(3)
    for _ in range(6):
        await asyncio.gather(change(context, dice, 6), state(context), state(context))
    await state(context)
    assert await assert_exact(context)


@each_service
async def test_many_changes_are_one_statement_of_each_day(nodes: Nodes, service: Service) -> None:
    context, dice = await nodes.open(service), Random(5)
    await change(context, dice, 60)
    await state(context)
    async with context.database.transaction() as tx:
        days = len(await stated_by(tx, context))
        told = (await tx.execute(text("SELECT count(*) FROM outbox"))).scalar_one()
    assert told == days


# Their tables are younger than the keeping of figures: the way back takes these facts with them.
YOUNGER = {"designations", "intake", "fairs"}


async def sums_of(context: ServiceContext) -> set[tuple[object, ...]]:
    async with context.database.transaction() as tx:
        rows = await tx.execute(text("SELECT division, day, figure, amount FROM figures_by_day WHERE amount <> 0"))
        return {tuple(row) for row in rows}


@each_service
async def test_who_was_there_before_is_counted_by_the_migration_and_the_next_worker(
    nodes: Nodes, service: Service
) -> None:
    context = await nodes.open(service)
    await change(context, Random(11), 40)
    async with context.database.transaction() as tx:
        await FIRST_OF[service.name](FACTS[service.name](Random(1), tx))
    await state(context)
    before = await sums_of(context)
    (made,) = (int(path.name[:4]) for path in service.migrations.glob("versions/*_figures_by_difference.py"))

    def back_and_forth(config: Config) -> None:
        command.downgrade(config, f"{made - 1:04}")
        command.upgrade(config, "head")

    await migrate(context.database, service.migrations, service.metadata, back_and_forth)
    # Rights and row security of what was made anew.
    await migrate(context.database, service.migrations, service.metadata)
    assert not await sums_of(context)
    await state(context)
    assert await sums_of(context) == {each for each in before if each[2] not in YOUNGER} != set()


async def rows_read_by_a_change(context: ServiceContext) -> int:
    """Rows that one more change and stating it read."""
    async with context.database.as_owner() as connection:
        await connection.execute(text("ANALYZE"))
    async with context.database.transaction() as tx:
        facts = FACTS[context.service.name](Random(1), tx)
        await FIRST_OF[context.service.name](facts)
        before = await _rows_read(tx, context)
        await restate(tx, indicators_of(context))
        return await _rows_read(tx, context) - before


async def _rows_read(tx: Transaction, context: ServiceContext) -> int:
    return int((await tx.execute(text(_READ), {"schema": context.service.name})).scalar_one() or 0)


FIRST_OF = {
    "registry": lambda facts: facts.person(),
    "retention": lambda facts: facts.start(),
    "jobs": lambda facts: facts.hire(),
}
GROWN = {
    "registry": (
        "INSERT INTO household SELECT gen_random_uuid(), '', decode(md5(n::text), 'hex'), 'T', 'V', 0, '2017-01-01'"
        " FROM generate_series(1, 5000) n",
        "INSERT INTO person (id, household, name_sealed, number_sealed, number_index, name_index, sex, birth_date, township,"
        " village, ethnic_group, kinship, education, pupil, ability, disability, political_status, work_employer, work_months,"
        " low_income, destitute, labourer, as_of) SELECT gen_random_uuid(), h.id, '', '', h.number_index, '', '1', '1980-01-01',"
        " 'T', 'V', '', '', '', '', '', '', '', '', 0, false, false, true, '2017-01-01' FROM household h"
        " WHERE NOT EXISTS (SELECT FROM person p WHERE p.household = h.id)",
        "INSERT INTO situation (person, since, source) SELECT id, '2017-01-01', 'x' FROM person ON CONFLICT DO NOTHING",
        "INSERT INTO figures_due (division, as_of, subject) SELECT '433124', '2017-01-01', id FROM household",
    ),
    "retention": (
        "INSERT INTO introduction (id, county, city, person) SELECT gen_random_uuid(), '433124', '440300', gen_random_uuid()"
        " FROM generate_series(1, 5000)",
        "INSERT INTO spell (id, introduction, county, city, vacancy, start, wage_fen, assisted)"
        " SELECT gen_random_uuid(), id, county, city, id, '2017-01-01', 1, true FROM introduction i"
        " WHERE NOT EXISTS (SELECT FROM spell s WHERE s.introduction = i.id)",
        "INSERT INTO figures_due (division, as_of, subject) SELECT '433124', '2017-01-01', unnest(ARRAY[s.id, i.person])"
        " FROM spell s JOIN introduction i ON i.id = s.introduction",
    ),
    "jobs": (
        "INSERT INTO vacancies (id, city, employer_name, title, openings, openings_left, starts_by, state, vetted_on, listed_on,"
        " fingerprint) SELECT gen_random_uuid(), '433124', 'E', 'T', 2, 2, '2017-01-01', 'vetted', '2017-01-01', '2017-01-01',"
        " n::text FROM generate_series(1, 5000) n",
        "INSERT INTO figures_due (division, as_of, subject) SELECT '433124', '2017-01-01', id FROM vacancies",
    ),
}


@each_service
async def test_a_change_reads_no_more_in_a_register_fifty_times_as_large(nodes: Nodes, service: Service) -> None:
    context = await nodes.open(service)
    await change(context, Random(2), 200)
    await state(context)
    small = await rows_read_by_a_change(context)
    async with context.database.transaction() as tx:
        for statement in GROWN[service.name]:
            await tx.execute(text(statement))
    await state(context)
    large = await rows_read_by_a_change(context)
    assert await assert_exact(context, every=40)
    assert large <= small + 50, f"{small} rows in the small register, {large} in the large one"
