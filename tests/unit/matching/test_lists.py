"""A county's demand as counts: they add up, and nobody can be recognised in them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.matching.rules.lists import LEAST, OTHER, Seeker, count, fold, group_of, seeks, wage_band


def a_seeker(**said: object) -> Seeker:
    return Seeker(
        **{"occupation": "6-25", "wage_expected": 4000, "destinations": ("440300",), "elsewhere": "none", **said}
    )  # type: ignore[arg-type]


def test_whoever_is_able_and_willing_seeks_until_a_yes() -> None:
    assert seeks(labourer=True, willing=True, signed=False)
    assert not seeks(labourer=True, willing=True, signed=True)
    assert not seeks(labourer=True, willing=False, signed=False)
    assert not seeks(labourer=False, willing=True, signed=False)


def test_a_wage_is_told_as_a_band() -> None:
    assert [wage_band(wage) for wage in (None, 0, 2999, 3000, 3499)] == [
        "any",
        "any",
        "2500-2999",
        "3000-3499",
        "3000-3499",
    ]


def test_a_person_counts_for_the_first_place_named() -> None:
    counts = count([a_seeker(), a_seeker(), a_seeker(), *[a_seeker(destinations=(), elsewhere="anywhere")] * 3])
    assert counts.by_destination == {"440300": 3, "anywhere": 3}
    assert counts.people == 6


def test_a_rare_count_is_folded_into_other_with_the_next_smallest() -> None:
    assert fold({"a": 9, "b": 4, "c": 1}) == {"a": 9, OTHER: 5}
    assert fold({"a": 9, "b": 4, "c": 1, "d": 2}) == {"a": 9, "b": 4, OTHER: 3}
    assert fold({"a": 1}) == {OTHER: 1}


def test_a_word_for_work_becomes_its_group() -> None:
    assert group_of("6-25") == "6-25"
    assert group_of(None) == group_of("教古琴的") == "9-99"


@given(
    st.dictionaries(st.text(min_size=1, max_size=3).filter(lambda word: word != OTHER), st.integers(1, 20), max_size=8)
)
def test_folded_counts_add_up_and_none_is_small(counts: dict[str, int]) -> None:
    folded = Counter(fold(counts))
    assert folded.total() == sum(counts.values())
    assert all(number >= LEAST for number in folded.values()) or set(folded) == {OTHER}
