"""Every text that says something in Chinese and English can be told apart, whatever stands in it, and each half says the whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from libs.common.problems import halves, one_of
from tests.architecture.test_rooms import ROOT, python_files

CHINESE = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
VALUE = re.compile("\0([^\1]*)\1")
# Keyword arguments and keys that document an address or a field; no page shows them.
DOCUMENTATION = {"summary", "description", "title", "tags", "examples", "help"}
NO_PROBLEMS = {
    "libs/common/audit/verify.py": "findings of a command, English first",
    "libs/common/access/document.py": "a page of docs",
    "libs/common/api/application.py": "the name of the document",
    "libs/common/imports/answers.py": "the document of a file",
    "services/jobs/rules/layouts.py": "headings of sheets",
}
# What another program said, in its own language, stands in the English half alone.
FOREIGN = {"error.msg", "error.detail", "type(error).__name__"}


def literals(node: ast.AST) -> Iterator[str]:
    """The texts below a node, each value of an f-string between \\0 and \\1; no docstrings, nothing that documents."""
    match node:
        case ast.keyword(arg=name) if name in DOCUMENTATION:
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(_part(part) for part in parts)
        case ast.Dict(keys=keys, values=values):
            documented = [isinstance(key, ast.Constant) and key.value in DOCUMENTATION for key in keys]
            for value in (value for value, skip in zip(values, documented, strict=True) if not skip):
                yield from literals(value)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from literals(child)


def _part(part: ast.expr) -> str:
    return f"\0{ast.unparse(part.value)}\1" if isinstance(part, ast.FormattedValue) else str(part.value)  # type: ignore[attr-defined]


def is_bilingual(text: str) -> bool:
    """Chinese and, behind a space, English words; a pattern or a heading of a sheet is neither."""
    plain = VALUE.sub("", text)
    return bool(re.search(rf"{CHINESE}.*\s\W*[A-Za-z]{{2,}}", plain) and not re.search(r"\\|\||\(\?|\n", plain))


def texts() -> dict[str, str]:
    """Text -> a file it stands in."""
    found = {}
    for path in python_files("libs", "services"):
        name = str(path.relative_to(ROOT))
        if name not in NO_PROBLEMS and not re.search(r"/(schemas|migrations)\b", name):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.update({text: name for text in literals(tree) if is_bilingual(text)})
    return found


TEXTS = texts()
VALUES = ["Anna", "龙潭镇", "a B, c", "n433124", "3", "2017-03-31", "The End"]


def filled(text: str, value: str) -> str:
    return VALUE.sub(value, text)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: re.sub("[\0\1]", "", text)[:60])
def test_a_text_is_told_apart_whatever_stands_in_it(text: str) -> None:
    chinese, english = halves(text)
    assert chinese != english, "the English begins with a capitalised word"
    assert not re.search(CHINESE, VALUE.sub("", english))
    for value in VALUES:
        assert halves(filled(text, value)) == (filled(chinese, value), filled(english, value)), (
            "quote the last value: 「…」"
        )


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: re.sub("[\0\1]", "", text)[:60])
def test_each_half_names_every_value(text: str) -> None:
    told = [{re.sub(r"\.(chinese|english)\b", "", value) for value in VALUE.findall(half)} for half in halves(text)]
    assert told[0] ^ told[1] <= FOREIGN | {"action"}


def test_there_are_hundreds_and_the_reasons_of_those_left_out_hold() -> None:
    assert len(TEXTS) > 250
    assert {name for name in NO_PROBLEMS if not (ROOT / name).exists()} == set()


def test_what_is_in_one_language_alone_is_both() -> None:
    assert halves("held -> hired") == ("held -> hired", "held -> hired")
    assert halves(one_of(["龙潭镇", "花垣镇"])) == ("可用的有「龙潭镇, 花垣镇」", "One of: 龙潭镇, 花垣镇")
