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


async def send_file(neighbours: Neighbours, path: str, token: str, sent: Sent, *, dry_run: bool, key: str) -> Answer:
    """As the person behind the token; a dry run stores nothing, and an import goes in once for its key."""
    data = {name: value for name, value in sent.fields.items() if value} | ({"dry_run": "true"} if dry_run else {})
    headers = {} if dry_run else {"Idempotency-Key": key, "Prefer": f"wait={A_MOMENT}"}
    return await neighbours.exchange(
        "POST", path, token, headers, data=data, files={"file": (sent.filename, sent.content)}, timeout=FILE_SECONDS
    )
