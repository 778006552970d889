"""What a test asks of a page in a browser waits for it: a question asked once, right after a press, is answered by chance."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
IN_A_BROWSER = sorted(path for path in TESTS.rglob("test_*.py") if "tests.support.browser" in path.read_text())
# `expect(...)` asks until it is so; these ask once.
ASKED_ONCE = re.compile(r"assert .*(\bawait \w+\.|\.count\(\)|\.content\(\)|page\.url)")


def test_there_are_tests_in_a_browser() -> None:
    assert len(IN_A_BROWSER) > 1


@pytest.mark.parametrize("path", IN_A_BROWSER, ids=lambda path: path.name)
def test_nothing_is_asked_of_a_page_only_once(path: Path) -> None:
    asked = [line.strip() for line in path.read_text().splitlines() if ASKED_ONCE.search(line)]
    assert asked == []
