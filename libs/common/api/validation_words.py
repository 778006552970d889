"""What pydantic refuses, in both languages (中文 English): a table by the type of the error, with its limits filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from libs.common.problems import halves


@cache
def _words() -> dict[str, dict[str, str]]:
    """`whole`: by the whole type, with names in braces for the limit that was passed; `kinds`: by its first word, for what is of no
    such kind; `patterns`: both halves of what a pattern asks for, since nobody reads a pattern."""
    words: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_bytes())
    return words


_OTHERWISE = "内容不符合要求"


def words_of(error: Mapping[str, Any]) -> str:
    """The refusal of one value; what a check of our own says is said as it stands."""
    english = str(error["msg"])
    if error["type"] in ("value_error", "assertion_error"):
        return english.partition(" error, ")[2] or english
    if halves(english)[0] != english:
        return english
    kind = str(error["type"])
    words = _words()
    if asked := words["patterns"].get(str((error.get("ctx") or {}).get("pattern"))):
        return asked
    chinese = words["whole"].get(kind) or words["kinds"].get(kind.partition("_")[0], _OTHERWISE)
    told = {name: _quoted(value) for name, value in (error.get("ctx") or {}).items()}
    return f"{chinese.format_map(told)} {_begun(english.strip())}"


def _begun(english: str) -> str:
    """With a plain capitalised word, by which the English half is told from the Chinese one."""
    return f"The {english}" if english[:2].isupper() else f"{english[:1].upper()}{english[1:]}"


def _quoted(value: object) -> str:
    """A number as it is; words in quotes, so that both languages can be told apart."""
    return str(value) if isinstance(value, int | float) else f"「{value}」"
