"""Every number that a division states leads to a page that is there, narrowed by filters that the page has, for whoever may open it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.routing import APIRoute

from libs.common.access.policy import POLICY
from services.console.routes.lists import LISTINGS
from services.console.rules.counted import LISTS, CountedList, lists_for
from services.console.rules.province import FIGURES
from tests.support.page_kinds import page_kinds

# Sums, and what a list has no filter for.
WITHOUT = {
    "households",
    "people",
    "in_county",
    "in_province",
    "out_of_province",
    "elsewhere",
    "own_account",
    "assisted",
    "wage_sum_fen",
    "wage_count",
}


def test_every_figure_has_its_list_or_is_one_of_those_without() -> None:
    assert LISTS.keys() | WITHOUT == set(FIGURES)
    assert not LISTS.keys() & WITHOUT


@pytest.mark.parametrize("each", LISTS.values(), ids=LISTS)
def test_the_list_is_a_page_and_takes_the_filters(each: CountedList) -> None:
    address = urlsplit(each.page)
    route: APIRoute = page_kinds()[address.path]
    taken = {one.name for one in LISTINGS[address.path].filters} if address.path in LISTINGS else _asked_by(route)
    assert parse_qs(address.query).keys() <= taken
    assert each.action in POLICY


def _asked_by(route: APIRoute) -> set[str]:
    """Query parameters of a page and of what it depends on."""
    waiting, names = [route.dependant], set()
    while waiting:
        one = waiting.pop()
        names |= {field.alias for field in one.query_params}
        waiting += one.dependencies
    return names


def test_who_may_not_open_a_list_has_no_link_to_it() -> None:
    assert lists_for(lambda action: action == "jobs.employer.list") == {"employers": "/employers?state=listed"}
    assert lists_for(lambda _: False) == {}
