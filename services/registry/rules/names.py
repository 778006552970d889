"""What a person's name may be (姓名), the same wherever one comes in: from a file, a form, a correction."""

from __future__ import annotations

import unicodedata

from libs.common.sheets.model import CellValue
from libs.common.sheets.text import tidy_name

NAME_LIMIT = 50
# What joins the parts of a name. 石** and 张某× are masked, <b> is markup, ? and □ stand for a character that was lost.
_JOINTS = frozenset("·-'.()")
# Private use holds rare characters that older systems had no other place for.
_LETTERS = ("L", "M", "N", "Co")


def name_faults(value: CellValue) -> list[str]:
    """Codes of why this cannot be somebody's name; none for a sound one."""
    name = tidy_name(value)
    if not name:
        return ["name_missing"]
    found = ["name_formula"] if name.startswith(("=", "+", "-", "@")) else []
    if len(name) > NAME_LIMIT:
        found.append("name_too_long")
    if not found and not all(map(_may_stand, name)):
        found.append("name_characters")
    return found


def _may_stand(character: str) -> bool:
    return character in _JOINTS or unicodedata.category(character).startswith(_LETTERS)
