"""The city offices' sample sheets, row by row, against what the officers agreed they say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.jobs.rules import EmployersReport, VacanciesReport, read_employers, read_vacancies

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"
TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
CITIES = ["440300", "430100", "370100"]
# The sheets hold on this day.
AS_OF = date(2017, 3, 31)


def employers_of(city: str) -> EmployersReport:
    path = DATA / f"employers-{city}.xlsx"
    return read_employers(path.read_bytes(), path.name, city)


def vacancies_of(city: str) -> VacanciesReport:
    path = DATA / f"vacancies-{city}.xlsx"
    return read_vacancies(path.read_bytes(), path.name, city, employers_of(city), AS_OF)


@pytest.mark.parametrize("city", CITIES)
def test_the_employer_list_is_read_as_agreed(city: str) -> None:
    told, truth = employers_of(city).as_json(), TRUTH["files"][f"employers-{city}.xlsx"]
    assert told["findings"] == truth["findings"]
    assert {key: told[key] for key in ("total_rows", "accepted", "designated", "bases")} == {
        key: truth[key] for key in ("total_rows", "accepted", "designated", "bases")
    }
    assert told["refused"] == truth["total_rows"] - truth["accepted"]
    assert employers_of(city).table.header_row == truth["header_row"]


@pytest.mark.parametrize("city", CITIES)
def test_every_vacancy_means_what_was_agreed(city: str) -> None:
    told, truth = vacancies_of(city).as_json(), TRUTH["files"][f"vacancies-{city}.xlsx"]
    assert told["findings"] == truth["findings"]
    assert told["rows"] == truth["rows"]
    assert vacancies_of(city).table.header_row == truth["header_row"]
    counts = ("total_rows", "accepted", "vetted", "openings_vetted", "reserved")
    assert {key: told[key] for key in counts} == {key: truth[key] for key in counts}


@pytest.mark.parametrize("city", CITIES)
def test_rows_that_are_no_data_are_set_aside(city: str) -> None:
    truth = TRUTH["files"]
    for report, name in (
        (employers_of(city), f"employers-{city}.xlsx"),
        (vacancies_of(city), f"vacancies-{city}.xlsx"),
    ):
        ignored = {str(row): what for row, what in report.table.ignored.items() if what != "header"}
        assert ignored == truth[name]["ignored_rows"]


def test_without_an_employer_list_no_vacancy_is_said_to_be_unlisted() -> None:
    path = DATA / "vacancies-440300.xlsx"
    report = read_vacancies(path.read_bytes(), path.name, "440300", None)
    assert not any(finding.code == "employer_not_listed" for row in report.rows for finding in row.findings)


def test_every_title_of_the_samples_has_an_occupation_group() -> None:
    assert not [row.title for city in CITIES for row in vacancies_of(city).rows if row.occupation is None]
