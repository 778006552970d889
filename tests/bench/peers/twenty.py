"""PostgreSQL asked for the top 20 of a person and of a vacancy: everything about a pair that it can be told beforehand, it is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import asyncpg
import numba
import numpy as np
import numpy.typing as npt

from services.matching.verify import pairs, tables
from services.matching.verify.pairs import Folk, Formula, Jobs
from tests.bench.measure import Instance
from tests.bench.peers.queries import JOBS, QUERY
from tests.support.servers import fresh_database

Ints = npt.NDArray[np.int64]
# `goes` has a bit for each city that the person would go to, `base` the points of groups and household, `lack` the names as bits.
PEOPLE = "person int, county int, age int, education int, occupation int, experience int, reserve int, ready int, lack int, goes bigint, base int, lottery bigint"
WHOM = """
select person, base + c.points + least(experience, 10) * {experience} + least({cap}, greatest(0, education - {education}) * {step})
       + case when county = any('{{{agreed}}}') then {agreement} else 0 end as priority
from people join claim c on c.occupation = people.occupation and c.trade = {trade}
where age between {age_min} and {age_max} and education >= {education} and reserve <= {wage} and ready <= {starts_by} and (lack & {asked}) = 0 and (goes & {city}) <> 0
order by priority desc, lottery desc limit 20"""


class Asked(NamedTuple):
    """Seconds of each question, and what was answered: utilities of a person's 20, rows of a vacancy's 20 people."""

    seconds: list[float]
    answers: list[list[int]]


@numba.njit(nogil=True, _nrt=False)
def _places(folk: Folk, formula: Formula, points: Ints) -> None:
    for i in range(len(points)):
        pairs.cities_of(i, folk, formula, points[i])


class Twenty:
    """Tables of an instance in a database of its own; `people_sample` and `vacancy_sample` are rows."""

    def __init__(self, instance: Instance, people_sample: list[int], vacancy_sample: list[int]) -> None:
        people, vacancies, weights, seed = instance
        self.instance, self.people_sample, self.vacancy_sample = instance, people_sample, vacancy_sample
        self.cities = sorted({vacancy.city for vacancy in vacancies})
        self.folk: Folk = tables.folk_of(
            people, vacancies, self.cities, weights, seed, np.full(len(people), -1, np.int64)
        )
        self.jobs: Jobs = tables.jobs_of(vacancies, self.cities, weights, seed)
        self.formula: Formula = tables.formula_of(people, vacancies, self.cities, weights)
        self.points = np.empty((len(people), len(self.cities)), np.int64)
        _places(self.folk, self.formula, self.points)

    def ask(self) -> tuple[Asked, Asked]:
        """For people, then for vacancies."""
        address = fresh_database("bench").replace("postgresql+asyncpg://{service}", "postgresql://matching_owner")
        with asyncio.Runner() as loop:
            base = loop.run(asyncpg.connect(address))
            loop.run(self._fill(base))
            vacancies = _timed(
                lambda query: loop.run(base.fetch(query)), map(self._for_person, self.people_sample), "utility"
            )
            people = _timed(
                lambda query: loop.run(base.fetch(query)), map(self._for_vacancy, self.vacancy_sample), "person"
            )
            loop.run(base.close())
        return vacancies, people

    async def _fill(self, base: Any) -> None:
        jobs, folk, formula, sample = self.jobs, self.folk, self.formula, self.people_sample
        asked, lack = _bits(jobs.asked), _bits(folk.lack)
        goes = (self.points >= 0) @ (1 << np.arange(len(self.cities)))
        offers = [
            jobs.city,
            jobs.trade,
            jobs.age_min,
            jobs.age_max,
            jobs.education_min,
            jobs.wage,
            jobs.starts_by,
            asked,
            *jobs.offers,
        ]
        people = [
            folk.county,
            folk.age,
            folk.education,
            folk.occupation,
            folk.experience,
            folk.wage_reserve,
            folk.available_from,
            lack,
            goes,
            folk.own_points,
            folk.draw >> 5,
        ]
        points = "(occupation int, trade int, points int)"
        await _put(base, f"jobs ({JOBS})", np.stack([np.arange(len(asked)), *offers], axis=1))
        await _put(base, f"people ({PEOPLE})", np.stack([np.arange(len(lack)), *people], axis=1))
        await _put(base, f"worth {points}", _long(formula.worth))
        await _put(base, f"claim {points}", _long(formula.claim))
        places = [(i, c, int(at)) for i in sample for c, at in enumerate(self.points[i]) if at >= 0]
        await _put(base, "places (person int, city int, points int)", np.array(places, np.int64).reshape(-1, 3))
        await base.execute("create index on places (person)")

    def _for_person(self, i: int) -> str:
        folk, formula = self.folk, self.formula
        numerator, denominator, half, _, extra, _, _ = formula.single.tolist()
        needs = {
            name: int(formula.needed[at]) if folk.needs[at, i] else extra
            for at, name in enumerate(("board", "lodging", "insurance"))
        }
        return QUERY.format(
            i=i,
            hope=folk.wage_expected[i],
            reserve=folk.wage_reserve[i],
            ready=folk.available_from[i],
            education=folk.education[i],
            age=folk.age[i],
            lack=_bits(folk.lack[:, i : i + 1])[0],
            occupation=folk.occupation[i],
            numerator=numerator,
            denominator=denominator,
            half=half,
            top=2 * half,
            **needs,
        )

    def _for_vacancy(self, v: int) -> str:
        jobs, formula = self.jobs, self.formula
        city = int(jobs.city[v])
        agreed = np.flatnonzero(formula.agreement[:, city])
        return WHOM.format(
            experience=jobs.experience_points[v],
            cap=formula.single[6],
            step=formula.single[5],
            education=jobs.education_min[v],
            agreement=int(formula.agreement[:, city].max()),
            agreed=",".join(map(str, agreed.tolist())),
            trade=jobs.trade[v],
            age_min=jobs.age_min[v],
            age_max=jobs.age_max[v],
            wage=jobs.wage[v],
            starts_by=jobs.starts_by[v],
            asked=_bits(jobs.asked[:, v : v + 1])[0],
            city=1 << city,
        )


def _bits(rows: npt.NDArray[np.uint8]) -> Ints:
    return np.asarray(sum(row.astype(np.int64) << (8 * at) for at, row in enumerate(rows)))


def _long(points: Ints) -> Ints:
    """A table of (occupation, trade) as rows."""
    occupation, trade = np.indices(points.shape)
    return np.stack([occupation.ravel(), trade.ravel(), points.ravel()], axis=1)


async def _put(base: Any, table: str, rows: Ints) -> None:
    name = table.partition(" ")[0]
    await base.execute(f"create table {table}")
    await base.copy_records_to_table(name, records=rows.tolist(), schema_name="matching")
    await base.execute(f"analyze {name}")


def _timed(ask: Callable[[str], Any], queries: Any, column: str) -> Asked:
    seconds, answers = [], []
    for query in queries:
        begun = time.perf_counter()
        rows = ask(query)
        seconds.append(time.perf_counter() - begun)
        answers.append([row[column] for row in rows])
    return Asked(seconds, answers)
