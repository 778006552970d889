"""A function does one thing: none is longer than what stands on one screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_rooms import ROOT, python_files

# Lines of a body, its docstring apart. Usual are 4 to 15; a record with a line for each of its fields comes near to this.
LONGEST = 40

# Longer, each with why; migrations are steps that were taken, and no one works on them any more.
LONGER = {
    "services/matching/kernel/people_arrays.py:build_people_arrays": "a line for each column of the kernel's people",
    "services/matching/kernel/scoring.py:block_bounds": "machine code: loops over few arrays each, in one function, become vectors",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def functions_in(path: Path) -> Iterator[Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def test_no_function_is_longer_than_a_screen() -> None:
    paths = [path for path in python_files("services", "libs", "deploy") if "/migrations/" not in path.as_posix()]
    longer = {
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in paths
        for function in functions_in(path)
        if lines_of(function) > LONGEST
    }
    assert longer == set(LONGER), "give its parts names, or say here why it stands in one piece"


def test_a_long_function_is_seen_and_a_docstring_is_no_part_of_it() -> None:
    body = "\n".join(['    """One\n    two\n    three."""', *(f"    x{line} = {line}" for line in range(LONGEST + 1))])
    function = ast.parse(f"def long():\n{body}").body[0]
    assert isinstance(function, Function)
    assert lines_of(function) == LONGEST + 1
