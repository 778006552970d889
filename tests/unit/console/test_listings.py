"""Every list says why it is empty, and by what it is filled; every filter offers words and no codes to type."""

from __future__ import annotations

import pytest

from services.console.rendering.codes import codes
from services.console.routes.forms import FORMS
from services.console.routes.lists import LISTINGS
from services.console.rules.listings import Listing


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS)
def test_an_empty_list_says_why(listing: Listing) -> None:
    assert listing.nothing.endswith("。")


def test_each_lists_reason_is_its_own() -> None:
    assert len({listing.nothing for listing in LISTINGS.values()}) == len(LISTINGS)


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS)
def test_a_filter_offers_words_and_a_button_leads_to_a_form(listing: Listing) -> None:
    for each in listing.filters:
        assert each.kind != "choice" or each.options or each.codes, each.name
        assert not each.codes or set(each.options) <= codes()[each.codes].keys(), each.name
    assert {step.path for step in listing.steps} <= FORMS.keys()
