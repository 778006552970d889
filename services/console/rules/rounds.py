"""What a round's pages say and ask (轮次): which part of a list is shown, and which village a tick names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ListNarrowed:
    """What the list of a round is narrowed to, as the address takes it."""

    state: str = ""
    township: str = ""
    village: str = ""
    mine: str = ""


def village_of(tick: str) -> dict[str, str]:
    """花垣镇/老寨村 as the operation takes it; what names no village is sent as it came, and refused."""
    township, _, village = tick.partition("/")
    return {"township": township, "village": village}
