"""What a county does all day (日常操作), asked of a large register and of a small one by turns: each answers the same kind of question."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from tests.bench.load import Question, Server
from tests.bench.register.county import Register

LABOURERS, SYNC, QUALITY = "/registry/v1/labourers", "/registry/v1/sync", "/registry/v1/quality"
SCOPE = ("433124:花垣镇",)
_SYNC_ROWS = 100
_ON = "2017-05-20"
_WISH = {
    "willing": True,
    "destinations": ["440300", "43"],
    "occupation": "质检员",
    "wage_expected": 4500,
    "wage_minimum": 4000,
    "needs": ["board", "lodging"],
}
_IDS = "SELECT id::text AS id, version FROM registry.person WHERE left_on IS NULL ORDER BY md5(id::text) LIMIT $1"


@dataclass(frozen=True)
class Scene:
    """One kind of question: whose token asks it, and the questions."""

    name: str
    role: str
    regions: tuple[str, ...]
    questions: Sequence[Question]


def scenes_of(register: Register, server: Server, known: Sequence[Mapping[str, str]], asked: int) -> list[Scene]:
    """The same kinds for every size. `known` are rows of people who are in every register."""
    people = [(row["id"], row["version"]) for row in register.ask(_IDS, 2 * asked)]
    half = len(people) // 2
    numbers = [row["证件号码"] for row in known][:asked]
    phones = [row["成员联系电话"] for row in known if row["成员联系电话"]][:asked]
    with register.client(server) as client:
        page = _page_of_people(client, register.token("cadre", SCOPE))
    return [
        _officer("检索 姓名 search by name", [_term(row["姓名"]) for row in known][:asked]),
        _officer("检索 号码 search by number", [_search(each) for each in numbers]),
        _officer("检索 号码后六位 search by the end of a number", [_term(each[-6:]) for each in numbers]),
        _officer("检索 电话 search by phone", [_search(each) for each in phones]),
        _officer("更正 PATCH", list(_corrections(people[:half]))),
        _officer("走访 visit", list(_visits(people[half:]))),
        Scene("手机同步 一页 one page of sync", "cadre", SCOPE, [Question(page)] * asked),
        _officer("完整度 completeness of the county", [Question(QUALITY)] * asked),
    ]


def _officer(name: str, questions: Sequence[Question]) -> Scene:
    return Scene(name, "officer", ("433124",), questions)


def _term(text: str) -> Question:
    return Question(f"{LABOURERS}?q={quote(text)}")


def _search(text: str) -> Question:
    return Question(f"{LABOURERS}/searches", json.dumps({"q": text}).encode())


def _corrections(people: Sequence[tuple[str, int]]) -> Iterator[Question]:
    for at, (one, version) in enumerate(people):
        body = json.dumps({"phone": f"139{at:08d}", "on": _ON}).encode()
        yield Question(f"{LABOURERS}/{one}", body, {"If-Match": f'"v{version}"'}, "PATCH")


def _visits(people: Sequence[tuple[str, int]]) -> Iterator[Question]:
    for one, _ in people:
        body = json.dumps({"on": _ON, "found": "changed", "wish": _WISH}).encode()
        yield Question(f"{LABOURERS}/{one}/visits", body, {"Idempotency-Key": uuid.uuid4().hex})


def _page_of_people(client: httpx.Client, token: str) -> str:
    """The address of a page that holds as many people as a page may, or as there are: households come before them."""
    address, most, found = f"{SYNC}?limit={_SYNC_ROWS}", -1, ""
    while True:
        page: dict[str, Any] = (
            client.get(address, headers={"Authorization": f"Bearer {token}"}).raise_for_status().json()
        )
        if len(page["people"]) > most:
            most, found = len(page["people"]), address
        if most == _SYNC_ROWS or not page["more"]:
            return found
        address = f"{SYNC}?limit={_SYNC_ROWS}&after={quote(page['next'])}"
