"""A partner's system (冒用合作系统) shows itself by what is not its own, twice, or elsewhere, and asks for more than it was registered for."""

from __future__ import annotations

import json
from dataclasses import dataclass
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
    partner = await _register(story, story.cities[0])
    good = partner.assertion()
    token = await _check_own_key(partner, good)
    await _check_false_assertions(partner, good, elsewhere=story.cities[1])
    await _check_scopes(partner, token)
    await _check_trail(partner)
    await _check_closed(partner, token)


@dataclass(frozen=True)
class Partner:
    """A registered system: its number among the node's systems, its client id, its key, and the door that it knocks at."""

    story: Story
    node: str
    id: str
    client: str
    key: ECKey

    @property
    def door(self) -> httpx.AsyncClient:
        return self.story.at(self.node, "system")

    def assertion(self, *, key: ECKey | None = None, audience: str = "", lives: int = 60) -> str:
        """What it shows of itself, or what only looks like it."""
        key, now = key or self.key, int(Clock().now().timestamp())
        claims = {
            "iss": self.client,
            "sub": self.client,
            "aud": audience or self.node,
            "iat": now,
            "exp": now + lives,
            "jti": str(uuid4()),
        }
        return jws.serialize_compact({"alg": "ES256", "kid": str(key.kid)}, json.dumps(claims).encode(), key)


async def _register(story: Story, city: str) -> Partner:
    key = ECKey.generate_key("P-256", {"kid": "hr"})
    new = {
        "name": "合作单位人事系统",
        "regions": [story.places[city].code],
        "scopes": ["jobs.vacancy.list"],
        "jwks": {"keys": [key.as_dict(private=False)]},
    }
    system = await story.post(city, _SYSTEMS, new, "operator")
    return Partner(story, city, system["id"], system["client_id"], key)


async def _check_own_key(partner: Partner, good: str) -> str:
    given = await ask(partner.door, good)
    token = str(given.json().get("access_token", ""))
    partner.story.check(
        "a partner's system gets a token by its own key and lists vacancies",
        await shows(partner.door, token, _VACANCIES) == 200,
        given.status_code,
    )
    return token


async def _check_false_assertions(partner: Partner, good: str, elsewhere: str) -> None:
    false = {
        "a second time": good,
        "for another node": partner.assertion(audience=elsewhere),
        "by a key of its own": partner.assertion(key=ECKey.generate_key("P-256", {"kid": "hr"})),
        "for an hour": partner.assertion(lives=3600),
    }
    refused = {name: (await ask(partner.door, each)).status_code for name, each in false.items()}
    partner.story.check(
        "attack: an assertion shown twice, elsewhere, or by another key is refused",
        set(refused.values()) == {401},
        refused,
    )


async def _check_scopes(partner: Partner, token: str) -> None:
    wanted = "jobs.vacancy.list registry.labourer.list"
    more = (await ask(partner.door, partner.assertion(), scope=wanted)).json()
    people = await shows(partner.door, token, "/registry/v1/labourers")
    partner.story.check(
        "attack: a system gets no more than it was registered for",
        (more.get("error"), people) == ("invalid_scope", 403),
        f"{more}, {people}",
    )


async def _check_trail(partner: Partner) -> None:
    asked = {"action": "console.refuse_token", "actor": partner.client}
    records = await partner.story.pages(partner.node, "/console/v1/audit", "auditor", **asked)
    trail = [one["details"].get("error") for one in records]
    partner.story.check("attack: the trail tells what the system's key was used for", len(trail) == 2, trail)


async def _check_closed(partner: Partner, token: str) -> None:
    await partner.story.post(partner.node, f"{_SYSTEMS}/{partner.id}/close", {"reason": "演练结束"}, "operator")

    async def is_out() -> bool:
        return await shows(partner.door, token, _VACANCIES) == 401

    partner.story.check(
        "a closed system's token is good nowhere",
        await partner.story.eventually(is_out, what="the closed system's token refused"),
    )


async def ask(door: httpx.AsyncClient, shown: str, **more: Any) -> httpx.Response:
    return await door.post(
        _TOKEN,
        data={"grant_type": "client_credentials", "client_assertion_type": _TYPE, "client_assertion": shown, **more},
    )


async def shows(door: httpx.AsyncClient, token: str, path: str) -> int:
    return (await door.get(path, headers={"Authorization": f"Bearer {token}"})).status_code
