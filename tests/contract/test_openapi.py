"""Every service's OpenAPI is committed; each operation says what it is for, and shows an example where it takes a body.

`XIELI_APPROVE=1` writes the documents anew.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from libs.common.access.policy import ROLES
from tests.support.doors import SERVICES, door_of, operations
from tests.support.nodes import token_of

DOCUMENTS, APPROVE = Path(__file__).parent / "openapi", os.environ.get("XIELI_APPROVE") == "1"


@pytest.fixture(scope="module", params=SERVICES)
def door(request: pytest.FixtureRequest, node_files: Path) -> tuple[str, FastAPI]:
    return request.param, door_of(request.param, node_files)


@pytest.fixture(scope="module")
def document(door: tuple[str, FastAPI]) -> tuple[str, dict[str, Any]]:
    name, app = door
    return name, json.loads(json.dumps(app.openapi()))


def test_no_two_shapes_have_one_name(document: tuple[str, dict[str, Any]]) -> None:
    """Two of one name get those of their modules, which nobody's client can write."""
    assert [name for name in document[1]["components"]["schemas"] if "__" in name] == []


def test_it_is_the_committed_one(document: tuple[str, dict[str, Any]]) -> None:
    name, current = document
    path = DOCUMENTS / f"{name}.json"
    if APPROVE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(current, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == current, "approve the change with XIELI_APPROVE=1"


def test_every_operation_has_id_tag_summary_and_description(document: tuple[str, dict[str, Any]]) -> None:
    _, current = document
    bare = [
        path
        for _, path, operation in operations(current)
        if not all(operation.get(key) for key in ("operationId", "tags", "summary", "description"))
    ]
    assert not bare
    ids = [operation["operationId"] for *_, operation in operations(current)]
    assert len(ids) == len(set(ids))


def test_every_body_and_every_answer_of_ours_has_an_example(document: tuple[str, dict[str, Any]]) -> None:
    _, current = document
    schemas = current.get("components", {}).get("schemas", {})
    bare = []
    for verb, path, operation in operations(current):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = schemas.get(content["schema"].get("$ref", "").rsplit("/", 1)[-1], content["schema"])
            shown = "example" in content or "examples" in content or schema.get("examples") or schema.get("example")
            fields = [
                schemas.get(field.get("$ref", "").rsplit("/", 1)[-1], field)
                for field in schema.get("properties", {}).values()
            ]
            if not shown and not any(field.get("examples") or field.get("enum") for field in fields):
                bare.append(f"{verb} {path}")
    assert not bare


def test_every_answer_has_a_status_and_a_shape_of_its_own(document: tuple[str, dict[str, Any]]) -> None:
    """No `default`, no bare `object`: each refusal is a problem, each success says its media type and what is in it."""
    _, current = document
    vague = []
    for verb, path, operation in operations(current):
        for status, given in operation["responses"].items():
            answer = current["components"]["responses"][given["$ref"].rsplit("/", 1)[-1]] if "$ref" in given else given
            shapes = [media.get("schema") or {} for media in answer.get("content", {}).values()]
            # The token endpoint refuses its form as OAuth does (RFC 6749, 5.2).
            oauth = (
                path.endswith("/v1/token")
                and status in ("400", "401")
                and shapes == [{"$ref": "#/components/schemas/TokenRefusal"}]
            )
            refusal = status >= "400" and not oauth and shapes != [{"$ref": "#/components/schemas/Problem"}]
            success = status < "300" and status != "204" and (not shapes or not all(shapes))
            if status == "default" or refusal or success:
                vague.append(f"{verb} {path} {status}")
    assert not vague


def test_a_refusal_is_documented_where_its_cause_is(document: tuple[str, dict[str, Any]]) -> None:
    _, current = document
    missing = []
    for verb, path, operation in operations(current):
        answers, names = set(operation["responses"]), {one["name"] for one in operation.get("parameters", [])}
        due = (
            {"422", "503"}
            | ({"401", "403"} if operation.get("security") else set())
            | ({"404"} if "{" in path else set())
        )
        due |= {"413", "415"} if "requestBody" in operation else set()
        due |= {"412"} if "If-Match" in names else set()
        missing += [f"{verb} {path} {status}" for status in due - answers]
    assert not missing


async def test_an_operation_refuses_query_parameters_that_its_document_does_not_name(
    door: tuple[str, FastAPI], document: tuple[str, dict[str, Any]]
) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door[1]), base_url="http://node") as client:
        for verb, path, operation in operations(document[1]):
            name = f"{verb} {path}"
            problem = await _refused(door[1], client, verb, path)
            known = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
            assert (problem["status"], problem["errors"][0]["pointer"]) == (422, "/query/as-of"), name
            assert problem["detail"].endswith(f"One of: {', '.join(known) or '—'}"), name


async def _refused(app: FastAPI, client: httpx.AsyncClient, verb: str, path: str) -> dict[str, Any]:
    """What the first role that may call it is told: who may not is refused before anything else is looked at."""
    for role in ROLES:
        client.headers["Authorization"] = f"Bearer {token_of(app.state.context, role)}"
        problem: dict[str, Any] = (await client.request(verb, path, params={"as-of": "2017-01-01"})).json()
        if problem["status"] not in (401, 403):
            break
    return problem


def test_what_is_made_says_where_it_stands_and_what_has_a_version_which(document: tuple[str, dict[str, Any]]) -> None:
    """Location on every 201, an ETag on every answer with a version, 304 for whoever has it already: in the document as required headers."""
    _, current = document
    missing = []
    for verb, path, operation in operations(current):
        for status, answer in operation["responses"].items():
            headers = {name for name, header in answer.get("headers", {}).items() if header.get("required")}
            shape = (
                answer.get("content", {})
                .get("application/json", {})
                .get("schema", {})
                .get("$ref", "")
                .rsplit("/", 1)[-1]
            )
            version = (
                current["components"]["schemas"].get(shape, {}).get("properties", {}).get("version", {}).get("type")
                == "integer"
            )
            due = ({"Location"} if status == "201" else set()) | ({"ETag"} if version and status < "300" else set())
            missing += [f"{verb} {path} {status} {name}" for name in due - headers]
            if verb == "GET" and "ETag" in headers and "304" not in operation["responses"]:
                missing.append(f"{verb} {path} 304")
    assert not missing


def test_an_address_that_is_told_is_one_that_can_be_asked(document: tuple[str, dict[str, Any]]) -> None:
    _, current = document
    shown = {re.sub(r"\{[^}]+\}", "{}", path) for verb, path, _ in operations(current) if verb == "GET"}
    told = [
        each["responses"]["201"]["headers"]["Location"]["x-address"]
        for *_, each in operations(current)
        if "201" in each["responses"]
    ]
    assert not [address for address in told if re.sub(r"\{[^}]+\}", "{}", address) not in shown]
