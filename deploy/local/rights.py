"""Rights on a node's broker (权限), and how the broker is brought to hold these and no others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

# Kafka's numbers.
TOPIC, GROUP = 2, 3
LITERAL, PREFIXED = 3, 4
READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS = 3, 4, 8, 10
_ANY, _ALLOW = 1, 3
_AT_ONCE = 500
# Rights are written to the log of the cluster and read from there: whoever calls at once might come too early.
_IN_FORCE_SECONDS = 30.0


@dataclass(frozen=True, order=True)
class Right:
    """Somebody may do something with a topic or a group, or with all whose names begin so."""

    principal: str
    operation: int
    name: str
    kind: int = TOPIC
    pattern: int = LITERAL

    def wire(self) -> tuple[int, str, int, str, str, int, int]:
        return (self.kind, self.name, self.pattern, f"User:{self.principal}", "*", self.operation, _ALLOW)


class _Several:
    """aiokafka asks for one right at a time; the protocol takes a list."""

    def __init__(self, rights: Sequence[Right]):
        self._rights = rights

    def build(self, request: Any) -> Any:
        return request([right.wire() for right in self._rights])


class _Create(_Several, CreateAclsRequest):  # type: ignore[misc]
    pass


class _Delete(_Several, DeleteAclsRequest):  # type: ignore[misc]
    pass


async def held_rights(admin: AIOKafkaAdminClient) -> set[Right]:
    """Every right that the broker knows."""
    answer = await admin._send_request(DescribeAclsRequest(_ANY, None, _ANY, None, None, _ANY, _ANY))
    _expect(answer.error_code, answer.error_message)
    return {
        Right(principal.removeprefix("User:"), operation, name, kind, pattern)
        for kind, name, pattern, acls in answer.resources
        for principal, _, operation, _ in acls
    }


async def hold_rights(admin: AIOKafkaAdminClient, wanted: set[Right]) -> None:
    """Give what is missing, take away what nobody should have any more, and wait until the broker acts by it."""
    held = await held_rights(admin)
    for some in _by(sorted(wanted - held)):
        for code, message in (await admin._send_request(_Create(some))).creation_responses:
            _expect(code, message)
    for some in _by(sorted(held - wanted)):
        for code, message, _ in (await admin._send_request(_Delete(some))).filter_responses:
            _expect(code, message)
    async with asyncio.timeout(_IN_FORCE_SECONDS):
        while await held_rights(admin) != wanted:  # noqa: ASYNC110 - the broker tells nobody
            await asyncio.sleep(0.05)


def _by(rights: Sequence[Right]) -> Iterable[Sequence[Right]]:
    return (rights[start : start + _AT_ONCE] for start in range(0, len(rights), _AT_ONCE))


def _expect(code: int, message: str | None) -> None:
    if code:
        raise for_code(code)(message)
