"""Files to the node's other services (交文件): handed through, never kept here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from services.console.clients import FILE_SECONDS, Answer, Neighbours

# In so many seconds most files are in; of a larger one the page shows how far it is.
A_MOMENT = 2


@dataclass(frozen=True)
class Sent:
    """A file as a person chose it, with what was said of it."""

    content: IO[bytes]
    filename: str
    fields: Mapping[str, str]


async def try_file(neighbours: Neighbours, path: str, token: str, sent: Sent, key: str) -> Answer:
    """As the person behind the token, once for its key; nothing of it goes in before it is confirmed."""
    data = {name: value for name, value in sent.fields.items() if value} | {"tried_first": "true"}
    headers = {"Idempotency-Key": key, "Prefer": f"wait={A_MOMENT}"}
    return await neighbours.exchange(
        "POST", path, token, headers, data=data, files={"file": (sent.filename, sent.content)}, timeout=FILE_SECONDS
    )
