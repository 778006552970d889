"""The glossary is true: each row's place exists, its name is defined there, and no word is explained twice."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.test_rooms import ROOT

PAGE = ROOT / "docs/glossary.md"


class Entry(NamedTuple):
    chinese: str
    english: str
    name: str
    where: str


def _entries() -> list[Entry]:
    rows = [line for line in PAGE.read_text(encoding="utf-8").split("\n") if line.startswith("|") and "`" in line]
    return [Entry(*row.strip("| ").split(" | ")) for row in rows]


ENTRIES = _entries()


def _names_in(place: Path) -> Iterator[str]:
    """The names that a file or folder defines: its own and its modules', classes, functions, values, columns."""
    for file in [place, *sorted(place.rglob("*.py"))]:
        yield file.stem
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if file.is_file() else ():
            match node:
                case ast.ClassDef(name) | ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                    yield name
                case ast.Name(name, ast.Store()) | ast.Call(ast.Name("Column"), [ast.Constant(str(name)), *_]):
                    yield name


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.chinese)
def test_the_name_is_defined_where_the_glossary_says(entry: Entry) -> None:
    link = re.fullmatch(r"\[(.+)\]\(\.\./\1\)", entry.where)
    assert link, entry.where
    assert (ROOT / link[1]).exists(), f"{link[1]} is not there"
    assert entry.name.strip("`") in set(_names_in(ROOT / link[1])), f"{link[1]} does not define {entry.name}"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.chinese)
def test_every_row_has_chinese_and_english(entry: Entry) -> None:
    assert re.search(r"[\u4e00-\u9fff]", entry.chinese)
    assert re.match(r"\*\*[a-z' -]+\*\*: \S", entry.english), entry.english


def test_no_word_is_explained_twice_and_there_are_enough_of_them() -> None:
    words = Counter(entry.chinese for entry in ENTRIES) + Counter(entry.english.split("**")[1] for entry in ENTRIES)
    assert [word for word, times in words.items() if times > 1] == []
    assert len(ENTRIES) >= 70
