"""Recommendations at a county: the plain rules' order, reasons that add up, memory that follows the lists, cutoffs of the last run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.database import new_id
from libs.common.events.jobs import VacancyWithdrawn
from libs.common.service import ServiceContext
from libs.common.workers import refresh
from services.matching.app import SERVICE
from services.matching.files import published_weights
from services.matching.operations.recommendations import RecommendationIndex, read_lists
from services.matching.rules.choice import admitted
from services.matching.rules.scores import feasible, option, options
from services.matching.schemas.recommendations import PeopleForVacancy, VacanciesForPerson
from tests.integration.matching.scenes import COUNTIES, a_scene, announce_and_allot
from tests.support import eventually
from tests.support.nodes import Nodes, client_of
from tests.support.telling import SPRING, a_labourer, a_vacancy, a_wish, tell

PEOPLE, VACANCIES = "/matching/v1/recommendations/people", "/matching/v1/recommendations/vacancies"
WEIGHTS = published_weights()["2017.1"]


@pytest.fixture
async def county(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n433124")


@asynccontextmanager
async def following(context: ServiceContext) -> AsyncIterator[None]:
    """What a serving process does beside its door."""
    context.settings.remember_seconds = 0.05  # type: ignore[attr-defined]
    task = asyncio.create_task(refresh(context))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def answer(client: httpx.AsyncClient, path: str, **asked: Any) -> dict[str, Any]:
    got = await client.get(path, params=asked)
    assert got.status_code == 200, got.text
    (VacanciesForPerson if "/people/" in path else PeopleForVacancy).model_validate_json(got.content)
    found: dict[str, Any] = got.json()
    return found


async def book_of(context: ServiceContext) -> RecommendationIndex:
    async with context.database.reading() as tx:
        return RecommendationIndex(await read_lists(tx))


def points_of(item: dict[str, Any]) -> tuple[int, int]:
    """The parts, added up."""
    return sum(item["utility_parts"].values()), sum(item["priority_parts"].values())


async def test_a_person_is_shown_the_best_vacancies_in_the_order_of_the_plain_rules(county: ServiceContext) -> None:
    person = a_labourer(wish=a_wish(destinations=("430100",), needs=("board",)))
    jobs = [a_vacancy(city, wage=wage) for city in ("430100", "440300") for wage in range(2000, 5000, 150)]
    await tell(county, person, a_labourer())
    for city in ("430100", "440300"):
        await tell(county, *[job for job in jobs if job.city == city], node=f"n{city}", service="jobs")
    book = await book_of(county)
    due = options(book.people[person.person], book.vacancies, WEIGHTS, bytes(16))
    assert len(due) > 20
    async with client_of(county) as officer:
        shown = await answer(officer, f"{PEOPLE}/{person.person}")
        assert [item["vacancy"] for item in shown["items"]] == [each.vacancy for each in due[:20]]
        assert [(item["utility"], item["priority"]) for item in shown["items"]] == [
            (each.utility, each.priority) for each in due[:20]
        ]
        assert all(points_of(item) == (item["utility"], item["priority"]) for item in shown["items"])
        assert all(item["realistic"] and "no run" in item["en"] for item in shown["items"])
        assert [item["vacancy"] for item in (await answer(officer, f"{PEOPLE}/{person.person}", limit=3))["items"]] == [
            each.vacancy for each in due[:3]
        ]


async def test_a_vacancy_is_shown_the_best_of_the_countys_people(county: ServiceContext) -> None:
    job = a_vacancy(education_min=2)
    people = [
        a_labourer(burden=burden, education=burden % 4, wish=a_wish(refused=("440300",) if burden == 50 else ()))
        for burden in range(60)
    ]
    await tell(county, *people)
    await tell(county, job, node="n440300", service="jobs")
    book = await book_of(county)
    able = {
        person: option(facts, book.vacancies[0], WEIGHTS, bytes(16)).key
        for person, facts in book.people.items()
        if feasible(facts, book.vacancies[0])
    }
    async with client_of(county) as officer:
        shown = await answer(officer, f"{VACANCIES}/{job.vacancy}")
    assert [item["person"] for item in shown["items"]] == [
        str(each) for each in sorted(able, key=lambda each: -able[each])[:20]
    ]
    assert all(points_of(item)[1] == item["priority"] for item in shown["items"])


async def test_what_stands_between_a_pair_is_named_where_it_is_asked(county: ServiceContext) -> None:
    person, far, near = (
        a_labourer(wish=a_wish(refused=("440300",))),
        a_vacancy("440300", age_max=20),
        a_vacancy("430100"),
    )
    await tell(county, person)
    await tell(county, far, node="n440300", service="jobs")
    await tell(county, near, node="n430100", service="jobs")
    async with client_of(county) as officer:
        why = (await answer(officer, f"{PEOPLE}/{person.person}", about=str(far.vacancy)))["about"]
        assert (why["kind"], why["failed"]) == ("rule", ["age_max", "destination_refused"])
        assert "年龄超过" in why["zh"]
        why = (await answer(officer, f"{VACANCIES}/{near.vacancy}", about=str(person.person)))["about"]
        assert (why["kind"], why["failed"]) == ("realistic", [])
        assert (await answer(officer, f"{VACANCIES}/{far.vacancy}"))["items"] == []


async def test_who_and_what_is_not_on_the_lists_is_a_404(county: ServiceContext) -> None:
    seeking, settled, job = a_labourer(), a_labourer(wish=a_wish(willing=False)), a_vacancy()
    await tell(county, seeking, settled)
    await tell(county, job, node="n440300", service="jobs")
    async with client_of(county) as officer:
        for path in (
            f"{PEOPLE}/{settled.person}",
            f"{PEOPLE}/{new_id()}",
            f"{VACANCIES}/{new_id()}",
            f"{PEOPLE}/{seeking.person}?about={new_id()}",
        ):
            refused = await officer.get(path)
            assert (refused.status_code, refused.json()["type"]) == (404, "urn:xieli:problem:not-on-the-lists")
        assert (await officer.get(f"{PEOPLE}/{seeking.person}?limit=21")).status_code == 422


async def test_only_who_may_propose_asks_and_a_cadre_for_the_own_township(county: ServiceContext) -> None:
    here, there, job = a_labourer(burden=1), [a_labourer(burden=90, township="边城镇") for _ in range(25)], a_vacancy()
    await tell(county, here, *there)
    await tell(county, job, node="n440300", service="jobs")
    for role in ("analyst", "employer", "auditor"):
        async with client_of(county, role) as other:
            assert (await other.get(f"{PEOPLE}/{here.person}")).status_code == 403
    async with client_of(county, regions=["440300"]) as stranger:
        assert (await stranger.get(f"{VACANCIES}/{job.vacancy}")).status_code == 403
    async with client_of(county, "cadre", regions=["433124:花垣镇"]) as cadre:
        assert [item["person"] for item in (await answer(cadre, f"{VACANCIES}/{job.vacancy}"))["items"]] == [
            str(here.person)
        ]
        assert (await cadre.get(f"{PEOPLE}/{here.person}")).status_code == 200
        for path in (f"{PEOPLE}/{there[0].person}", f"{VACANCIES}/{job.vacancy}?about={there[0].person}"):
            assert (await cadre.get(path)).status_code == 404


async def test_memory_follows_vacancies_people_and_agreements(county: ServiceContext) -> None:
    person, job, later = a_labourer(), a_vacancy(wage=3000), a_vacancy(wage=4500)
    await tell(county, person)
    await tell(county, job, node="n440300", service="jobs")

    async with following(county), client_of(county) as officer:

        async def shows(*vacancies: UUID) -> bool:
            shown = await answer(officer, f"{PEOPLE}/{person.person}")
            return [item["vacancy"] for item in shown["items"]] == [str(each) for each in vacancies]

        async def is_gone() -> bool:
            return (await officer.get(f"{PEOPLE}/{person.person}")).status_code == 404

        await eventually(lambda: shows(job.vacancy), within=60)
        await tell(county, later, node="n440300", service="jobs")
        await eventually(lambda: shows(later.vacancy, job.vacancy), within=60)
        withdrawn = VacancyWithdrawn(vacancy=later.vacancy, city="440300", reason="filled", on=SPRING)
        await tell(county, withdrawn, node="n440300", service="jobs")
        await eventually(lambda: shows(job.vacancy), within=60)
        await tell(county, person.model_copy(update={"wish": a_wish(willing=False)}))
        await eventually(is_gone, within=60)


async def test_questions_are_answered_without_the_database(
    county: ServiceContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, job = a_labourer(), a_vacancy()
    await tell(county, person)
    await tell(county, job, node="n440300", service="jobs")
    async with client_of(county) as officer:
        await answer(officer, f"{PEOPLE}/{person.person}")
        monkeypatch.setattr(type(county.database), "reading", lambda self: pytest.fail("asked the database"))
        assert len((await answer(officer, f"{PEOPLE}/{person.person}"))["items"]) == 1
        assert len((await answer(officer, f"{VACANCIES}/{job.vacancy}"))["items"]) == 1


async def test_after_a_run_whom_its_cutoffs_admit_comes_first(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 40, people=24)
    await announce_and_allot(scene, openings=3)
    await scene.bus.run()
    seen: set[bool] = set()
    for node in COUNTIES:
        book = await book_of(scene.contexts[node])
        assert book.run == scene.run
        async with client_of(scene.contexts[node]) as officer:
            for person, facts in book.people.items():
                shown = await answer(officer, f"{PEOPLE}/{person}")
                jobs = {job.vacancy: job for job in book.vacancies}
                keys = {
                    item["vacancy"]: option(facts, jobs[item["vacancy"]], book.weights, book.seed).key
                    for item in shown["items"]
                }
                due = {name: admitted(key, facts.groups, book.cutoffs[name]) for name, key in keys.items()}
                told = [item["realistic"] for item in shown["items"]]
                assert {item["vacancy"]: item["realistic"] for item in shown["items"]} == due
                assert told == sorted(told, reverse=True)
                seen |= set(told)
        await _held_places_are_realistic(scene.contexts[node], book)
    assert seen == {True, False}


async def _held_places_are_realistic(context: ServiceContext, book: RecommendationIndex) -> None:
    async with client_of(context) as officer:
        held = (await officer.get("/matching/v1/introductions", params={"state": "held"})).json()["items"]
        assert held
        for each in held:
            shown = await answer(officer, f"{PEOPLE}/{each['person']}", about=each["vacancy"])
            assert shown["about"]["kind"] == "realistic"
            assert shown["about"]["priority"] == each["priority"]
