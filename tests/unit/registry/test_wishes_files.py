"""The counties' sample wishes sheets, row by row, against what the officers agreed they say."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.registry.rules import SEVERITY, WishesReport, read_people, read_wishes

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"
TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
FILES = ["wishes-433124.xlsx", "wishes-433126.csv"]
KEYS = [
    "total_rows",
    "accepted",
    "refused",
    "flagged",
    "findings",
    "rows",
    "willing",
    "couples",
    "ignored_rows",
    "header_row",
]


@cache
def report_on(name: str) -> WishesReport:
    people = TRUTH["files"][name]["people"]
    known = read_people((DATA / people).read_bytes(), people, date.fromisoformat(TRUTH["as_of"]))
    return read_wishes((DATA / name).read_bytes(), name, known)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", FILES)
def test_a_wishes_sheet_says_what_was_agreed(name: str, key: str) -> None:
    assert report_on(name).as_json()[key] == TRUTH["files"][name][key]


@pytest.mark.parametrize("name", FILES)
def test_every_code_that_occurs_weighs_what_was_agreed(name: str) -> None:
    codes = {finding.code for found in report_on(name).findings.values() for finding in found}
    assert {code: SEVERITY[code] for code in codes} == {code: TRUTH["severity"][code] for code in codes}


@pytest.mark.parametrize("name", FILES)
def test_the_couple_and_the_deaf_applicant_of_the_story_are_there(name: str) -> None:
    story, rows = TRUTH["files"][name]["story"], {wish.row: wish for wish in report_on(name).wishes}
    one, other = (rows[row] for row in story["couple"])
    assert (one.together, one.partner, other.partner) == ("only", other.person, one.person)
    assert all("sign_language" in rows[row].accommodations for row in story["deaf"])


@pytest.mark.parametrize("name", FILES)
def test_a_sheet_tells_its_county_by_itself(name: str) -> None:
    people = TRUTH["files"][name]["people"]
    known = read_people((DATA / people).read_bytes(), people, date.fromisoformat(TRUTH["as_of"])).known()
    read = read_wishes((DATA / name).read_bytes(), f"wishes{Path(name).suffix}", known)
    assert read.as_json()["rows"] == TRUTH["files"][name]["rows"]
