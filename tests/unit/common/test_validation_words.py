"""Whatever pydantic can refuse is said in both languages, and each half in its own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic_core._pydantic_core import list_all_errors

from libs.common.api.validation_words import words_of
from libs.common.problems import halves

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


def test_what_a_check_of_our_own_says_stands_as_it_is() -> None:
    said = "请写名称 Give it a name."
    assert words_of({"type": "value_error", "msg": f"Value error, {said}", "ctx": {}}) == said
