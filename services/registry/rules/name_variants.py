"""Variants of characters in names (异体字): which ones an office writes for one another, as versioned data beside this file.

Wider than a search: 萧 and 肖 are two surnames, and one person's on two papers. Whoever is alike by it is asked about, never joined.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from services.registry.rules.search import name_key

_DATA = Path(__file__).with_suffix(".json")


def folded_name(name: str) -> str:
    """A name as two of them are compared: as a search compares them, and of variants one for all."""
    return name_key(name).translate(_table())


@cache
def _table() -> dict[int, str]:
    variants = json.loads(_DATA.read_text(encoding="utf-8"))["variants"]
    return {ord(variant): common for variant, common in variants.items()}
