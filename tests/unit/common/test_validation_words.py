"""Whatever pydantic can refuse is said in both languages, and each half in its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core._pydantic_core import list_all_errors

from libs.common.api.validation_words import words_of
from libs.common.problems import halves
from libs.common.values import SEEN_PATTERN, Division
from services.console.rules.accounts import LOGIN, REGION

CONTRACTS = Path(__file__).parents[2] / "contract" / "openapi"

QUOTED = re.compile("「.*?」", re.DOTALL)
# What a value itself may hold of another language: an example, a limit, the name of a format.
MENTIONED = re.compile(r"JSON|UTF-8|true|false|2017-05-01(T08:00:00\+08:00)?")
LIMITS: dict[str, Any] = {
    "decimal_max_places": {"decimal_places": 2},
    "decimal_max_digits": {"max_digits": 8},
    "decimal_whole_digits": {"whole_digits": 6},
}


def refusals() -> list[dict[str, Any]]:
    return [
        {"type": one["type"], "msg": one["example_message_python"], "ctx": one["example_context"]}
        for one in list_all_errors()
    ]


@pytest.mark.parametrize("refused", refusals(), ids=lambda one: one["type"])
def test_a_refusal_has_a_chinese_and_an_english_half(refused: dict[str, Any]) -> None:
    if refused["type"] in ("value_error", "assertion_error"):
        return
    chinese, english = halves(words_of(refused))
    assert chinese != english
    assert re.search("[a-zA-Z]", MENTIONED.sub("", QUOTED.sub("", chinese))) is None
    assert re.search("[\u3400-\u9fff]", english) is None


def patterns_in(document: object) -> Iterator[str]:
    """Every pattern that a contract names."""
    if isinstance(document, list):
        for each in document:
            yield from patterns_in(each)
    if isinstance(document, dict):
        if isinstance(pattern := document.get("pattern"), str):
            yield pattern
        for each in document.values():
            yield from patterns_in(each)


def patterns() -> set[str]:
    """All that the doors ask for; the words of a text are told by its own check."""
    found = {each for file in CONTRACTS.glob("*.json") for each in patterns_in(json.loads(file.read_bytes()))}
    return found - {SEEN_PATTERN} | {LOGIN, REGION}


@pytest.mark.parametrize("pattern", sorted(patterns()))
def test_nobody_is_shown_a_pattern(pattern: str) -> None:
    msg = f"String should match pattern '{pattern}'"
    chinese, english = halves(words_of({"type": "string_pattern_mismatch", "msg": msg, "ctx": {"pattern": pattern}}))
    assert chinese != english
    assert pattern not in chinese + english


def test_what_a_custom_check_says_in_both_languages_stands_as_it_is() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Division).validate_python("993124")
    assert words_of(refused.value.errors()[0]) == "没有这个行政区划 No such division"


def test_what_a_check_of_our_own_says_stands_as_it_is() -> None:
    said = "请写名称 Give it a name."
    assert words_of({"type": "value_error", "msg": f"Value error, {said}", "ctx": {}}) == said
