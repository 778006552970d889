"""Whatever the register refuses at a field is said in both languages, and a page can show its own half."""

from __future__ import annotations

import pytest

from libs.common.problems import halves, said_in_both
from services.registry.rules.wording import WORDS


@pytest.mark.parametrize("code", sorted(WORDS))
def test_the_halves_of_a_finding_can_be_told_apart(code: str) -> None:
    chinese, english = WORDS[code]
    assert halves(said_in_both(chinese, english)) == (chinese, f"{english[:1].upper()}{english[1:]}")
