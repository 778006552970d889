"""What had to be started again at this node (部件重启), as whoever keeps its parts going has written it down."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from libs.common.values import Count


class Restarted(BaseModel):
    """A part of the node: how often it was started again since the node was put up, when last, why, and the pause before the next time."""

    count: Count
    last: datetime
    why: str
    pause: float


_RECORD = TypeAdapter(dict[str, Restarted])


def list_restarts(record: Path | None) -> dict[str, Restarted]:
    """By part; empty where nothing was started again, or nobody keeps such a record."""
    if record is None or not record.is_file():
        return {}
    return _RECORD.validate_json(record.read_bytes())
