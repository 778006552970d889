"""One real PostgreSQL and one real Kafka for a whole test session, stopped and removed when it ends.

Use: `fresh_database()` for an empty database with a schema and role for each service (25-60 ms), `start_kafka().wire()`.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import uuid
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from deploy.local import kafka, postgres
from deploy.local.node_certificates import NodeCertificates
from deploy.local.paths import cache_directory
from deploy.local.postgres import SERVICES
from deploy.local.processes import Running, kill

# Thousands of databases are made and dropped again: in memory a disk that others keep busy holds nobody up.
_MEMORY, _ROOM = Path("/dev/shm"), 4 * 2**30


@cache
def _sessions() -> Path:
    """In memory where there is room, else beside the other things that can be made anew."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        return _MEMORY / f"xieli-tests-{os.getuid()}"
    return cache_directory() / "tests"


@cache
def session_directory() -> Path:
    """The directory of this session; what a session that was killed has left behind is removed first."""
    _sweep()
    home = _sessions() / str(os.getpid())
    home.mkdir(parents=True, exist_ok=True)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


def _sweep() -> None:
    for left in _sessions().glob("[0-9]*"):
        if not psutil.pid_exists(int(left.name)) or int(left.name) == os.getpid():
            for record in left.glob("*.pid.json"):
                kill(Running(**json.loads(record.read_text())))
            shutil.rmtree(left, ignore_errors=True)


def _remember(running: Running) -> None:
    record = {"name": running.name, "pid": running.pid, "born": running.born}
    (session_directory() / f"{running.name}.pid.json").write_text(json.dumps(record))


@cache
def start_postgres() -> postgres.Postgres:
    """The session's PostgreSQL (fsync off: it dies with the session)."""
    home = session_directory()
    server = postgres.start_postgres(home / "postgres", home / "postgres.log", unsafe_but_quick=True)
    _remember(server.running)
    atexit.register(_end, server.running, home / "postgres", server.socket)
    return server


@cache
def start_kafka() -> kafka.Broker:
    """The session's broker; `.wire()` is the way to it. Services that only tests know may do everything there."""
    home = session_directory()
    broker = kafka.start_kafka(
        home / "kafka", home / "kafka.log", NodeCertificates("n433124", home / "wires", extra=(*SERVICES, "sample"))
    )
    _remember(broker.running)
    atexit.register(_end, broker.running, home / "kafka")
    return broker


def _end(running: Running, *directories: Path) -> None:
    """Nothing in it is wanted any more, so no time is spent on a gentle end."""
    kill(running)
    for directory in directories:
        shutil.rmtree(directory, ignore_errors=True)


def fresh_database(label: str = "t") -> str:
    """A new database with an empty schema for each service; its SQLAlchemy URL with `{service}` for the role."""
    server = start_postgres()
    name = f"{label}_{uuid.uuid4().hex[:16]}"
    postgres.ask(server.socket, f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY wal_log")
    postgres.ask(server.socket, postgres.schemas_sql(name), database=name)
    return f"postgresql+asyncpg://{{service}}@/{name}?host={server.socket}"


def copy_of(url: str) -> str:
    """A new database with everything that stands in another one (nobody may be connected to that one)."""
    server, source, name = start_postgres(), _name_in(url), f"t{uuid.uuid4().hex[:16]}"
    # Files are copied as files: what is written once more into a log costs twice as much.
    made = f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy;"
    postgres.ask(server.socket, f"{made}\n{postgres.grants_sql(name)}")
    return f"postgresql+asyncpg://{{service}}@/{name}?host={server.socket}"


async def connect_superuser(url: str, schema: str) -> asyncpg.Connection[Any]:
    """A connection that may do anything to one database: whoever owns the server."""
    socket = start_postgres().socket
    return await asyncpg.connect(
        host=str(socket),
        user=postgres.SUPERUSER,
        database=_name_in(url),
        passfile=str(socket / postgres.PASSFILE),
        server_settings={"search_path": schema},
    )


def remove_databases(urls: Sequence[str]) -> None:
    """Drop databases again, whoever is still connected to them."""
    dropped = [f"DROP DATABASE IF EXISTS {_name_in(url)} WITH (FORCE);" for url in urls]
    if dropped:
        postgres.ask(start_postgres().socket, "\n".join(dropped))


def _name_in(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]
