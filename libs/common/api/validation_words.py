"""What pydantic refuses, in both languages (中文 English): a table by the type of the error, with its limits filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# By the whole type; the names in braces are what the error tells of the limit that was passed.
_WORDS = {
    "missing": "必须填写",
    "missing_argument": "必须填写",
    "extra_forbidden": "没有这一项",
    "none_required": "应为空",
    "literal_error": "应为下列之一：{expected}",
    "enum": "应为下列之一：{expected}",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对，应符合 {pattern}",
    "string_unicode": "文字编码不对，应为 UTF-8",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "bytes_too_short": "至少 {min_length} 字节",
    "bytes_too_long": "最多 {max_length} 字节",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "finite_number": "应为有限的数",
    "int_parsing_size": "数字太长",
    "int_from_float": "应为整数，不带小数",
    "decimal_max_digits": "最多 {max_digits} 位数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "decimal_whole_digits": "小数点前最多 {whole_digits} 位",
    "date_past": "应为过去的日期",
    "date_future": "应为将来的日期",
    "date_from_datetime_inexact": "只写日期，不写时刻",
    "datetime_past": "应为过去的时刻",
    "datetime_future": "应为将来的时刻",
    "timezone_naive": "不应带时区",
    "timezone_aware": "应带时区",
    "json_invalid": "不是有效的 JSON",
    "recursion_loop": "内容引用了自身",
    "uuid_version": "编号的版本不对",
}
# By the first word of the type: what is not of its kind at all.
_KINDS = {
    "int": "应为整数",
    "float": "应为数字",
    "decimal": "应为数字",
    "complex": "应为数字",
    "bool": "应为 true 或 false",
    "string": "应为文字",
    "bytes": "应为文字",
    "date": "应为日期，如 2017-05-01",
    "datetime": "应为时刻，如 2017-05-01T08:00:00+08:00",
    "timezone": "时区不对",
    "time": "应为时间",
    "uuid": "不是有效的编号",
    "url": "应为网址",
    "list": "应为列表",
    "tuple": "应为列表",
    "set": "应为列表",
    "frozen": "不能更改",
    "iterable": "应为列表",
    "dict": "应为一组字段",
    "mapping": "应为一组字段",
    "model": "应为一组字段",
    "dataclass": "应为一组字段",
    "json": "不是有效的 JSON",
    "union": "种类不对",
}
_OTHERWISE = "内容不符合要求"


def words_of(error: Mapping[str, Any]) -> str:
    """The refusal of one value; what a check of our own says is said as it stands."""
    english = str(error["msg"])
    if error["type"] in ("value_error", "assertion_error"):
        return english.partition(" error, ")[2] or english
    kind = str(error["type"])
    chinese = _WORDS.get(kind) or _KINDS.get(kind.partition("_")[0], _OTHERWISE)
    told = {name: _quoted(value) for name, value in (error.get("ctx") or {}).items()}
    return f"{chinese.format_map(told)} {_begun(english.strip())}"


def _begun(english: str) -> str:
    """With a plain capitalised word, by which the English half is told from the Chinese one."""
    return f"The {english}" if english[:2].isupper() else f"{english[:1].upper()}{english[1:]}"


def _quoted(value: object) -> str:
    """A number as it is; words in quotes, so that both languages can be told apart."""
    return str(value) if isinstance(value, int | float) else f"「{value}」"
