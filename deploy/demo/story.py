"""What every step of the story has at hand: the nodes' doors, the files, the checks, and who plays which part."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx

from deploy.demo.cast import Cast
from libs.common.identity import Signer
from libs.common.kafka_connection import KafkaConnection
from libs.common.node import Clock

T = TypeVar("T")
S = TypeVar("S")
DESKS = 4
# Whoever brings a file hears how it ended.
WAITING = {"Prefer": "wait=55"}


class Lab(Protocol):
    """What the story may do to nodes besides talking to them: end one without asking, and start it again."""

    async def kill(self, node: str) -> None: ...

    async def start(self, node: str) -> None: ...


@dataclass(frozen=True)
class NodePlace:
    """A running node: where it answers, and where its files are (keys for tokens; the rest for the last step's search)."""

    node: str
    name: str
    url: str
    home: Path
    kafka: KafkaConnection  # as the node's own migration, which may read everything
    partners: tuple[str, ...]
    dump: tuple[str, ...]  # the command that prints the whole database as SQL

    @property
    def code(self) -> str:
        return self.node[1:]

    @property
    def keys(self) -> Path:
        return self.home / "keys"


@dataclass(frozen=True)
class Check:
    """One thing that must hold, seen where a user would look."""

    name: str
    ok: bool
    detail: str


class StoryBroken(Exception):
    """A step could not go on; the checks so far are kept."""


@dataclass
class Story:
    """The nodes, the files, the checks so far, and what one step found out for the next (`cast`)."""

    places: dict[str, NodePlace]
    data: Path
    lab: Lab
    tell: Callable[[str], None]
    report: Callable[[Check], None]
    checks: list[Check] = field(default_factory=list)
    cast: Cast = field(default_factory=Cast)
    _clients: dict[tuple[str, ...], httpx.AsyncClient] = field(default_factory=dict)

    # --- who is there: read from the files, so nothing depends on who is in them ---------------------------------------

    def codes_with(self, kind: str) -> list[str]:
        """Division codes that a kind of file was given for: `people`, `wishes`, `vacancies`, `employers`."""
        return sorted(path.stem.rsplit("-", 1)[1] for path in self.data.glob(f"{kind}-*.*"))

    @property
    def counties(self) -> list[str]:
        """Nodes with people."""
        return [f"n{code}" for code in self.codes_with("people") if f"n{code}" in self.places]

    @property
    def cities(self) -> list[str]:
        """Nodes with vacancies."""
        return [f"n{code}" for code in self.codes_with("vacancies") if f"n{code}" in self.places]

    @property
    def province(self) -> str:
        """The node that holds neither people nor vacancies: it convenes and adds up."""
        return next(node for node in self.places if node not in self.counties and node not in self.cities)

    def file(self, kind: str, node: str) -> Path:
        return next(iter(self.data.glob(f"{kind}-{node[1:]}.*")))

    @property
    def truth(self) -> Mapping[str, Any] | None:
        """What an importer must report, row by row, where the files came with it."""
        path = self.data / "truth.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    # --- talking to nodes -----------------------------------------------------------------------------------------------

    def at(
        self,
        node: str,
        role: str = "officer",
        *,
        regions: Sequence[str] = (),
        organisation: str = "",
        subject: str = "",
    ) -> httpx.AsyncClient:
        """A client at a node's door, with a token for a role there."""
        who = (node, role, *regions, organisation, subject)
        if who not in self._clients:
            place, clock = self.places[node], Clock()
            token = Signer.read(node, place.keys).issue(
                clock.now(),
                subject=subject or f"story-{role}",
                role=role,
                regions=regions or [place.code],
                organisation=organisation,
            )
            headers = {"Authorization": f"Bearer {token}"}
            self._clients[who] = httpx.AsyncClient(base_url=place.url, headers=headers, timeout=60)
        return self._clients[who]

    async def get(self, node: str, path: str, role: str = "officer", **params: Any) -> Any:
        """JSON of a GET; anything but 2xx breaks the story with the problem's text."""
        return (await self._ask("GET", node, path, role, params=params)).json()

    async def fetch(self, node: str, path: str, role: str = "officer", **params: Any) -> bytes:
        return (await self._ask("GET", node, path, role, params=params)).content

    async def post(self, node: str, path: str, json: Any = None, role: str = "officer", **more: Any) -> Any:
        return (await self._ask("POST", node, path, role, json=json, **more)).json()

    async def patch(self, node: str, path: str, json: Any, role: str = "officer") -> Any:
        """Read the row's ETag and change it on that base."""
        etag = (await self._ask("GET", node, path, role)).headers["etag"]
        return (await self._ask("PATCH", node, path, role, json=json, headers={"If-Match": etag})).json()

    async def pages(self, node: str, path: str, role: str = "officer", **params: Any) -> list[Any]:
        """All items of a keyset-paged list."""
        items, after = [], None
        while True:
            page = await self.get(node, path, role, **params, limit=200, **({"after": after} if after else {}))
            items += page["items"]
            after = page["next"]
            if not after:
                return items

    async def upload(self, node: str, path: str, file: Path, **fields: str) -> Any:
        """A multipart import of one file, waited for."""
        return await self.send(node, path, {"file": (file.name, file.read_bytes())}, **fields)

    async def send(self, node: str, path: str, files: Mapping[str, tuple[str, bytes]], **fields: str) -> Any:
        """A multipart import of what stands in no file, waited for."""
        return (await self._ask("POST", node, path, "officer", files=files, data=fields, headers=WAITING)).json()

    async def _ask(self, method: str, node: str, path: str, role: str, **more: Any) -> httpx.Response:
        answer = await self.at(node, role).request(method, path, **more)
        if answer.status_code >= 300:
            raise StoryBroken(f"{method} {path} at {node}: {answer.status_code} {answer.text[:400]}")
        return answer

    # --- checking -------------------------------------------------------------------------------------------------------

    def check(self, name: str, ok: object, detail: object = "") -> bool:
        """Note one thing that must hold. `name` is stable, in English, and this check's own; the detail is for people."""
        assert all(name != other.name for other in self.checks), f"two checks say: {name}"
        check = Check(name, bool(ok), str(detail))
        self.checks.append(check)
        self.report(check)
        return check.ok

    def check_equal(self, name: str, got: object, expected: object) -> bool:
        """Two values that must be the same; the first difference is the detail."""
        return self.check(
            name,
            got == expected,
            f"{got!r:.160}" if got == expected else f"got {got!r:.300}, expected {expected!r:.300}",
        )

    async def eventually(
        self, ask: Callable[[], Awaitable[T]], *, within: float = 180, every: float = 0.25, what: str = ""
    ) -> T:
        """Ask a node until the answer is true; events travel, so an answer may take a moment."""
        end = time.monotonic() + within
        while True:
            answer = await ask()
            if answer:
                return answer
            if time.monotonic() > end:
                raise StoryBroken(f"{what or getattr(ask, '__name__', 'the answer')}: not within {within} s")
            await asyncio.sleep(every)

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()


async def at_once(work: Callable[[T], Awaitable[S]], things: Iterable[T]) -> list[S]:
    """The same step for many, a few at a time, as an office with some desks does it."""
    door = asyncio.Semaphore(DESKS)

    async def one(thing: T) -> S:
        async with door:
            return await work(thing)

    return await asyncio.gather(*map(one, things))


def differences(got: Mapping[str, Any], expected: Mapping[str, Any], keys: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    """The keys on which two reports differ, with both values."""
    return {key: (got.get(key), expected.get(key)) for key in keys if got.get(key) != expected.get(key)}
