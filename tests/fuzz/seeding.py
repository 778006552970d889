"""What stands in the two nodes: a county's people and wishes, a city's vacancies, introductions at every step, spells with wages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import httpx

from tests.integration.registry.files import DATA
from tests.support.nodes import WAITING, carry

if TYPE_CHECKING:
    from tests.fuzz.house import Node

PLACED = 6
# So many rows of a list are enough to have something in every table.
ROWS = 70


async def furnish(county: Node, city: Node) -> None:
    """Files in, events carried between all offices, some people introduced, hired and at work."""
    async with _client(county) as home, _client(city) as away:
        await _send(home, "/registry/v1/imports", "people", "people-433126.csv")
        await _send(home, "/registry/v1/imports", "wishes", "wishes-433126.csv")
        await _send(away, "/jobs/v1/imports", "employers", "employers-440300.xlsx")
        await _send(away, "/jobs/v1/imports", "vacancies", "vacancies-440300.xlsx")
        contexts = [*county.contexts.values(), *city.contexts.values()]
        await carry(*contexts)
        people = (await _get(home, "/matching/v1/demand?limit=50"))["people"]
        vacancies = [
            each for each in (await _get(home, "/matching/v1/supply?limit=50"))["items"] if each["city"] == "440300"
        ]
        introduced = await _introduce(home, people, vacancies)
        await carry(*contexts)
        for introduction in introduced[: PLACED - 1]:
            await _post(away, f"/matching/v1/introductions/{introduction}/hire", {"on": "2017-05-10"})
        await carry(*contexts)
        await _work(away, introduced[: PLACED - 2])
        await _post(away, "/retention/v1/verifications", {"quarter": "2017Q2"})
        await carry(*contexts)


def _client(node: Node) -> httpx.AsyncClient:
    async def keep(answer: httpx.Response) -> None:
        asked = answer.request
        node.answers.take(
            asked.method,
            asked.url.raw_path.decode(),
            answer.status_code,
            answer.headers,
            await answer.aread(),
            asked.headers["authorization"][7:],
        )

    headers = {"Authorization": f"Bearer {node.token('officer')}"}
    return httpx.AsyncClient(base_url=node.url, headers=headers, timeout=60, event_hooks={"response": [keep]})


async def _send(client: httpx.AsyncClient, path: str, kind: str, name: str) -> None:
    content = (DATA / name).read_bytes()
    if name.endswith(".csv"):
        content = b"\n".join(content.split(b"\n")[:ROWS])
    answer = await client.post(
        path, data={"kind": kind, "as_of": "2016-12-31"}, files={"file": (name, content)}, headers=WAITING
    )
    assert answer.status_code == 201, answer.text


async def _get(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code in (200, 201), f"{path} {answer.text}"
    return dict(answer.json())


async def _introduce(
    home: httpx.AsyncClient, people: Sequence[dict[str, Any]], vacancies: Sequence[dict[str, Any]]
) -> list[str]:
    """Officers' own proposals; most have agreed, one is offered, one only proposed. Who may not go is passed over."""
    made: list[str] = []
    for number, person in enumerate(people):
        if len(made) == PLACED + 2:
            break
        body = {
            "person": person["person"],
            "vacancy": vacancies[number % len(vacancies)]["vacancy"],
            "on": "2017-05-02",
        }
        answer = await home.post("/matching/v1/introductions", json=body)
        if answer.status_code != 201:
            continue
        made.append(answer.json()["id"])
        path = f"/matching/v1/introductions/{made[-1]}"
        if len(made) <= PLACED + 1:
            await _post(home, f"{path}/offer", {"on": "2017-05-03"})
        if len(made) <= PLACED:
            await _post(home, f"{path}/agree", {"consent": "2017.1", "on": "2017-05-04"})
    return made


async def _work(away: httpx.AsyncClient, introduced: Sequence[str]) -> None:
    for introduction in introduced:
        spell = await _post(
            away, "/retention/v1/spells", {"introduction": introduction, "start": "2017-05-15", "wage_fen": 400000}
        )
        await _post(
            away,
            f"/retention/v1/spells/{spell['id']}/wages",
            {"month": "2017-06", "amount_fen": 400000, "evidence": "roster"},
        )
    notice = {"on": "2017-06-10", "last_day": "2017-06-20", "reason": "order_shortfall"}
    await _post(away, f"/retention/v1/spells/{spell['id']}/notice", notice)
