"""Pages of a list: the way on and back by the cursors that led there, and which rows stand on each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.console.rules.paging import SIZES, Paging, paging_of

CURSORS = st.lists(st.text("abcXYZ019-_", min_size=1, max_size=30), max_size=12)


def asked(changes: dict[str, str | None], rows: int) -> Paging:
    """The page that an address leads to."""
    return paging_of({"rows": str(rows)} | {name: value for name, value in changes.items() if value})


@given(CURSORS, st.sampled_from(SIZES))
def test_whoever_goes_on_and_back_sees_the_same_pages(cursors: list[str], rows: int) -> None:
    been = [paging_of({"rows": str(rows)})]
    for cursor in cursors:
        been.append(asked(been[-1].on(cursor), rows))
    assert [page.rows_before for page in been] == [rows * number for number in range(len(been))]
    assert [page.after for page in been[1:]] == cursors
    for page, before in zip(reversed(been[1:]), reversed(been[:-1]), strict=True):
        assert asked(page.back, rows) == before


def test_a_size_that_nobody_is_offered_and_a_trail_to_nowhere_are_the_beginning() -> None:
    assert paging_of({"rows": "7", "trail": "a.b"}) == Paging()
    assert paging_of({"rows": "a lot"}) == Paging()
