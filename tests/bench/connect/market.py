"""A county's people and the posts of all cities (市场), for the list of what is open to a person; and the bare page beside it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from deploy.cli.measures import Measure
from libs.common.database import Transaction, new_id
from libs.common.events.registry import LabourerRecorded, Wish
from services.matching.operations.lists import record_labourer
from services.matching.rules.lists import ListedVacancy
from services.matching.store import lists
from tests.bench.bare import bare_app, run_bare
from tests.bench.connect.office import MODULE, Office
from tests.bench.load import Question, Server, load, served
from tests.support.nodes import Nodes
from tests.support.servers import connect_superuser

COUNTY, CITIES = "n433124", ("370100", "430100", "440300")
PEOPLE, PAGES, ROUNDS = 400, 60, 5
OCCUPATIONS = ("6-25", "6-06", "4-03", "6-29", "4-14")
_BARE = """
CREATE SCHEMA bare;
CREATE TABLE bare.vacancy AS SELECT * FROM matching.vacancies;
ALTER TABLE bare.vacancy ADD PRIMARY KEY (vacancy);
GRANT USAGE ON SCHEMA bare TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA bare TO PUBLIC;
"""


def post(
    vacancy: UUID, *, openings: int = 5, city: str = "440300", wage: int = 4200, occupation: str = "6-25"
) -> ListedVacancy:
    """A post as its city announced it."""
    return ListedVacancy(
        vacancy=vacancy,
        node=f"n{city}",
        city=city,
        employer=None,
        employer_uscc="91440300XL0000066R",
        employer_name="深圳市鬼宿汽车部件有限公司",
        title="普工",
        industry="汽车零部件",
        occupation=occupation,
        openings=openings,
        openings_left=openings,
        reserved={},
        wage=wage,
        wage_max=None,
        wage_basis="month",
        age_min=18,
        age_max=50,
        education_min=0,
        certificates=(),
        demands=(),
        accommodations=(),
        starts_by=date(2017, 6, 1),
        offers=("board",),
        experience_points=0,
        announced_on=date(2017, 4, 1),
    )


def measure_market(nodes: Nodes, home: Path, vacancies: int, seed: int) -> Iterator[Measure]:
    """Pages of the posts on offer, and the best of them for one person, each beside a bare page of fifty posts."""
    random, people = Random(seed), [new_id() for _ in range(PEOPLE)]

    async def fill(tx: Transaction) -> None:
        for _ in range(vacancies):
            city, occupation, wage = random.choice(CITIES), random.choice(OCCUPATIONS), random.randint(28, 60) * 100
            await lists.upsert_vacancy(tx, post(new_id(), city=city, occupation=occupation, wage=wage))
        for person in people:
            await record_labourer(tx, _seeker(person, random))

    office = Office.open(nodes, COUNTY, home, fill)
    asyncio.run(_furnish(office))
    supply = [Question("/matching/v1/supply?limit=50")] * PAGES
    best = [Question(f"/matching/v1/recommendations/people/{person}") for person in people]
    with office.served() as ours, served(MODULE, "bare", home) as plain:
        for connections in (1, 32):
            yield _beside(
                office,
                ours,
                plain,
                f"岗位清单一页 posts on offer, 50 a page, {connections} 连接 connections",
                [supply],
                connections,
            )
            portions = [best[at::ROUNDS] for at in range(ROUNDS)]
            yield _beside(
                office,
                ours,
                plain,
                f"向一人开放的岗位 posts open to a person, {connections} 连接 connections",
                portions,
                connections,
            )


def _seeker(person: UUID, random: Random) -> LabourerRecorded:
    wish = Wish(
        visited=date(2017, 2, 1),
        willing=True,
        destinations=tuple(random.sample(CITIES, 2)),
        elsewhere="anywhere",
        wage_expected=random.choice((3000, 4500)),
        wage_minimum=2800,
        occupation=random.choice(OCCUPATIONS),
    )
    return LabourerRecorded(
        person=person,
        household=new_id(),
        county=COUNTY[1:],
        township="花垣镇",
        birth_date=date(random.randint(1970, 1998), 3, 1),
        education=random.randint(1, 4),
        labourer=True,
        employed=False,
        wish=wish,
        on=date(2017, 3, 31),
    )


def _beside(
    office: Office, ours: Server, plain: Server, name: str, portions: list[list[Question]], connections: int
) -> Measure:
    """Rounds by turns; each round asks one of the portions, the first is not counted."""
    token, bare = office.token(), [Question("/vacancies")] * PAGES
    asked = [portions[at % len(portions)] for at in range(ROUNDS + 1)]
    rounds = [(load(ours, token, each, connections), load(plain, token, bare, connections)) for each in asked][1:]
    ratio = median(one.rate / other.rate for one, other in rounds)
    own, other = (round(median(each.rate for each in side), 1) for side in zip(*rounds, strict=True))
    return Measure(name, own, other, "/s", "FastAPI + asyncpg", round(ratio, 2), least=0.3)


async def _furnish(office: Office) -> None:
    connection = await connect_superuser(office.settings.database_url, "matching")
    try:
        await connection.execute(_BARE, timeout=300)
        await connection.execute("VACUUM (ANALYZE)", timeout=300)
    finally:
        await connection.close()


def serve_bare(database_url: str, door: socket.socket) -> None:
    app = bare_app(database_url, "matching")

    @app.get("/vacancies")
    async def page() -> list[dict[str, Any]]:
        async with app.state.pool.acquire() as connection:
            rows = await connection.fetch("SELECT * FROM bare.vacancy ORDER BY vacancy LIMIT 50")
            return [dict(row) for row in rows]

    run_bare(app, door)
