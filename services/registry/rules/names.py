"""What a person's name may be (姓名), the same wherever one comes in: from a file, a form, a correction."""

from __future__ import annotations

import re
import unicodedata

from libs.common.sheets.model import CellValue
from libs.common.sheets.text import tidy_name

NAME_LIMIT = 50
# What joins the parts of a name. 石** and 张某× are masked, <b> is markup, ? and □ stand for a character that was lost.
_JOINTS = frozenset("·-'.()")
# Private use holds rare characters that older systems had no other place for.
_PRIVATE = "Co"
_LETTERS = ("L", "M", "N", _PRIVATE)
# 石某明, 石XX, 石X明 and 石O明 are masked as well: letters and 某 stand where a character of the name was.
# A joint that joins nothing is what became of 石● or 石….
_MASKED = re.compile(
    "某|[\u3400-\u9fff·][XxOo]+(?![A-Za-z])|^[XxOo]+[\u3400-\u9fff]|[\u3400-\u9fff][·'-]+$|^[·'-]+[\u3400-\u9fff]|·{2,}"
)


def name_faults(value: CellValue) -> list[str]:
    """Codes of why this cannot be somebody's name; none for a sound one."""
    name = tidy_name(value)
    if not name:
        return ["name_missing"]
    found = ["name_formula"] if name.startswith(("=", "+", "-", "@")) else []
    if len(name) > NAME_LIMIT:
        found.append("name_too_long")
    if not found and not _is_whole(name):
        found.append("name_characters")
    return found


def has_private_characters(value: CellValue) -> bool:
    """Whether a character of it has no meaning that everybody knows."""
    return any(unicodedata.category(character) == _PRIVATE for character in tidy_name(value))


def _is_whole(name: str) -> bool:
    """Letters, one of them at least, and nothing that stands for a letter."""
    letters = any(unicodedata.category(character).startswith(("L", _PRIVATE)) for character in name)
    return letters and all(map(_may_stand, name)) and not _MASKED.search(name)


def _may_stand(character: str) -> bool:
    return character in _JOINTS or unicodedata.category(character).startswith(_LETTERS)
