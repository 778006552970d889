"""Promises beside what was kept: what is told is of five people or more, and so is every difference of what is told."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.common.small_numbers import SMALL
from services.retention.rules.promises import Promise, Wages, firm_of, tell_firm, tell_post, told_wages, unrecorded


def wages_of(paid: int, months: int | None = None, kept: int = 0) -> Wages:
    many = paid if months is None else months
    return Wages(paid=paid, months=many, kept=kept, promised_sum_fen=many * 400_000, paid_sum_fen=many * 380_000)


def a_post(number: int, wages: Wages, *, came: int = 0) -> Promise:
    return Promise(
        key=UUID(int=number),
        city="440300",
        employer_uscc="91440300MA5D8C1X2T",
        employer_name="某电子有限公司",
        vacancy=UUID(int=number),
        title="普工",
        openings=10,
        offers=["board"],
        hired=came,
        came=came,
        wages=wages,
    )


COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=8)


@given(COUNTS)
def test_what_is_left_when_told_posts_are_taken_from_their_firm_is_nobody_or_five(counts: list[int]) -> None:
    posts = [wages_of(paid) for paid in counts]
    rest = told_wages(posts).paid - sum(paid for paid in counts if paid >= 5)
    assert rest == 0 or rest >= 5


@given(COUNTS)
def test_no_wage_is_told_of_fewer_than_five(counts: list[int]) -> None:
    posts = [a_post(number, wages_of(paid, months=paid * 3, kept=1), came=paid) for number, paid in enumerate(counts)]
    for post in posts:
        told = tell_post(post)
        assert (told.paid_fen is None) == (post.wages.paid < 5) == (told.months is None) == (told.kept is None)
    firm = tell_firm(posts)
    assert firm.paid_fen is None or sum(counts) >= 5


@given(st.integers(0, 40), st.integers(0, 40))
def test_counts_that_are_told_alike_are_alike(one: int, other: int) -> None:
    """A line says nothing of a count beyond its nearest five."""
    told = [tell_post(a_post(1, wages_of(0), came=count)) for count in (one, other)]
    same = (one > 0) == (other > 0) and (one < 5) == (other < 5) and (one + 2) // 5 == (other + 2) // 5
    assert (told[0].came == told[1].came) == (same or (0 < one < 5 and 0 < other < 5))


def test_a_firm_of_small_posts_has_its_wages_told_together() -> None:
    posts = [a_post(number, wages_of(3, months=6, kept=6), came=3) for number in range(3)]
    assert [tell_post(post).paid for post in posts] == [SMALL] * 3
    firm = tell_firm(posts)
    assert (firm.paid, firm.months, firm.promised_fen, firm.paid_fen) == (10, 20, 400_000, 380_000)
    exact = firm_of(UUID(int=9), posts)
    assert (exact.came, exact.wages.months, exact.openings, exact.vacancy) == (9, 18, 30, None)


def test_a_few_beside_many_stay_out_of_the_firm() -> None:
    many, few = wages_of(8, months=8), Wages(paid=2, months=2, promised_sum_fen=800_000, paid_sum_fen=20_000)
    assert tell_firm([a_post(1, many), a_post(2, few)]).paid_fen == 380_000


def test_what_nobody_records_is_never_told_as_kept() -> None:
    assert unrecorded(["board", "lodging", "insurance"], 0) == ["board", "lodging", "insurance"]
    assert unrecorded(["board", "insurance"], 3) == ["board"]
    assert unrecorded(["insurance"], None) == ["insurance"]
    assert unrecorded([], 0) == []
