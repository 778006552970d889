"""By which rule two people are perhaps one: variants of characters and sounds, never who has nothing in common."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.privacy import Vault
from services.registry.operations.search_tokens import likeness_of
from services.registry.rules.name_variants import folded_name
from services.registry.rules.same_person import RULE_NAMES, Alike, find_pairs, kind_of, rule_for


class Keyed:
    """What a likeness needs of a vault."""

    def blind_index(self, text: str, *, purpose: str) -> bytes:
        return sha256(f"{purpose}{text}".encode()).digest()


VAULT = cast(Vault, Keyed())
HERE, THERE = ("花垣镇", "老寨村"), ("边城镇", "茶洞村")
BORN = date(1982, 6, 15)
HOME, OTHER_HOME = UUID(int=7), UUID(int=8)


def alike(one: int, name: str, birth: date = BORN, place: tuple[str, str] = HERE, home: UUID = HOME) -> Alike:
    return Alike(UUID(int=one), home, birth, frozenset(likeness_of(VAULT, name, birth, *place)))


@pytest.mark.parametrize(
    ("name", "other", "said", "rule"),
    [
        ("石秀英", "石秀英", {"place": THERE}, "same_name_birth"),
        ("吴龙", "吳龍", {"place": THERE}, "same_name_birth"),
        ("萧峰", "肖峯", {"place": THERE}, "same_name_birth"),
        ("阿依·古丽", "阿依古丽", {"place": THERE}, "same_name_birth"),
        ("石丽华", "石莉花", {"place": THERE}, "same_sound_birth"),
        ("麻大强", "麻小强", {}, "near_name_village"),
        ("田芳", "田方", {"birth": date(1999, 9, 9)}, "same_sound_household"),
        ("杨建国", "杨健国", {"birth": date(1982, 6, 16), "home": OTHER_HOME}, "same_sound_village"),
        ("杨建国", "杨健国", {"birth": date(1983, 6, 16), "home": OTHER_HOME}, None),
        ("麻大强", "麻小强", {"place": THERE}, None),
        ("麻大强", "麻小", {}, None),
        ("石秀英", "石秀英", {"birth": date(1999, 9, 9), "place": THERE}, None),
    ],
)
def test_each_rule_finds_its_own(name: str, other: str, said: dict[str, object], rule: str | None) -> None:
    one, two = alike(1, name), alike(2, other, **said)  # type: ignore[arg-type]
    assert rule_for(one, two) == rule_for(two, one) == rule
    found = find_pairs([two], [one, two])
    assert found == ({(one.id, two.id): rule} if rule else {})


@given(
    st.text(alphabet="吴吳龙龍石麻田芳方丽莉大小", min_size=1, max_size=4), st.dates(date(1930, 1, 1), date(2010, 1, 1))
)
def test_a_name_is_alike_to_itself_and_a_key_says_its_kind(name: str, birth: date) -> None:
    one, two = alike(1, name, birth), alike(2, name, birth, THERE)
    assert rule_for(one, two) == "same_name_birth"
    assert {kind_of(key) for key in one.keys} == {0, 1, 2, 3}
    assert folded_name(folded_name(name)) == folded_name(name)


def test_whoever_comes_in_together_is_compared_too_and_nobody_with_himself() -> None:
    two = [alike(1, "石秀英"), alike(2, "石秀英", place=THERE)]
    assert find_pairs(two, two) == {(UUID(int=1), UUID(int=2)): RULE_NAMES[0]}
