"""A partner's system (冒用合作系统) shows itself by what is not its own, twice, or elsewhere, and asks for more than it was registered for."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jws
from joserfc.jwk import ECKey

from deploy.demo.story import Story
from libs.common.node import Clock

_SYSTEMS, _TOKEN, _VACANCIES = "/console/v1/systems", "/console/v1/token", "/jobs/v1/vacancies"
_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def play(story: Story) -> None:
    """A registered system gets what it is registered for; what only looks like it gets nothing, and the trail tells whose key was misused."""
    city, key = story.cities[0], ECKey.generate_key("P-256", {"kid": "hr"})
    new = {
        "name": "合作单位人事系统",
        "regions": [story.places[city].code],
        "scopes": ["jobs.vacancy.list"],
        "jwks": {"keys": [key.as_dict(private=False)]},
    }
    system = await story.post(city, _SYSTEMS, new, "operator")
    client, door = system["client_id"], story.at(city, "system")
    good = assertion(client, key, city)
    given = await ask(door, good)
    token = str(given.json().get("access_token", ""))
    story.check(
        "a partner's system gets a token by its own key and lists vacancies",
        await shows(door, token, _VACANCIES) == 200,
        given.status_code,
    )
    false = {
        "a second time": good,
        "for another node": assertion(client, key, story.cities[1]),
        "by a key of its own": assertion(client, ECKey.generate_key("P-256", {"kid": "hr"}), city),
        "for an hour": assertion(client, key, city, lives=3600),
    }
    refused = {name: (await ask(door, each)).status_code for name, each in false.items()}
    story.check(
        "attack: an assertion shown twice, elsewhere, or by another key is refused",
        set(refused.values()) == {401},
        refused,
    )
    more = (await ask(door, assertion(client, key, city), scope="jobs.vacancy.list registry.labourer.list")).json()
    people = await shows(door, token, "/registry/v1/labourers")
    story.check(
        "attack: a system gets no more than it was registered for",
        (more.get("error"), people) == ("invalid_scope", 403),
        f"{more}, {people}",
    )
    trail = [
        one["details"].get("error")
        for one in await story.pages(city, "/console/v1/audit", "auditor", action="console.refuse_token", actor=client)
    ]
    story.check("attack: the trail tells what the system's key was used for", len(trail) == 2, trail)
    await story.post(city, f"{_SYSTEMS}/{system['id']}/close", {"reason": "演练结束"}, "operator")

    async def is_out() -> bool:
        return await shows(door, token, _VACANCIES) == 401

    story.check(
        "a closed system's token is good nowhere",
        await story.eventually(is_out, what="the closed system's token refused"),
    )


def assertion(client: str, key: ECKey, audience: str, lives: int = 60) -> str:
    now = int(Clock().now().timestamp())
    claims = {"iss": client, "sub": client, "aud": audience, "iat": now, "exp": now + lives, "jti": str(uuid4())}
    return jws.serialize_compact({"alg": "ES256", "kid": str(key.kid)}, json.dumps(claims).encode(), key)


async def ask(door: httpx.AsyncClient, shown: str, **more: Any) -> httpx.Response:
    return await door.post(
        _TOKEN,
        data={"grant_type": "client_credentials", "client_assertion_type": _TYPE, "client_assertion": shown, **more},
    )


async def shows(door: httpx.AsyncClient, token: str, path: str) -> int:
    return (await door.get(path, headers={"Authorization": f"Bearer {token}"})).status_code
