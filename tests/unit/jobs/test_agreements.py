"""The rules of an agreement: its terms and parts, and that progress is the list's sums whatever moves in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.database import new_id
from libs.common.problems import Invalid
from services.jobs.rules.agreements import Agreement, Part, Target, check_targets, confirmed, with_target, with_totals
from services.jobs.rules.counting import Moved, tallies_moved
from services.jobs.rules.progress import ProgressWanted, Tally, forecast_of, months_of, pace_of, progress_of
from services.jobs.rules.quarters import Entry, differing, taken_over
from services.jobs.rules.refusals import AgreementFixed, NotAParty, NothingToSettle

ONE, TWO = "433124", "433126"


def an_agreement(*targets: Target) -> Agreement:
    return Agreement(
        id=new_id(),
        origin="433100",
        destination="370100",
        title="济南—湘西",
        since=date(2017, 2, 1),
        until=date(2018, 6, 30),
        targets=targets,
        parts=(Part(county=ONE), Part(county=TWO)),
    )


def posts(target: int, **more: object) -> Target:
    return Target(kind="posts", target=target, **more)  # type: ignore[arg-type]


def test_parts_and_years_add_up_to_the_whole_at_most() -> None:
    check_targets(an_agreement(posts(10), posts(6, county=ONE), posts(4, county=TWO), posts(10, year=2017)))
    for wrong in (posts(5, county=TWO), posts(11, year=2017), posts(11, employer_uscc="91440300XL0000066R")):
        with pytest.raises(Invalid, match="分解合计"):
            check_targets(an_agreement(posts(10), posts(6, county=ONE), wrong))


def test_every_county_confirms_the_terms_as_they_stand_and_a_part_that_changes_is_confirmed_again() -> None:
    draft = an_agreement(posts(10))
    half = confirmed(draft, ONE, 1, date(2017, 2, 3))
    assert half.state == "draft"
    assert confirmed(half, TWO, 2, date(2017, 2, 4)) == half
    whole = confirmed(half, TWO, 1, date(2017, 2, 4))
    assert (whole.state, confirmed(whole, TWO, 1, date(2017, 3, 4))) == ("in_force", whole)
    again = with_target(half, posts(4, county=ONE))
    assert (again.edition, [each.confirmed_on for each in again.parts]) == (2, [None, None])
    assert with_target(again, posts(0, county=ONE)).targets == draft.targets
    with pytest.raises(AgreementFixed):
        with_target(whole, posts(4, county=ONE))
    assert with_target(whole, posts(4, employer_uscc="91440300XL0000066R")).state == "in_force"
    with pytest.raises(NotAParty):
        confirmed(draft, "433130", 1, date(2017, 2, 3))


def test_totals_leave_parts_alone() -> None:
    part = posts(4, county=ONE)
    assert set(with_totals((posts(10), part), {"posts": 12, "fairs": 2})) == {
        posts(12),
        part,
        Target(kind="fairs", target=2),
    }
    assert with_totals((posts(10), part), {"posts": 0}) == (part,)


day = st.dates(date(2017, 2, 1), date(2018, 6, 30))
entry = st.tuples(st.sampled_from([ONE, TWO]), st.sampled_from(["", "A", "B"]), day)


@given(st.lists(entry, max_size=30), st.sampled_from([None, 2017, 2018]), st.dates(date(2017, 1, 1), date(2019, 1, 1)))
def test_each_line_is_the_sum_of_the_list_behind_it(
    entries: list[tuple[str, str, date]], year: int | None, as_of: date
) -> None:
    moved = [
        Moved(kind="posts", county=county, employer_uscc=firm, month=on.replace(day=1), by=1)
        for county, firm, on in entries
    ]
    tallies = [
        Tally(kind=kind, county=county, employer_uscc=firm, month=month, reached=by)
        for (kind, firm, county, month), by in tallies_moved(moved).items()
    ]
    agreement = an_agreement(posts(100), posts(50, employer_uscc="A", year=year))
    lines = progress_of(agreement, tallies, [], ProgressWanted(year=year), as_of, "370100")
    within = [each for each in entries if year in (None, each[2].year) and each[2].replace(day=1) <= as_of]
    assert [(line.county, line.employer_uscc, line.reached) for line in lines] == [
        (None, None, len(within)),
        (ONE, None, sum(each[0] == ONE for each in within)),
        (TWO, None, sum(each[0] == TWO for each in within)),
        (None, "A", sum(each[1] == "A" for each in within)),
    ]
    assert all(line.forecast is not None and line.forecast >= (line.reached or 0) for line in lines)


@given(st.lists(entry, max_size=20), st.randoms())
def test_what_moves_back_leaves_nothing(entries: list[tuple[str, str, date]], chance: object) -> None:
    there = [
        Moved(kind="posts", county=county, employer_uscc=firm, month=on.replace(day=1), by=1)
        for county, firm, on in entries
    ]
    both = [*there, *(replace(each, by=-1) for each in there)]
    chance.shuffle(both)  # type: ignore[attr-defined]
    assert tallies_moved(both) == {}


def test_the_forecast_goes_on_as_the_last_year_went_and_says_when_it_rests_on_little() -> None:
    agreement = an_agreement(posts(100))
    assert len(months_of(agreement, None)) == 17
    assert months_of(agreement, 2018)[0] == date(2018, 1, 1)
    tallies = [
        Tally(kind="posts", county=ONE, employer_uscc="", month=month, reached=6)
        for month in months_of(agreement, 2017)[:4]
    ]
    (whole, *_) = progress_of(agreement, tallies, [], ProgressWanted(), date(2017, 5, 20), "370100")
    assert (whole.reached, whole.forecast, whole.few) == (24, 24 + 6 * 13, False)
    (early, *_) = progress_of(agreement, tallies, [], ProgressWanted(year=2017), date(2017, 2, 20), "370100")
    assert (early.reached, early.forecast, early.few) == (6, 6 + 6 * 10, True)
    (over, *_) = progress_of(agreement, tallies, [], ProgressWanted(year=2017), date(2018, 5, 20), "370100")
    assert over.reached == over.forecast == 24
    assert forecast_of(0, pace_of(agreement, [], date(2016, 1, 1)), 5) == 0


def test_a_county_counts_its_own_part_and_everybody_fairs() -> None:
    agreement = an_agreement(posts(100), Target(kind="fairs", target=2))
    tallies = [
        Tally(kind="posts", county=ONE, employer_uscc="", month=date(2017, 2, 1), reached=2),
        Tally(kind="fairs", county="", employer_uscc="", month=date(2017, 2, 1), reached=1),
    ]
    for here, wanted in ((ONE, [1, None, 2, None]), ("430000", [1, None, None, None]), ("370100", [1, 2, 2, 0])):
        assert [
            line.reached for line in progress_of(agreement, tallies, [], ProgressWanted(), date(2017, 3, 1), here)
        ] == wanted


entries = st.lists(
    st.builds(
        Entry,
        kind=st.just("posts"),
        reference=st.integers(1, 6).map(lambda number: UUID(int=number)),
        day=st.dates(date(2017, 1, 1), date(2017, 1, 3)),
        employer_uscc=st.just(""),
        by=st.just(1),
    ),
    max_size=6,
    unique_by=lambda each: each.reference,
)


@given(entries, entries)
def test_whoever_takes_the_others_word_on_each_difference_has_the_others_list(
    ours: list[Entry], theirs: list[Entry]
) -> None:
    mine = {each.reference: each for each in ours}
    for reference in {each.reference for side in differing(ours, theirs) for each in side}:
        word = taken_over("posts", reference, mine.values(), theirs)
        mine.pop(reference, None)
        if word is not None:
            mine[reference] = word
    assert set(mine.values()) == set(theirs)
    for each in theirs:
        with pytest.raises(NothingToSettle):
            taken_over("posts", each.reference, mine.values(), theirs)


def test_what_one_side_counts_no_more_counts_by_the_others_word() -> None:
    gone = Entry(kind="posts", reference=UUID(int=1), day=date(2017, 1, 1), employer_uscc="", by=-1)
    assert taken_over("posts", gone.reference, [gone], []) == replace(gone, by=1)
    assert taken_over("posts", gone.reference, [], [gone]) is None
