"""How far a service is behind (落后): what the announcing service of this node has journalled, less what was received of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Heads = Mapping[tuple[str, str, int], int]


def heads_of(node: str, announced: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[tuple[str, str, int], int]:
    """The last sequence of each source, topic and partition, from what this node's services say of their journals."""
    return {
        (f"/{node}/{service}", str(head["topic"]), int(head["partition"])): int(head["sequence"])
        for service, heads in announced.items()
        for head in heads
    }


def behind(received: Mapping[str, Any], heads: Heads) -> int | None:
    """Events announced and not yet handled; None for a partner's events, whose journal only the partner knows."""
    head = heads.get((received["source"], received["topic"], received["partition"]))
    return None if head is None else max(0, head - int(received["sequence"]))
