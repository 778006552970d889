"""The same rooms in every service, a closed list of plumbing, and the few things that no lint can see."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

ROOT = Path(__file__).parents[2]
SERVICES = ["registry", "jobs", "matching", "retention", "console"]
ROOMS = {
    "__init__",
    "__main__",
    "settings",
    "app",
    "routes",
    "schemas",
    "subscriptions",
    "workers",
    "operations",
    "rules",
    "store",
    "tables",
    "migrations",
}
# Rooms that only one service has, each with its reason.
EXTRA = {
    # Parquet and the versioned weights: matching is also a tool on files, with a kernel in machine code for a province's
    # millions, a verifier that shares nothing with it, and what the command line asks of them (`offline`).
    "matching": {"files", "weights", "kernel", "reference", "verify", "offline"},
    "retention": {"policies"},  # subsidy rules as data
    # Pages and their texts, how they are put together, and the other services as the signed-in person sees them.
    "console": {"static", "templates", "words", "rendering", "clients"},
}
PLUMBING = {
    "access",
    "api",
    "audit",
    "calendar",
    "codes",
    "database",
    "erasing",
    "events",
    "exports",
    "faults",
    "housekeeping",
    "identity",
    "imports",
    "inbox",
    "indicators",
    "issuers",
    "kafka",
    "kafka_connection",
    "key_rings",
    "listener",
    "masks",
    "merged_people",
    "messaging_tables",
    "migrations",
    "node",
    "outbox",
    "pools",
    "many_rows",
    "prepared_queries",
    "privacy",
    "problems",
    "relay",
    "revocations",
    "rotation",
    "row_mapping",
    "runtime",
    "service",
    "service_client",
    "settings",
    "sheets",
    "single_rows",
    "small_numbers",
    "supervision",
    "telemetry",
    "tokens",
    "values",
    "workers",
}


def names_in(directory: Path) -> set[str]:
    return {
        path.stem
        for path in directory.iterdir()
        if (path.suffix == ".py" or path.is_dir()) and path.name not in ("__pycache__",)
    }


def python_files(*roots: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *roots], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    return [ROOT / name for name in listed if name.endswith(".py") and (ROOT / name).exists()]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_rooms_and_no_others(service: str) -> None:
    assert names_in(ROOT / "services" / service) <= ROOMS | EXTRA.get(service, set())
    assert {"__init__", "__main__", "app", "operations", "store", "tables"} <= names_in(ROOT / "services" / service)


@pytest.mark.parametrize("service", SERVICES)
def test_the_door_plate_says_what_a_service_is_for(service: str) -> None:
    plate = (
        ast.get_docstring(ast.parse((ROOT / "services" / service / "__init__.py").read_text(encoding="utf-8"))) or ""
    )
    assert all(word in plate.lower() for word in ("owns", "answers", "announces", "listens", "promises"))


def test_the_plumbing_is_a_closed_list() -> None:
    assert names_in(ROOT / "libs" / "common") - {"__init__"} == PLUMBING


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_are_one_line_of_history(service: str) -> None:
    """Two that were written at the same time both follow the same one, and a database can follow neither."""
    scripts = ScriptDirectory(str(ROOT / "services" / service / "migrations"))
    line = [script.revision for script in scripts.walk_revisions()]
    files = sorted(
        (path.name[:4] for path in (ROOT / "services" / service / "migrations" / "versions").glob("*.py")), reverse=True
    )
    assert line == files


def test_every_module_has_a_sign_on_its_door() -> None:
    bare = [
        path.relative_to(ROOT).as_posix()
        for path in python_files("libs", "services", "deploy", "tests")
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not bare


def test_nothing_below_a_door_commits() -> None:
    committing = [
        path.relative_to(ROOT).as_posix()
        for path in python_files("services", "libs")
        if re.search(r"\.commit\(", path.read_text(encoding="utf-8"))
    ]
    assert set(committing) <= {"libs/common/pools.py", "libs/common/api/recording.py", "libs/common/kafka.py"}


def test_only_the_clock_asks_for_the_time() -> None:
    asking = [
        path.relative_to(ROOT).as_posix()
        for path in python_files("services", "libs")
        if re.search(r"datetime\.now|date\.today|time\.time\(", path.read_text(encoding="utf-8"))
    ]
    assert asking == ["libs/common/node.py"]


def test_no_service_knows_that_it_is_in_a_demo() -> None:
    knowing = [
        path
        for path in python_files("services", "libs")
        if re.search(r"\bdemo\b", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert not knowing


def test_no_file_names_a_registry_host_or_a_download_address() -> None:
    host = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs|maven|debian|crates)\.")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    paths = [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    naming = [path.name for path in paths if host.search(path.read_text(encoding="utf-8", errors="ignore"))]
    assert not naming


def test_nobody_notifies_within_a_transaction_of_the_business() -> None:
    """PostgreSQL lets transactions that notify commit one after the other; `tx.hint` tells afterwards, many at once."""
    notifying = [
        path.relative_to(ROOT).as_posix()
        for path in python_files("services", "libs")
        if re.search(r"pg_notify|[\"']NOTIFY", path.read_text(encoding="utf-8"))
    ]
    assert notifying == ["libs/common/pools.py", "libs/common/relay.py"]
