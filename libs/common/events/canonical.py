"""JSON in its one canonical form (RFC 8785), so that two who mean the same bytes sign and verify the same bytes."""

from __future__ import annotations

import json
import re
from typing import Any

import rfc8785

# Where Python's own writer would differ: numbers with a fraction, an exponent or more digits than a double tells apart,
# and names beyond the Basic Multilingual Plane, which the standard orders by UTF-16 units.
_NUMBER = r"\s*-?(?:[0-9]+[.eE]|[0-9]{16})"
# Each by itself is looked for ten times as fast as all of them as one.
_BEGINS, _WITHIN = re.compile(_NUMBER), re.compile(rf"[:,\[]{_NUMBER}")
_SURROGATE = re.compile(r"\\u[dD][89abAB]")


class NotCanonical(ValueError):
    """A value that JSON has no canonical form for, such as an integer beyond 2^53."""


def dump(value: Any) -> bytes:
    """The canonical bytes of a value; raises NotCanonical."""
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return rfc8785.dumps(value) if _differs(text) else text.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


def canonical(value: Any, text: str) -> bytes:
    """The canonical bytes of a value whose JSON, in whatever form, is `text`; raises NotCanonical."""
    try:
        if _differs(text):
            return rfc8785.dumps(value)
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error


def check_canonical(text: str) -> None:
    """Refuse JSON that could not be signed as it is meant."""
    if _differs(text):
        canonical(json.loads(text), text)


def _differs(text: str) -> bool:
    return bool(_WITHIN.search(text) or _BEGINS.match(text) or _SURROGATE.search(text)) or _leaves_plane(text)


def _leaves_plane(text: str) -> bool:
    """Whether any character takes two units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
