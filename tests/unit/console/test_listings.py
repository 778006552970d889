"""Every list says why it is empty, and by what it is filled; every filter offers words and no codes to type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.console.rendering.codes import codes
from services.console.routes.forms import FORMS
from services.console.routes.lists import LISTINGS, RECORDS
from services.console.rules.listings import Column, Listing, Record

CONTRACTS = Path(__file__).parents[2] / "contract" / "openapi"
SHOWN = {**LISTINGS, **RECORDS}


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


def codes_of_members(service: str) -> dict[str, list[set[str]]]:
    """Member -> the lists of codes that the service's contract allows for members of that name, asked or answered."""
    schemas = json.loads((CONTRACTS / f"{service}.json").read_bytes())["components"]["schemas"].values()
    found: dict[str, list[set[str]]] = {}
    for name, member in (each for schema in schemas for each in schema.get("properties", {}).items()):
        if allowed := {str(code) for one in [member, *member.get("anyOf", [])] for code in one.get("enum", [])}:
            found.setdefault(name, []).append(allowed)
    return found


@pytest.mark.parametrize("page", SHOWN.values(), ids=SHOWN)
def test_a_column_of_codes_names_them_by_the_kind_that_has_them(page: Listing | Record) -> None:
    allowed = codes_of_members(page.service)
    columns: tuple[Column, ...] = page.columns if isinstance(page, Listing) else page.facts
    for each in [*columns, *(inner for _, _, within in getattr(page, "within", ()) for inner in within)]:
        kind = codes()[each.codes].keys() if each.codes else set()
        if each.codes or each.kind == "text":
            assert each.name not in allowed or any(one <= kind for one in allowed[each.name]), each.name
