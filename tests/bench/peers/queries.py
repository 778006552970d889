"""Databases asked for the top 20 vacancies of a person: a sample of people, carried over to all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from services.matching.verify import tables
from tests.bench.measure import Instance

SAMPLE = 200
JOBS = "v int, city int, trade int, age_min int, age_max int, education_min int, wage int, starts_by int, asked int, board int, lodging int, insurance int"
# The hard rules and the points of a person as numbers, the tables by person, city and trade joined in.
QUERY = """
select v, greatest(0, least({top}, wage / 10 - {hope} / 10 + {half})) * {numerator} / {denominator} + w.points + p.points
       + board * {board} + lodging * {lodging} + insurance * {insurance} as utility
from jobs join places p on p.person = {i} and p.city = jobs.city join worth w on w.occupation = {occupation} and w.trade = jobs.trade
where wage >= {reserve} and starts_by >= {ready} and education_min <= {education} and age_min <= {age} and age_max >= {age} and (asked & {lack}) = 0
order by utility desc limit 20"""


def duckdb_top20(instance: Instance) -> float:
    """Seconds for all people."""
    import duckdb

    base = duckdb.connect()

    def insert(table: str, rows: list[tuple[Any, ...]]) -> None:
        base.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)

    # `/` is the division of fractions there.
    return _timed(instance, base.execute, insert, lambda query: base.execute(query.replace(" / ", " // ")).fetchall())


def postgresql_top20(instance: Instance) -> float:
    """The same on the PostgreSQL that comes as a wheel; analysed, and with its own memory settings."""
    import asyncio

    import asyncpg

    from tests.support.servers import fresh_database

    address = fresh_database("bench").replace("postgresql+asyncpg://{service}", "postgresql://matching_owner")
    with asyncio.Runner() as loop:
        base = loop.run(asyncpg.connect(address))

        def insert(table: str, rows: list[tuple[Any, ...]]) -> None:
            loop.run(base.copy_records_to_table(table, records=rows, schema_name="matching"))
            loop.run(base.execute(f"analyze {table}"))

        found = _timed(
            instance, lambda query: loop.run(base.execute(query)), insert, lambda query: loop.run(base.fetch(query))
        )
        loop.run(base.close())
    return found


def _timed(
    instance: Instance,
    execute: Callable[[str], Any],
    insert: Callable[[str, list[tuple[Any, ...]]], None],
    ask: Callable[[str], Any],
) -> float:
    people, vacancies, weights, seed = instance
    cities = sorted({vacancy.city for vacancy in vacancies})
    folk = tables.folk_of(people, vacancies, cities, weights, seed, np.full(len(people), -1, np.int64))
    jobs, formula = (
        tables.jobs_of(vacancies, cities, weights, seed),
        tables.formula_of(people, vacancies, cities, weights),
    )
    sample = np.linspace(0, len(people) - 1, min(SAMPLE, len(people))).astype(int).tolist()
    for table in (
        f"jobs ({JOBS})",
        "places (person int, city int, points int)",
        "worth (occupation int, trade int, points int)",
    ):
        execute(f"create table {table}")
    asked = [sum(int(row[v]) << (8 * at) for at, row in enumerate(jobs.asked)) for v in range(len(vacancies))]
    columns = (jobs.city, jobs.trade, jobs.age_min, jobs.age_max, jobs.education_min, jobs.wage, jobs.starts_by)
    insert(
        "jobs",
        [
            (v, *(int(column[v]) for column in columns), asked[v], *(int(row[v]) for row in jobs.offers))
            for v in range(len(vacancies))
        ],
    )
    insert("worth", [(o, t, int(points)) for o, row in enumerate(formula.worth) for t, points in enumerate(row)])
    insert(
        "places",
        [(i, c, int(points)) for i in sample for c, points in enumerate(_places(i, folk, formula)) if points >= 0],
    )
    numerator, denominator, half, _, extra, _, _ = formula.single.tolist()
    fixed = {"numerator": numerator, "denominator": denominator, "half": half, "top": 2 * half}
    begun = time.monotonic()
    for i in sample:
        needs = {
            name: int(formula.needed[at]) if folk.needs[at, i] else extra
            for at, name in enumerate(("board", "lodging", "insurance"))
        }
        lack = sum(int(row) << (8 * at) for at, row in enumerate(folk.lack[:, i]))
        ask(
            QUERY.format(
                i=i,
                hope=folk.wage_expected[i],
                reserve=folk.wage_reserve[i],
                ready=folk.available_from[i],
                education=folk.education[i],
                age=folk.age[i],
                lack=lack,
                occupation=folk.occupation[i],
                **needs,
                **fixed,
            )
        )
    return (time.monotonic() - begun) / len(sample) * len(people)


def _places(i: int, folk: Any, formula: Any) -> Any:
    from tests.bench.peers.naive import places_of

    return places_of(i, folk, formula)
