"""The level of a node (省、市、县): what work arises there."""

from __future__ import annotations

from typing import Literal

Level = Literal["province", "city", "county"]


def level_of(code: str) -> Level:
    """By its division code (GB/T 2260): 430000 is a province, 440300 a city, 433124 a county."""
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
