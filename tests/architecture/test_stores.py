"""Stores speak one language: one verb for each thing they do, and facts of the domain instead of rows and dictionaries."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.test_rooms import ROOT, SERVICES, python_files

# One or NotFound, one or None, several, held until the end of the transaction, and what changes.
VERBS = ("get", "find", "list", "lock", "insert", "insert_if_absent", "upsert", "update", "delete", "count")

# What is JSON by nature, or columns by name, each file with what it holds; everything else has a type of its own.
JSON_DOCUMENTS = {
    "deploy/cli/bench.py": "figures of a measuring process, as it printed them",
    "deploy/cli/bench_fairness.py": "figures of a measuring process, as it printed them",
    "deploy/cli/imports.py": "the report of an import",
    "deploy/demo/cast.py": "what a node's door answered, as it came",
    "libs/common/api/answers.py": "`responses` in the OpenAPI document",
    "libs/common/api/document.py": "the OpenAPI document",
    "libs/common/api/feed.py": "a structured CloudEvent",
    "libs/common/api/json_body.py": "bodies as they came",
    "libs/common/api/pagination.py": "the fields of an answer by name",
    "libs/common/audit/routes.py": "the details of a record",
    "libs/common/audit/trail.py": "the details of a record",
    "libs/common/codes/data.py": "data files",
    "libs/common/events/matching/weights.py": "weights as published",
    "libs/common/events/signatures.py": "the attributes of a CloudEvent",
    "libs/common/exports.py": "what an export was asked for",
    "libs/common/imports/answers.py": "the report of an import",
    "libs/common/imports/mending.py": "the report of an import",
    "libs/common/imports/model.py": "the report of an import",
    "libs/common/imports/refused.py": "rows of an answer, by the headings of the form",
    "libs/common/imports/repairing.py": "the report of an import",
    "libs/common/imports/report.py": "the report of an import",
    "libs/common/imports/taking.py": "the report of an import",
    "libs/common/imports/trying.py": "the report of an import",
    "libs/common/privacy.py": "what was sealed",
    "libs/common/problems.py": "a problem's body",
    "libs/common/relay.py": "the attributes of a CloudEvent",
    "libs/common/rotation.py": "columns of any table by name",
    "libs/common/sheets/wire.py": "a line between two processes",
    "libs/common/sheets/worker.py": "a line between two processes",
    "services/console/clients/__init__.py": "what another service answered, as it came",
    "services/console/routes/fairs.py": "another service's answer, as it came",
    "services/console/routes/forms/showing.py": "the page's path and another service's answer, as they came",
    "services/console/rules/accounts.py": "the facts column of a change",
    "services/console/rules/forms.py": "the body of an operation of another service",
    "services/console/rules/repairs.py": "the body of an operation of another service",
    "services/console/rules/systems.py": "JWKs",
    "services/jobs/rules/employer_sheets.py": "the report of an import",
    "services/jobs/rules/severity.py": "the report of an import",
    "services/jobs/rules/vacancy_sheets.py": "the report of an import",
    "services/matching/files/rows.py": "rows of Parquet files",
    "services/matching/kernel/jit.py": "options of the compiler",
    "services/matching/kernel/recommending.py": "arrays by name",
    "services/matching/kernel/serialization.py": "arrays by name, as a state file has them",
    "services/matching/offline/reports.py": "the answer of a command",
    "services/matching/offline/verification.py": "the answer of a command",
    "services/matching/operations/runs/review.py": "a signed certificate's payload",
    "services/matching/routes/weights.py": "responses in the OpenAPI document",
    "services/matching/rules/columns.py": "arrays by name",
    "services/matching/rules/facts.py": "facts as digests and events have them",
    "services/registry/rules/people.py": "the facts of a wish as recorded",
    "services/registry/rules/report.py": "the report of an import",
    "services/registry/operations/visits.py": "the facts of a wish as recorded",
    "services/registry/rules/situations.py": "the facts of a wish as recorded",
    "services/registry/rules/visits.py": "the facts of a wish as recorded",
}


def public_functions(path: Path) -> list[str]:
    """Those that ask the database for something."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef)]
    return [node.name for node in found if not node.name.startswith("_")]


@pytest.mark.parametrize("service", SERVICES)
def test_a_store_has_one_verb_for_each_thing(service: str) -> None:
    other = [
        f"{path.name}: {name}"
        for path in sorted((ROOT / "services" / service / "store").glob("*.py"))
        for name in public_functions(path)
        if not name.startswith(tuple(f"{verb}_" for verb in VERBS))
    ]
    assert not other


def test_rows_do_not_leave_a_store() -> None:
    """`Row` is the toolkit's; whoever holds one outside knows columns instead of facts."""
    outside = [path for path in python_files("services") if "/store" not in path.as_posix()]
    holding = [
        str(path.relative_to(ROOT)) for path in outside if re.search(r"\bRow\[", path.read_text(encoding="utf-8"))
    ]
    assert not holding


def test_dictionaries_of_anything_are_json_documents_and_nothing_else() -> None:
    rooms = [
        path
        for path in python_files("services", "libs/common", "deploy")
        if not re.search(r"/(store|schemas|tables|migrations)", path.as_posix())
    ]
    holding = {str(path.relative_to(ROOT)) for path in rooms if "dict[str, Any]" in path.read_text(encoding="utf-8")}
    assert holding == set(JSON_DOCUMENTS), "give it a type, or say here which JSON document it is"
