"""What may be somebody's name, by one rule: a file's row and a correction are refused alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.registry.rules.names import name_faults
from services.registry.rules.report import SEVERITY
from services.registry.rules.wording import WORDS
from services.registry.schemas.people import Correction


def refused_by_correction(name: str) -> bool:
    try:
        Correction(name=name)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("name", ["石秀英", "阿卜杜拉·买买提", "欧阳娜娜", "John O'Neill", "龙〇", "张三2", "\ue863"])
def test_a_name_is_a_name(name: str) -> None:
    assert not name_faults(name)
    assert not refused_by_correction(name)


@pytest.mark.parametrize(
    "name",
    ["=1+1", "@x", "-2", "<b>石</b>", "张*", "张＊", "石××", "石?", "石□", "", "  ", "石" * 51, "a|b", "石;drop"],
)
def test_what_is_none_is_refused_at_both_doors(name: str) -> None:
    assert name_faults(name)
    assert refused_by_correction(name)


@given(st.text(max_size=60))
def test_whatever_the_file_refuses_the_correction_refuses(name: str) -> None:
    found = name_faults(name)
    assert all(SEVERITY[code] == "error" and code in WORDS for code in found)
    assert not found or refused_by_correction(name)
