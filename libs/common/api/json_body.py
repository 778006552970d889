"""Strict JSON for every door: UTF-8, no doubled key, numbers that a database can hold, bounded in depth and in values."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from libs.common.problems import FieldError, Invalid, Problem

MAX_DEPTH = 32
MAX_VALUES = 100_000
MAX_INTEGER = 2**63 - 1
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class _Twice(dict[str, Any]):
    """An object that had one key more than once."""

    key = ""


def parse_json(body: bytes) -> Any:
    """The document, or a problem (422) that names the place by a JSON pointer."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise _wrong("", "json_encoding", "JSON 须为 UTF-8 编码 Send JSON as UTF-8.") from error
    except RecursionError as error:
        raise _too_deep("") from error
    except json.JSONDecodeError as error:
        said = f"第 {error.lineno} 行第 {error.colno} 列不是 JSON 文本 No JSON at line {error.lineno}, column {error.colno}: {error.msg}."
        raise _wrong("", "json_invalid", said) from error
    except ValueError as error:  # Python reads no number of thousands of digits
        raise _wrong("", "json_number", "数字过长 A number is too long.") from error
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    twice = _Twice(made)
    twice.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return twice


def _check(document: Any) -> None:
    """Look at every value once, without recursion."""
    waiting: list[tuple[Any, str, int]] = [([document], "", -1)]
    seen = 0
    while waiting:
        holder, pointer, depth = waiting.pop()
        seen += len(holder)
        if seen > MAX_VALUES:
            raise _wrong("", "json_values", f"超过 {MAX_VALUES} 个值 More than {MAX_VALUES} values.")
        if depth >= MAX_DEPTH:
            raise _too_deep(pointer)
        for name, value in _children(holder, pointer):
            where = pointer if depth < 0 else f"{pointer}/{name}"
            if isinstance(value, dict | list):
                waiting.append((value, where, depth + 1))
            elif problem := _scalar(value, where):
                raise problem


def _children(value: dict[str, Any] | list[Any], pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((str(number), child) for number, child in enumerate(value))
        return
    if isinstance(value, _Twice):
        raise _wrong(
            f"{pointer}/{_step(value.key)}", "json_duplicate", "同一个键出现多次 The key stands there more than once."
        )
    for key, child in value.items():
        if _NO_TEXT.search(key):
            raise _wrong(pointer, "json_text", "键含有 NUL 或不成对的代理字符 A key holds NUL or half a character.")
        yield _step(key), child


def _scalar(value: Any, pointer: str) -> Problem | None:
    if isinstance(value, str):
        if not _NO_TEXT.search(value):
            return None
        return _wrong(pointer, "json_text", "文字含有 NUL 或不成对的代理字符 The text holds NUL or half a character.")
    if isinstance(value, float) and not math.isfinite(value):
        return _wrong(pointer, "json_number", "不是有限的数 NaN and Infinity are no JSON numbers.")
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        return _wrong(pointer, "json_number", "整数超出 64 位 The integer needs more than 64 bits.")
    return None


def _step(key: str) -> str:
    return key[:100].encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1").replace("\x00", "?")


def _too_deep(pointer: str) -> Problem:
    return _wrong(pointer, "json_depth", f"嵌套超过 {MAX_DEPTH} 层 Nested deeper than {MAX_DEPTH}.")


def _wrong(pointer: str, code: str, message: str) -> Problem:
    return Invalid(message, errors=[FieldError(pointer, code, message)])
