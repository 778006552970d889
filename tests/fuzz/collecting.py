"""What the doors of a house have answered, one of each status for each operation, for whoever wants to read it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.doors import SERVICES, operations


@dataclass(frozen=True)
class Answer:
    """One answer as it came, with what was asked and by whom."""

    operation: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    token: str
    query: str = ""

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Operation:
    """One operation of a document."""

    service: str
    name: str
    method: str
    path: str
    document: Mapping[str, Any] = field(compare=False, repr=False)

    def fits(self, method: str, path: str) -> bool:
        return method == self.method and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", self.path), path) is not None


class Answers:
    """The first answer of each status of each operation."""

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]):
        self.operations = [
            Operation(service, described["operationId"], method, path, described)
            for service in SERVICES
            for method, path, described in operations(dict(documents[service]))
        ]
        self._kept: dict[tuple[str, str, int], Answer] = {}

    def take(
        self, method: str, address: str, status: int, headers: Mapping[str, str], content: bytes, token: str
    ) -> None:
        """What came back from an address, as it was asked."""
        path, _, query = address.partition("?")
        found = self.find(method, path)
        if found is not None:
            kept = Answer(
                found.name,
                method,
                path,
                status,
                {name.lower(): value for name, value in headers.items()},
                content,
                token,
                query,
            )
            self._kept.setdefault((found.service, found.name, status), kept)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of an address; one with a fixed last part comes before one that takes anything there."""
        fitting = [one for one in self.operations if one.fits(method, path)]
        return min(fitting, key=lambda one: one.path.count("{"), default=None)

    def of(self, operation: Operation) -> Iterator[Answer]:
        """What it has answered, a success first."""
        mine = (
            answer
            for (service, name, _), answer in self._kept.items()
            if (service, name) == (operation.service, operation.name)
        )
        yield from sorted(mine, key=lambda answer: answer.status)

    def named(self, service: str, name: str) -> Iterator[Answer]:
        """By the operation's name."""
        yield from (
            answer for one in self.operations if (one.service, one.name) == (service, name) for answer in self.of(one)
        )

    def missing(self) -> list[str]:
        """Operations that have not once answered with success."""
        return [
            f"{one.method} {one.path}"
            for one in self.operations
            if all(answer.status >= 300 for answer in self.of(one))
        ]
