"""Every event's JSON Schema is committed, changes only by optional fields, and every sample ever kept still parses.

`XIELI_APPROVE=1` writes what is new: a schema for a new event, a sample for a new type. It never rewrites a breaking change.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import libs.common.events as events
from libs.common.events.envelope import Event

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS, APPROVE = Path(__file__).parent / "events", os.environ.get("XIELI_APPROVE") == "1"


def published() -> list[type[Event]]:
    for module in pkgutil.iter_modules(events.__path__):
        importlib.import_module(f"libs.common.events.{module.name}")

    def below(kind: type[Event]) -> list[type[Event]]:
        return [found for sub in kind.__subclasses__() for found in (sub, *below(sub))]

    return sorted(
        {kind for kind in below(Event) if "TYPE" in vars(kind) and kind.__module__.startswith("libs.")},
        key=lambda kind: kind.TYPE,
    )


@pytest.mark.parametrize("event", published(), ids=lambda event: event.TYPE)
def test_an_event_is_what_was_approved_or_has_only_gained_optional_fields(event: type[Event]) -> None:
    path, schema = SCHEMAS / f"{event.TYPE}.json", described(event)
    if APPROVE and (not path.exists() or not breaking(json.loads(path.read_text(encoding="utf-8")), schema)):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert path.exists(), "a new event: approve it with XIELI_APPROVE=1"
    approved = json.loads(path.read_text(encoding="utf-8"))
    assert not breaking(approved, schema)
    assert approved == schema, "only additions: approve them with XIELI_APPROVE=1"


def test_no_approved_event_has_disappeared() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == {event.TYPE for event in published()}


def test_a_type_names_its_version_and_a_topic_names_its_audience() -> None:
    for event in published():
        assert re.search(r"\.v[1-9]$", event.TYPE)
        assert event.AUDIENCE in ("home", "public", "to")
        assert len(event.AGGREGATE.split(".")) == 2


def test_breaking_changes_are_seen() -> None:
    old: dict[str, Any] = {"properties": {"a": {"type": "string"}}, "required": ["a"], "x-audience": "public"}
    assert not breaking(old, {**old, "properties": {"a": {"type": "string"}, "b": {}}})
    assert breaking(old, {**old, "properties": {"a": {"type": "integer"}}})
    assert breaking(old, {**old, "properties": {"a": {"type": "string"}, "b": {}}, "required": ["a", "b"]})
    assert breaking(old, {**old, "properties": {}, "required": []})
    assert breaking(old, {**old, "x-audience": "home"})


@pytest.mark.parametrize("event", published(), ids=lambda event: event.TYPE)
def test_a_file_is_a_json_schema_by_itself(event: type[Event]) -> None:
    schema = json.loads((SCHEMAS / f"{event.TYPE}.json").read_text(encoding="utf-8"))
    assert (schema["$schema"], schema["$id"]) == (DRAFT, f"urn:xieli:event:{event.TYPE}")
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert not validator.is_valid([]), "a schema that takes anything says nothing"
    assert validator.is_valid({}) is not bool(schema.get("required"))


def described(event: type[Event]) -> dict[str, Any]:
    """The event's JSON Schema, with who may read it and what it is about."""
    where = {"x-audience": event.AUDIENCE, "x-aggregate": event.AGGREGATE}
    return {"$schema": DRAFT, "$id": f"urn:xieli:event:{event.TYPE}", **where, **event.model_json_schema()}


def breaking(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What readers of the old form could not live with."""
    before, after = old.get("properties", {}), new.get("properties", {})
    faults = [f"{name} is gone or changed" for name in before if after.get(name) != before[name]]
    faults += [f"{name} became required" for name in set(new.get("required", [])) - set(old.get("required", []))]
    faults += [f"{key} changed" for key in ("x-audience", "x-aggregate") if old.get(key) != new.get(key)]
    for name, kind in old.get("$defs", {}).items():
        faults += breaking(kind, new.get("$defs", {}).get(name, {}))
    return faults
