"""What a guarded door costs against a bare one: `python -m tests.bench.doors measure` prints JSON.

`read`: one person by id (token, table of rights, row-level security, decryption, masks, ETag, metrics) against a bare FastAPI
route that answers with one row by asyncpg. `page`: fifty masked people against fifty bare rows. `write`: a vacancy
(validation, idempotency, outbox) against a bare insert with its outbox row in one transaction. The same PostgreSQL serves all;
servers are processes of their own, asked by turns. A ratio is the median over rounds of ours / bare: answers a second and
1 / processor time for each answer. Milliseconds are told beside, for whoever knows the machine.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import uvicorn

from deploy.cli.signals import end_in_order
from libs.common.api.application import create_api
from libs.common.service import Service, ServiceContext, create_context
from libs.common.telemetry import start_logging
from services.jobs.app import SERVICE as JOBS
from services.registry.app import SERVICE as REGISTRY
from tests.bench import bare
from tests.bench.load import Load, Question, Server, load, served, taken
from tests.integration.registry.files import send
from tests.support.nodes import WAITING, Nodes, client_of, token_of

MODULE = "tests.bench.doors"
COUNTY, CITY = "n433124", "n440300"
SERVICES = {"registry": REGISTRY, "jobs": JOBS}
CONNECTIONS, ROUNDS, QUESTIONS, PAGES = (1, 32), 5, 400, 60
EMPLOYERS = Path(__file__).parents[2] / "deploy" / "demo" / "data" / "employers-440300.xlsx"


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        home = Path(scratch)
        told = asyncio.run(_furnish(home))
        servers = {name: stack.enter_context(served(MODULE, name, home)) for name in (*SERVICES, "bare")}
        return {
            name: _compare(servers[ours], servers["bare"], told["tokens"][ours], *both)
            for name, (ours, *both) in _scenes(told).items()
        }


async def _furnish(home: Path) -> dict[str, Any]:
    """A county with its people and a city with its employers, on databases that outlive the offices."""
    nodes = Nodes(home / "nodes")
    registry, jobs = await nodes.open(REGISTRY, COUNTY), await nodes.open(JOBS, CITY)
    async with client_of(registry) as client:
        (await send(client, "people")).raise_for_status()
        people = [row["id"] for row in await _list(client, "/registry/v1/labourers")]
    async with client_of(jobs) as client:
        files = {"file": (EMPLOYERS.name, EMPLOYERS.read_bytes())}
        told = {"data": {"kind": "employers"}, "files": files, "headers": WAITING}
        (await client.post("/jobs/v1/imports", **told, timeout=60)).raise_for_status()
        firm = (await _list(client, "/jobs/v1/employers"))[0]["uscc"]
    bare.furnish(registry.settings.database_url)
    for context in (registry, jobs):
        (home / f"{context.service.name}.json").write_text(context.settings.model_dump_json())
        await context.close()
    return {"people": people, "firm": firm, "tokens": {"registry": _token(registry), "jobs": _token(jobs)}}


async def _list(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    answer = await client.get(path, params={"limit": 200})
    return list(answer.raise_for_status().json()["items"])


def _token(context: ServiceContext) -> str:
    return token_of(context)


def _scenes(
    told: dict[str, Any],
) -> dict[str, tuple[str, Callable[[], Iterator[Question]], Callable[[], Iterator[Question]]]]:
    people = [told["people"][at % len(told["people"])] for at in range(QUESTIONS)]

    def vacancies(path: str) -> Iterator[Question]:
        for _ in range(QUESTIONS):
            body = {
                "employer_uscc": told["firm"],
                "title": f"普工 {uuid.uuid4().hex[:8]}",
                "openings": 3,
                "wage": 4500,
                "offers": ["board"],
            }
            yield Question(path, json.dumps(body).encode(), {"Idempotency-Key": uuid.uuid4().hex})

    return {
        "read": (
            "registry",
            lambda: (Question(f"/registry/v1/labourers/{one}") for one in people),
            lambda: (Question(f"/people/{one}") for one in people),
        ),
        "page": (
            "registry",
            lambda: (Question("/registry/v1/labourers?limit=50") for _ in range(PAGES)),
            lambda: (Question("/people") for _ in range(PAGES)),
        ),
        "write": ("jobs", lambda: vacancies("/jobs/v1/vacancies"), lambda: vacancies("/vacancies")),
    }


def _compare(
    ours: Server,
    plain: Server,
    token: str,
    our: Callable[[], Iterator[Question]],
    their: Callable[[], Iterator[Question]],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for connections in CONNECTIONS:
        (
            load(ours, token, our(), connections),
            load(plain, token, their(), connections),
        )  # what is made at first use is made
        rounds = [
            (load(ours, token, our(), connections), load(plain, token, their(), connections)) for _ in range(ROUNDS)
        ]
        found[f"{connections}_connections"] = {
            "ratio": round(median(one.rate / other.rate for one, other in rounds), 2),
            "processor_ratio": round(median(other.cost / one.cost for one, other in rounds), 2),
            "ours": _told([one for one, _ in rounds]),
            "bare": _told([other for _, other in rounds]),
        }
    return found


def _told(loads: list[Load]) -> dict[str, float]:
    cuts = quantiles([seconds for one in loads for seconds in one.seconds], n=100)
    return {
        "p50_ms": round(cuts[49] * 1000, 2),
        "p99_ms": round(cuts[98] * 1000, 2),
        "processor_us": round(median(one.cost for one in loads) * 1e6),
        "a_second": round(median(one.rate for one in loads)),
    }


# Every request is counted against a limit as at any node; one token asks more often here than any caller may.
UNLIMITED = {"limit_caller": "1000000000 per 1 second"}


def serve(service: Service, home: Path, port: int) -> None:
    """The service's whole application, as a node serves it."""
    door = taken(port)
    settings = service.settings.model_validate_json((home / f"{service.name}.json").read_text())
    start_logging()
    app = create_api(create_context(service, settings.model_copy(update=UNLIMITED)))
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run([door])


def main(what: str, *given: str) -> None:
    if what == "measure":
        print(json.dumps(measure()))
    elif what == "bare":
        home, port = Path(given[0]), int(given[1])
        bare.serve(json.loads((home / "registry.json").read_text())["database_url"], taken(port))
    else:
        serve(SERVICES[what], Path(given[0]), int(given[1]))


if __name__ == "__main__":
    end_in_order()
    main(*sys.argv[1:])
