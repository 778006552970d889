"""A cadre's phone as tests see one: a copy that follows the register page by page, and what waits to be sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import httpx

from libs.common.events.canonical import dump
from tests.integration.registry.files import listed

SYNC = "/registry/v1/sync"
HUAYUAN, BIANCHENG = "433124:花垣镇", "433124:边城镇"
CHECKED = ("households", "people", "gone", "places")


@dataclass
class Phone:
    """Stores a page whole or not at all; starts anew where it is told to."""

    client: httpx.AsyncClient
    people: dict[str, Any] = field(default_factory=dict)
    households: dict[str, Any] = field(default_factory=dict)
    places: list[Any] = field(default_factory=list)
    after: str | None = None

    async def pull(self, limit: int = 200) -> int:
        """Until nothing more waits; how many rows came."""
        came, more = 0, True
        while more:
            page = await self.page(limit)
            came += len(page["people"]) + len(page["households"]) + len(page["gone"])
            more = page["more"]
        return came

    async def page(self, limit: int = 200) -> dict[str, Any]:
        asked = {"limit": limit} | ({"after": self.after} if self.after else {})
        answer = await self.client.get(SYNC, params=asked)
        if answer.status_code == 410:
            self.people, self.households, self.after = {}, {}, None
            return await self.page(limit)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        assert hashlib.sha256(dump({name: page[name] for name in CHECKED})).hexdigest() == page["checksum"]
        self._store(page)
        return page

    def _store(self, page: dict[str, Any]) -> None:
        for kept, rows in ((self.people, page["people"]), (self.households, page["households"])):
            kept |= {row["id"]: row for row in rows}
            for one in page["gone"]:
                kept.pop(one, None)
        self.places, self.after = page["places"] or self.places, page["next"]

    async def check(self) -> None:
        """The copy is what the register shows this caller."""
        shown = {row["id"]: row for row in await listed(self.client)}
        copy = {
            one: {name: said for name, said in row.items() if name not in ("wish", "round_open")}
            for one, row in self.people.items()
        }
        assert copy == shown
        homes = (await self.client.get("/registry/v1/households", params={"limit": 200})).json()["items"]
        assert self.households.keys() == {row["id"] for row in homes}
        for row in homes:
            assert self.households[row["id"]] == {name: row[name] for name in self.households[row["id"]]}
