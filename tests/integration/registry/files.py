"""The county's sample files, imported over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from libs.common.events.envelope import Event
from libs.common.service import ServiceContext
from tests.support.nodes import WAITING, announced, client_of

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"
TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))["files"]
YEAR_END = "2016-12-31"


def file_of(kind: str, county: str = "433124") -> Path:
    return next(DATA.glob(f"{kind}-{county}.*"))


async def send(client: httpx.AsyncClient, kind: str, county: str = "433124", **headers: str) -> httpx.Response:
    path = file_of(kind, county)
    files = {"file": (path.name, path.read_bytes())}
    return await client.post(
        "/registry/v1/imports", data={"kind": kind}, files=files, headers={**WAITING, **headers}, timeout=60
    )


async def send_bytes(
    client: httpx.AsyncClient, content: bytes, name: str = "people.xlsx", **fields: str
) -> httpx.Response:
    files = {"file": (name, content)}
    return await client.post(
        "/registry/v1/imports", data={"kind": "people", **fields}, files=files, headers=WAITING, timeout=60
    )


async def listed(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    """All pages of the register."""
    rows: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = (await client.get("/registry/v1/labourers", params={"limit": 200, **params, **after})).json()
        rows += page["items"]
        if page["next"] is None:
            return rows
        after = {"after": page["next"]}


async def told_by(context: ServiceContext, kind: type[Event]) -> list[Any]:
    """What an office has announced of one type, in order."""
    return [kind.model_validate_json(one.data) for one, _ in await announced(context) if one.envelope.type == kind.TYPE]


CSV_HEADER = "省,市,县,乡,村,户编号,姓名,性别,出生日期,证件号码,与户主关系,文化程度,在校生状况,劳动技能,务工时间（月）,健康状况,务工所在地,成员联系电话,年度,就业渠道"


def a_row(number: str, name: str = "龙老大", **said: str) -> str:
    """One row of a small people file of Huayuan."""
    row = {
        "省": "湖南省",
        "市": "湘西州",
        "县": "花垣县",
        "乡": "花垣镇",
        "村": "老寨村",
        "户编号": "430001",
        "姓名": name,
        "性别": "男",
        "出生日期": number[6:14],
        "证件号码": number,
        "与户主关系": "户主",
        "文化程度": "初中",
        "在校生状况": "",
        "劳动技能": "普通劳动力",
        "务工时间（月）": "",
        "健康状况": "健康",
        "务工所在地": "",
        "成员联系电话": "15400000001",
        "年度": "2016",
        "就业渠道": "",
        **said,
    }
    return ",".join(row[column] for column in CSV_HEADER.split(","))


def a_file(*rows: str) -> bytes:
    return "\n".join([CSV_HEADER, *rows]).encode()


WHY = {"purpose": "verification", "reference": "走访第 8 号"}


async def revealed(client: httpx.AsyncClient, context: ServiceContext, **wanted: Any) -> dict[str, dict[str, Any]]:
    """Who was asked for at once, in plain and by id, after a second officer's approval."""
    made = (await client.post("/registry/v1/reveals", json={**WHY, **wanted})).json()
    async with client_of(context, subject="officer-2") as second:
        approved = await second.post(f"/registry/v1/reveals/{made['id']}/approve", headers={"If-Match": '"v1"'})
    assert approved.status_code == 200, approved.text
    collected = await client.post(f"/registry/v1/reveals/{made['id']}/collect")
    return {person["id"]: person for person in collected.json()["items"]}
