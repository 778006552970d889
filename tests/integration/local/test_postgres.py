"""PostgreSQL of a node's own: roles that cannot read each other, data that outlives a crash, paths of any kind."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local import postgres
from deploy.local.paths import cache_directory
from deploy.local.processes import kill


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A directory whose path is long, has a space and is Chinese; below the cache, where PostgreSQL's user may walk."""
    import shutil

    home = cache_directory() / "tests" / "劳务 协作" / ("x" * 120) / request.node.name[:40]
    home.mkdir(parents=True, exist_ok=True)
    yield home
    shutil.rmtree(home, ignore_errors=True)


def test_a_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    server = postgres.start_postgres(home / "data", home / "log")
    postgres.ask(
        server.socket,
        "CREATE TABLE jobs.kept (n int); INSERT INTO jobs.kept VALUES (7)",
        database="xieli",
        role="jobs_owner",
    )
    kill(server.running)
    again = postgres.start_postgres(home / "data", home / "log")
    try:
        assert postgres.ask(again.socket, "SELECT n FROM jobs.kept", database="xieli", role="jobs_owner") == "7"
        assert len(str(again.socket)) < 80
    finally:
        again.stop()
    assert not again.running.alive()
    assert not again.socket.exists()


def test_a_server_that_cannot_be_made_ready_is_not_left_running(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(server: postgres.Postgres) -> None:
        raise postgres.PostgresUnusable(f"no roles for {server.running.pid}")

    monkeypatch.setattr(postgres, "_make_roles", fails)
    with pytest.raises(postgres.PostgresUnusable, match="no roles") as failed:
        postgres.start_postgres(home / "data", home / "log", unsafe_but_quick=True)
    assert not psutil.pid_exists(int(str(failed.value).split()[-1]))
    assert not (home / "data" / "postmaster.pid").exists()


def test_a_service_cannot_read_anothers_tables(home: Path) -> None:
    server = postgres.start_postgres(home / "data", home / "log", unsafe_but_quick=True)
    try:
        postgres.ask(server.socket, "CREATE TABLE registry.secret (name text)", database="xieli", role="registry_owner")
        for other in ("registry", "jobs", "matching", "retention", "console", "jobs_owner"):
            with pytest.raises(postgres.PostgresUnusable, match="permission denied"):
                postgres.ask(server.socket, "SELECT * FROM registry.secret", database="xieli", role=other)
            with pytest.raises(postgres.PostgresUnusable, match="permission denied"):
                postgres.ask(server.socket, "CREATE TABLE registry.mine (n int)", database="xieli", role=other)
    finally:
        server.stop()


def test_a_failing_statement_is_not_written_to_the_log(home: Path) -> None:
    server = postgres.start_postgres(home / "data", home / "log", unsafe_but_quick=True)
    try:
        with pytest.raises(postgres.PostgresUnusable):
            postgres.ask(server.socket, "SELECT '433124199001010011'::date", database="xieli", role="registry")
    finally:
        server.stop()
    assert "SELECT" not in (home / "log").read_text()
