"""A creation without an address does not load; what it made is told by the body as it is sent."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from fastapi import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from libs.common.api import made_at
from libs.common.api.answers import Telling


class Made(BaseModel):
    id: str
    version: int


async def make() -> Made:
    return Made(id=str(uuid4()), version=3)


def test_a_creation_that_names_no_address_is_a_fault() -> None:
    with pytest.raises(TypeError, match="made_at"):
        Telling.of(APIRoute("/things", make, methods=["POST"], status_code=201))


def test_what_is_made_says_where_it_stands_and_its_version() -> None:
    route = APIRoute("/things", make, methods=["POST"], status_code=201, responses=made_at("/things/{id}"))
    answer = Telling.of(route).tell(Response(json.dumps({"id": "a", "version": 3}), status_code=201))
    assert (answer.headers["location"], answer.headers["etag"]) == ("/things/a", '"v3"')


def test_an_inner_field_may_name_it_and_a_refusal_tells_nothing() -> None:
    telling = Telling("/accounts/{account.login}", versioned=False)
    assert (
        telling.tell(Response(json.dumps({"account": {"login": "shi"}}), status_code=201)).headers["location"]
        == "/accounts/shi"
    )
    assert "location" not in telling.tell(Response("{}", status_code=422)).headers


def test_a_version_that_is_a_name_is_no_etag() -> None:
    class Named(BaseModel):
        version: str

    async def show() -> Named:
        return Named(version="2018.1")

    assert not Telling.of(APIRoute("/weights", show, response_model=Named)).versioned
