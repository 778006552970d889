"""The yardstick of `doors`: FastAPI and asyncpg with nothing around them, over plain copies of the same rows."""

from __future__ import annotations

import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import make_url

from deploy.local import postgres
from tests.support.servers import start_postgres

_FURNISH = """
CREATE SCHEMA bare;
CREATE TABLE bare.person AS
SELECT id, household, sex, birth_date, township, village, ethnic_group, kinship, education, ability, health, labourer, version
FROM registry.person;
ALTER TABLE bare.person ADD PRIMARY KEY (id);
CREATE TABLE bare.vacancy (id uuid PRIMARY KEY, employer_uscc text, title text, openings int, wage int, offers text[]);
CREATE TABLE bare.outbox (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text, key text, data jsonb);
GRANT USAGE ON SCHEMA bare TO PUBLIC;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA bare TO PUBLIC;
"""


class Vacancy(BaseModel):
    """As little as a vacancy can be."""

    employer_uscc: str
    title: str
    openings: int
    wage: int
    offers: list[str]


def furnish(database_url: str) -> None:
    """The plain tables, in the database of the registry."""
    postgres.ask(start_postgres().socket, _FURNISH, database=str(make_url(database_url).database))


def bare_app(database_url: str, service: str) -> FastAPI:
    """FastAPI with a pool of asyncpg at `app.state.pool`, as a service's role, and no route yet."""
    url = make_url(database_url.replace("{service}", service))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            user=url.username, password=url.password, database=url.database, host=str(url.query["host"])
        ) as pool:
            app.state.pool = pool
            yield

    return FastAPI(lifespan=lifespan)


def run_bare(app: FastAPI, door: socket.socket) -> None:
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run([door])


def serve(database_url: str, door: socket.socket) -> None:
    app = bare_app(database_url, "registry")
    _routes(app)
    run_bare(app, door)


def _routes(app: FastAPI) -> None:
    @app.get("/people/{person}")
    async def show(person: uuid.UUID) -> dict[str, Any]:
        async with app.state.pool.acquire() as connection:
            return dict(await connection.fetchrow("SELECT * FROM bare.person WHERE id = $1", person))

    @app.get("/people")
    async def page() -> list[dict[str, Any]]:
        async with app.state.pool.acquire() as connection:
            return [dict(row) for row in await connection.fetch("SELECT * FROM bare.person ORDER BY id LIMIT 50")]

    @app.post("/vacancies", status_code=201)
    async def create(body: Vacancy) -> dict[str, Any]:
        row = uuid.uuid4()
        async with app.state.pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO bare.vacancy VALUES ($1, $2, $3, $4, $5, $6)",
                row,
                body.employer_uscc,
                body.title,
                body.openings,
                body.wage,
                body.offers,
            )
            await connection.execute(
                "INSERT INTO bare.outbox (topic, key, data) VALUES ('public.vacancy', $1, $2)",
                str(row),
                body.model_dump_json(),
            )
        return {"id": row, **body.model_dump()}
