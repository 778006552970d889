"""The other services of this node (邻居), asked over HTTP at the gateway as the person who is signed in; never their tables."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict

from libs.common.problems import halves
from libs.common.telemetry import current_traceparent, log

AWAY = 503
# A file is made whole before it leaves: the longest list takes so long at most.
FILE_SECONDS = 300.0
# What an answer may take beside the time for which it was asked to wait.
_BESIDE_WAITING = 12.0


class FieldSaid(BaseModel):
    """One refused field: where it stands in what was sent (RFC 6901), and why."""

    pointer: str = ""
    message: str = ""


class ProblemSaid(BaseModel):
    """A problem (RFC 9457) as another service said it, with whatever else it told."""

    model_config = ConfigDict(extra="allow")

    title: str = ""
    detail: str = ""
    errors: list[FieldSaid] = []

    @property
    def text(self) -> str:
        """The detail; one without words, a state or an id, behind the title."""
        chinese, english = halves(self.detail)
        if not self.detail or chinese != english:
            return self.detail or self.title
        title = halves(self.title)
        return f"{title[0]}「{self.detail}」 {title[1]}: {self.detail}"


class Facts(dict[str, Any]):
    """A JSON object read tolerantly: what a service does not say is None."""

    def __missing__(self, name: str) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    """What a service said: its JSON, or the status and the words of its refusal and of the fields refused. A service that is away has status 503."""

    status: int
    data: Any = None
    refusal: str = ""
    fields: tuple[str, ...] = ()
    version: str = ""
    problem: ProblemSaid | None = None

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def away(self) -> bool:
        return self.status >= 500

    @property
    def items(self) -> list[Any]:
        """The rows of a list; none when there was no list."""
        return list(self.data.get("items", [])) if self.ok and isinstance(self.data, dict) else []

    @property
    def next(self) -> str | None:
        return self.data.get("next") if self.ok and isinstance(self.data, dict) else None


class Neighbours:
    """One HTTP client for all of them: what differs is the path and the person."""

    def __init__(self, gateway: str, seconds: float, transport: httpx.AsyncBaseTransport | None = None):
        self._client = httpx.AsyncClient(base_url=gateway, timeout=seconds, transport=transport, trust_env=False)

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, path: str, token: str, **params: str | None) -> Answer:
        """GET as the person behind the token; parameters that are empty are left out."""
        given = {name: value for name, value in params.items() if value}
        return await self.exchange("GET", path, token, params=given)

    async def send(
        self, method: str, path: str, token: str, body: Any = None, *, version: str = "", key: str = "", wait: int = 0
    ) -> Answer:
        """A change as the person behind the token, based on a version and once for a key, where they are given.

        Of what a worker does the end is heard where it comes within `wait` seconds.
        """
        told = {"If-Match": version, "Idempotency-Key": key, "Prefer": f"wait={wait}" if wait else ""}
        headers = {name: value for name, value in told.items() if value}
        more = {"timeout": wait + _BESIDE_WAITING} if wait else {}
        return await self.exchange(method, path, token, headers, json=body, **more)

    async def exchange(
        self, method: str, path: str, token: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Answer:
        """One question and its answer, whatever it carries; a service that does not answer is away."""
        try:
            return read_answer(await self._client.request(method, path, headers=_sent(token, headers), **more))
        except (httpx.HTTPError, ValueError) as error:
            log.warning("neighbour_away", service=path.split("/")[1], error=type(error).__name__)
            return Answer(AWAY)

    async def fetch(self, path: str, token: str, **params: str) -> httpx.Response | Answer:
        """GET of a file as the person behind the token, not read yet: whoever takes it reads and closes it. Else the refusal."""
        asked = self._client.build_request("GET", path, params=params, headers=_sent(token, None), timeout=FILE_SECONDS)
        try:
            found = await self._client.send(asked, stream=True)
            if found.status_code < 300:
                return found
            await found.aread()
            return read_answer(found)
        except httpx.HTTPError as error:
            log.warning("neighbour_away", service=path.split("/")[1], error=type(error).__name__)
            return Answer(AWAY)

    async def ask_all(self, paths: Mapping[str, str], token: str) -> dict[str, Answer]:
        """Several at once, each under its name."""
        answers = await asyncio.gather(*(self.ask(path, token) for path in paths.values()))
        return dict(zip(paths, answers, strict=True))


def _sent(token: str, headers: Mapping[str, str] | None) -> dict[str, str]:
    """In whose name it is asked, and as part of which trace."""
    sent = {"Authorization": f"Bearer {token}", "Accept": "application/json", **(headers or {})}
    trace = current_traceparent()
    return sent | ({"traceparent": trace} if trace else {})


def read_answer(response: httpx.Response) -> Answer:
    """What a service said; its own trouble is no other than its being away."""
    if response.status_code < 300:
        return Answer(
            response.status_code,
            json.loads(response.text or "null", object_hook=Facts),
            version=response.headers.get("etag", ""),
        )
    if response.status_code >= 500:
        return Answer(AWAY)
    return _refusal(response)


def _refusal(response: httpx.Response) -> Answer:
    """The problem's words in both languages, and those of its fields; a refusal that is no problem has none."""
    try:
        problem = ProblemSaid.model_validate_json(response.content)
    except ValueError:
        return Answer(response.status_code)
    fields = tuple(error.message for error in problem.errors if error.message != problem.detail)
    return Answer(response.status_code, refusal=problem.text, fields=fields, problem=problem)
