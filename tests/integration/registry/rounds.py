"""Rounds as tests open and ask them."""

from __future__ import annotations

from typing import Any

import httpx

from libs.common.service import ServiceContext
from services.registry.workers import draw_up

ROUNDS = "/registry/v1/rounds"
QUARTER = {"kind": "quarter", "period": "2017Q2"}


async def open_round(client: httpx.AsyncClient, context: ServiceContext, **said: str) -> dict[str, Any]:
    """Opened, with its list whole."""
    made = await client.post(ROUNDS, json={**QUARTER, **said})
    assert made.status_code == 201, made.text
    await draw_up(context)
    found = (await client.get(made.headers["location"])).json()
    assert found["state"] == "open"
    return dict(found)


async def progress(client: httpx.AsyncClient, one: dict[str, Any], **asked: str) -> dict[str, Any]:
    answer = await client.get(f"{ROUNDS}/{one['id']}/progress", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def total(client: httpx.AsyncClient, one: dict[str, Any]) -> tuple[int, int, int, int]:
    """Listed, settled, open, left."""
    said = (await progress(client, one))["total"]
    return said["listed"], said["settled"], said["open"], said["left"]


async def stands(client: httpx.AsyncClient, one: dict[str, Any], **asked: str) -> dict[str, dict[str, Any]]:
    """By person how everybody stands."""
    answer = await client.get(f"{ROUNDS}/{one['id']}/labourers", params={"limit": "200", **asked})
    assert answer.status_code == 200, answer.text
    return {each["person"]: each for each in answer.json()["items"]}


async def no_change(
    client: httpx.AsyncClient, one: dict[str, Any], person: str, on: str = "2017-05-20"
) -> httpx.Response:
    return await client.post(f"{ROUNDS}/{one['id']}/labourers/{person}/no-change", json={"on": on})
