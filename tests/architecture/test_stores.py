"""Stores speak one language: one verb for each thing they do, and facts of the domain instead of rows and dictionaries."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.test_rooms import ROOT, SERVICES, python_files

# One or NotFound, one or None, several, held until the end of the transaction, and what changes.
VERBS = ("get", "find", "list", "lock", "insert", "insert_if_absent", "upsert", "update", "delete", "count")

# What is JSON by nature, each file with what it holds; everything else that leaves a store has a type of its own.
JSON_DOCUMENTS: dict[str, str] = {}


def public_functions(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
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
        for path in python_files("services")
        if not re.search(r"/(store|schemas|tables|migrations)", path.as_posix())
    ]
    holding = {str(path.relative_to(ROOT)) for path in rooms if "dict[str, Any]" in path.read_text(encoding="utf-8")}
    assert holding == set(JSON_DOCUMENTS), "give it a type, or say here which JSON document it is"
