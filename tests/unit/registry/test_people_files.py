"""The counties' sample people files, key by key, against what the officers agreed they say."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.registry.rules import SEVERITY, PeopleReport, read_people

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"
TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
AS_OF = date.fromisoformat(TRUTH["as_of"])
FILES = ["people-433124.xlsx", "people-433126.csv"]
KEYS = [
    "total_rows",
    "accepted",
    "refused",
    "flagged",
    "findings",
    "households",
    "labourers",
    "labourer_rows",
    "labourers_by_township",
    "labourers_by_work_place",
    "not_labourers_by_reason",
    "ignored_rows",
    "header_row",
]


@cache
def report_on(name: str) -> PeopleReport:
    return read_people((DATA / name).read_bytes(), name, AS_OF)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", FILES)
def test_a_people_file_says_what_was_agreed(name: str, key: str) -> None:
    assert report_on(name).summary()[key] == TRUTH["files"][name][key]


@pytest.mark.parametrize("name", FILES)
def test_every_code_that_occurs_weighs_what_was_agreed(name: str) -> None:
    codes = {finding.code for found in report_on(name).findings.values() for finding in found}
    assert {code: SEVERITY[code] for code in codes} == {code: TRUTH["severity"][code] for code in codes}


@pytest.mark.parametrize("name", FILES)
def test_what_is_wrong_in_form_alone_is_put_right_without_a_word(name: str) -> None:
    truth, report = TRUTH["files"][name], report_on(name)
    silent = {int(row) for row in truth["tidied"]} - {int(row) for row in truth["findings"]}
    assert silent
    assert not silent & set(report.findings)
    assert silent <= {person.row for person in report.people}


@pytest.mark.parametrize("region", ["433124", "433126"])
def test_the_four_people_at_the_edges_of_age_are_as_the_story_says(region: str) -> None:
    report = report_on(next(name for name in FILES if region in name))
    rows = [place["row"] for place in TRUTH["story"][region]["edge_birthdays"]]
    born = {person.row: (person.birth.isoformat(), person.verdict.labourer) for person in report.people}
    assert [born[row] for row in rows] == [
        ("1956-12-31", False),
        ("1957-01-01", True),
        ("2000-12-31", True),
        ("2001-01-01", False),
    ]


def test_the_year_of_the_file_itself_is_the_day_of_identification() -> None:
    name = FILES[0]
    assert read_people((DATA / name).read_bytes(), name).as_of == AS_OF
