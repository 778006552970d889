"""Each quarter everyone placed has exactly one owner."""

from __future__ import annotations

from uuid import UUID

import pytest

from libs.common.problems import Invalid
from services.retention.rules.verification import Placed, check_answer, concerns, owner_of

COUNTY, CITY, OTHER = "n433124", "n440300", "n430100"


@pytest.mark.parametrize(("works_in", "owner"), [(None, COUNTY), ("440300", CITY)])
def test_the_city_answers_for_who_is_in_work_and_the_county_for_who_is_not(works_in: str | None, owner: str) -> None:
    assert owner_of("433124", works_in) == owner


def test_the_county_lists_everybody_of_its_own_and_a_city_who_works_there() -> None:
    away, home = Placed(UUID(int=1), "433124", "440300"), Placed(UUID(int=2), "433124", None)
    assert [concerns(node, away) for node in (COUNTY, CITY, OTHER)] == [True, True, False]
    assert [concerns(node, home) for node in (COUNTY, CITY, OTHER)] == [True, False, False]


@pytest.mark.parametrize(("outcome", "grade"), [("in_work", None), ("left", None), ("unreachable", "worker")])
def test_evidence_goes_with_whoever_was_found(outcome: str, grade: str | None) -> None:
    with pytest.raises(Invalid):
        check_answer(outcome, grade)


def test_an_answer_with_evidence_and_nobody_reached_without_are_taken() -> None:
    check_answer("in_work", "insurance")
    check_answer("unreachable", None)
