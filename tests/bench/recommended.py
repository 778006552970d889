"""Recommendations over HTTP against a bare FastAPI route: servers in processes of their own, asked by turns from this one.

`ours`: the service's whole application (token, limits, metrics, a line of log for each answer) at a node of the instance's
largest county, its memory written from lists as the database would give them. `object`: a bare FastAPI application whose one
route returns the answer as a constant object; `typed`: the same with a response model; `ready`: one that returns a response
of as many bytes, ready beforehand. `first`: every question is about a person or vacancy that nobody has asked about before;
`again`: the same thousand questions by turns. Ratios are of answers a second, and of seconds of processor that a server spent
for each answer, which other work on the machine disturbs less: each the median of rounds in which all were asked in turn.
"""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import ExitStack
from math import inf
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Response

from libs.common.api.application import create_api
from libs.common.service import create_context
from libs.common.telemetry import start_logging
from services.matching.app import SERVICE
from services.matching.schemas.recommendations import PeopleForVacancy, VacanciesForPerson
from tests.bench.load import Load, Question, Server, load, served, taken
from tests.support.nodes import make_partners, token_of

MODULE = "tests.bench.recommended"
NODE = "n433124"
ROUNDS, CONNECTIONS, QUESTIONS = 5, 8, 1_000
# The bare answers are as large as the middle one of so many others.
MORE = 25
BARE = ("object", "typed", "ready")
MODELS = {"people": VacanciesForPerson, "vacancies": PeopleForVacancy}


def compare(folder: Path) -> dict[str, Any]:
    """Both ways; the bare routes answer with what ours answered first."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        with served(MODULE, "ours", home, str(folder)) as ours:
            told = json.loads((home / "told.json").read_text())
            found = {"county_people": told["county_people"], "book_cpu_seconds": told["seconds"]}
            return found | {way: _way(home, ours, told["token"], told[way]) for way in ("people", "vacancies")}


def _way(home: Path, ours: Server, token: str, paths: list[str]) -> dict[str, Any]:
    bodies = [_body(ours, token, path) for path in paths[QUESTIONS:]]
    body, paths = sorted(bodies, key=len)[len(bodies) // 2], paths[:QUESTIONS]
    (home / "body.json").write_text(body, encoding="utf-8")
    with ExitStack() as stack:
        servers = {"ours": ours} | {name: stack.enter_context(served(MODULE, name, home)) for name in BARE}
        questions = [Question(path) for path in paths]
        portions = [questions[at::ROUNDS] for at in range(ROUNDS)]
        first = [
            {name: load(server, token, portion, CONNECTIONS) for name, server in servers.items()}
            for portion in portions
        ]
        again = [
            {name: load(server, token, questions, CONNECTIONS) for name, server in servers.items()}
            for _ in range(ROUNDS)
        ]
    return {"bytes": len(body.encode()), "first": _told(first), "again": _told(again)}


def _body(ours: Server, token: str, path: str) -> str:
    answer = httpx.get(f"http://127.0.0.1:{ours.port}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=300)
    assert answer.status_code == 200, answer.text
    return answer.text


def _told(rounds: list[dict[str, Load]]) -> dict[str, Any]:
    rates = {name: round(median(each[name].rate for each in rounds)) for name in ("ours", *BARE)}
    ratios = {f"of_{name}": round(median(each["ours"].rate / each[name].rate for each in rounds), 2) for name in BARE}
    return {
        "a_second": rates,
        **ratios,
        **{
            f"processor_of_{name}": round(median(each[name].cost / each["ours"].cost for each in rounds), 2)
            for name in BARE
        },
    }


def serve_bare(what: str, home: Path, port: int) -> None:
    body = (home / "body.json").read_text(encoding="utf-8")
    app, data, content = FastAPI(), json.loads(body), body.encode()
    model = MODELS["people" if "person" in data else "vacancies"]
    path = "/matching/v1/recommendations/{way}/{name}"
    known = model.model_validate(data)

    async def ready(way: str, name: str) -> Response:
        return Response(content, media_type="application/json")

    async def typed(way: str, name: str) -> Any:
        return known

    async def plain(way: str, name: str):  # type: ignore[no-untyped-def]  # without any word on what it returns
        return data

    if what == "typed":
        app.get(path, response_model=model)(typed)
    else:
        app.get(path)(ready if what == "ready" else plain)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run([taken(port)])


def serve_ours(home: Path, port: int, folder: Path) -> None:
    from tests.bench.county import largest_county

    door = taken(port)
    make_partners(home / "nodes")
    keys = home / "nodes" / NODE
    settings = SERVICE.settings(
        node=NODE,
        kafka="-",
        keys=keys / "keys",
        partners=keys / "partners.json",
        database_url="postgresql+asyncpg://{service}@/none",
        limit_caller="1000000000 per 1 second",
    )
    context = create_context(SERVICE, settings)
    book, seconds = largest_county(folder, context.node.code)
    book.rehearse()
    context.cache.book = book
    context.cache._followed = inf  # the lists of no database are followed
    told = {
        "people": [f"/matching/v1/recommendations/people/{person}" for person in book.persons[: QUESTIONS + MORE]],
        "seconds": seconds,
        "token": token_of(context),
        "vacancies": [
            f"/matching/v1/recommendations/vacancies/{offer.vacancy}" for offer in book.offers[: QUESTIONS + MORE]
        ],
    }
    (home / "told.json").write_text(json.dumps(told | {"county_people": len(book.persons)}))
    start_logging()
    uvicorn.Server(uvicorn.Config(create_api(context), log_config=None, access_log=False, lifespan="off")).run([door])


if __name__ == "__main__":
    if sys.argv[1] == "ours":
        serve_ours(Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    else:
        serve_bare(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
