"""The ways are true: every file that they name exists and defines what is named after it, and the counts are those of the lists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.architecture.test_rooms import ROOT

PAGE = (ROOT / "docs/ways.md").read_text(encoding="utf-8")
WAYS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
STEP = re.compile(r"`((?:services|libs)/[\w./]+\.\w+)(?:: ([\w.]+))?`")
STEPS = sorted(set(STEP.findall(PAGE)))
COUNTED = [way for way in WAYS if way.startswith("(")]


def _names_in(body: list[ast.stmt], within: str = "") -> Iterator[str]:
    """Functions, classes, values, and methods as `Class.method`."""
    for node in body:
        match node:
            case ast.ClassDef(name, body=methods):
                yield name
                yield from _names_in(methods, f"{name}.")
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                yield within + name
            case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                yield within + name


@pytest.mark.parametrize(("path", "name"), STEPS, ids=[f"{path}:{name}" for path, name in STEPS])
def test_every_file_exists_and_defines_what_is_named_after_it(path: str, name: str) -> None:
    file = ROOT / path
    assert file.is_file()
    if name:
        assert name in set(_names_in(ast.parse(file.read_text(encoding="utf-8")).body))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.split("\n")[0])
def test_steps_are_numbered_and_each_names_the_file_that_is_entered(way: str) -> None:
    numbered = re.findall(r"^(\d+)\. (.+)$", way, flags=re.MULTILINE)
    assert numbered
    assert all(re.match(rf"{STEP.pattern}: \w", said) for _, said in numbered)
    parts = [int(number) for number, _ in numbered]
    assert all(number in (1, before + 1) for before, number in pairwise([0, *parts]))


@pytest.mark.parametrize("way", COUNTED, ids=lambda way: way.split("\n")[0])
def test_the_files_of_a_way_are_counted(way: str) -> None:
    told = re.findall(r"^\*\*(\d+) files of `services/`, (\d+) of `libs/`\.\*\*$", way, flags=re.MULTILINE)
    files = {path for path, _ in STEP.findall(way)}
    entered = [sum(path.startswith(room) for path in files) for room in ("services/", "libs/")]
    assert [list(map(int, each)) for each in told] == [entered]


def test_there_are_six_ways_and_each_is_drawn() -> None:
    assert [way[:3] for way in COUNTED] == [f"({letter})" for letter in "abcdef"]
    assert all(way.count("```mermaid") == 1 for way in COUNTED)
