"""Files from the field that went wrong (tests/data/cases): each is read as its README says is right."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from libs.common.imports.report import Report
from libs.common.sheets import WrongFile
from libs.common.sheets.model import sheet_of
from services.jobs.rules import read_employers, read_vacancies
from services.registry.rules import PeopleReport, read_people, read_wishes

CASES = Path(__file__).parents[2] / "data" / "cases"
COUNTY, CITY = "433124", "440300"


def report_on(kind: str, file: str) -> Any:
    """As a dry run reads it; a wishes sheet beside the people file that lies in the same folder."""
    path = CASES / file
    if kind == "people":
        return read_people(path.read_bytes(), path.name)
    if kind == "wishes":
        register = path.parent / "people.xlsx"
        known = report_on("people", str(register.relative_to(CASES))) if register.exists() else None
        return read_wishes(path.read_bytes(), path.name, known, county=COUNTY)
    read = read_employers if kind == "employers" else read_vacancies
    return read(path.read_bytes(), path.name, CITY)


def notes_of(report: Report) -> dict[str, list[str]]:
    """code -> sheets."""
    told: dict[str, list[str]] = {}
    for note in report.table.notes:
        told.setdefault(note.code, []).append(note.sheet)
    return told


def codes_of(report: Report, row: int) -> set[str]:
    return {finding.code for finding in report.findings.get(row, ())}


@pytest.mark.parametrize(
    ("kind", "file", "accepted", "refused"),
    [
        ("people", "01-townships-in-sheets/townships.xlsx", 6, 0),
        ("people", "02-example-sheet-first/example_first.xlsx", 6, 0),
        ("people", "03-unclosed-quote/quote.csv", 5, 1),
        ("people", "04-total-row-with-counts/people_total.xlsx", 6, 0),
        ("vacancies", "04-total-row-with-counts/total.xlsx", 3, 0),
        ("vacancies", "04-total-row-with-counts/total2.xlsx", 3, 0),
        ("vacancies", "06-rows-taken-for-a-signature/contact.xlsx", 2, 0),
        ("vacancies", "06-rows-taken-for-a-signature/titles.xlsx", 5, 0),
        ("employers", "06-rows-taken-for-a-signature/stamp_maker.xlsx", 2, 0),
        ("vacancies", "08-two-columns-for-one-field/openings.xlsx", 1, 0),
        ("vacancies", "08-two-columns-for-one-field/shortage.xlsx", 1, 0),
        ("people", "09-empty-twin-column/two_ids.csv", 6, 0),
        ("people", "09-empty-twin-column/two_phones.csv", 6, 0),
        ("vacancies", "10-formulas-without-results/vacancies.xlsx", 1, 2),
        ("wishes", "10-formulas-without-results/wishes.xlsx", 2, 0),
        ("wishes", "12-wish-wage-by-day-hour-year/wages.xlsx", 3, 0),
        ("people", "13-household-number-as-number/numbers.xlsx", 0, 6),
        ("people", "15-rare-name-in-private-use/pua.xlsx", 1, 0),
        ("people", "16-radicals-copied-from-a-pdf/radicals.xlsx", 2, 0),
        ("wishes", "16-radicals-copied-from-a-pdf/wishes.xlsx", 1, 0),
        ("people", "17-names-masked-or-lost/lost.xlsx", 0, 6),
        ("people", "18-born-after-the-day/future.xlsx", 0, 3),
        ("people", "21-one-blank-far-away/far_row.xlsx", 6, 0),
        ("people", "23-data-on-a-hidden-sheet/hidden.xlsx", 6, 0),
        ("people", "24-parts-by-other-names/case.xlsx", 6, 0),
        ("people", "24-parts-by-other-names/workbook2.xlsx", 6, 0),
        ("people", "25-half-a-character/half.csv", 5, 1),
        ("people", "26-comma-outside-quotes/people.csv", 2, 1),
        ("vacancies", "27-separator-guessed-wrong/semicolon.csv", 5, 0),
        ("vacancies", "27-separator-guessed-wrong/tab.csv", 5, 0),
        ("employers", "29-only-the-required-columns/two_columns.xlsx", 3, 0),
        ("people", "32-hidden-rows/filtered.xlsx", 6, 0),
        ("vacancies", "41-a-cell-of-digits/long_digits.xlsx", 1, 1),
        ("vacancies", "41-a-cell-of-digits/slow.xlsx", 2, 0),
    ],
)
def test_as_many_rows_go_in_as_should(kind: str, file: str, accepted: int, refused: int) -> None:
    told = report_on(kind, file).summary()
    assert (told["accepted"], told["refused"]) == (accepted, refused)


def test_every_file_of_the_field_is_read_here_or_is_of_matching() -> None:
    named = Path(__file__).read_text(encoding="utf-8")
    files = [path for path in CASES.glob("*/*") if path.suffix != ".parquet"]
    assert len(files) > 30
    assert [path.name for path in files if path.name not in named] == []


def test_townships_in_sheets_are_all_read_and_their_rows_can_be_told_apart() -> None:
    report = report_on("people", "01-townships-in-sheets/townships.xlsx")
    assert [(part.sheet, part.rows) for part in report.table.parts] == [("花垣镇", 2), ("双龙镇", 3), ("吉卫镇", 1)]
    sheets = {part.offset: part.sheet for part in report.table.parts}
    assert [sheet_of(person.row, sheets) for person in report.people] == [*["花垣镇"] * 2, *["双龙镇"] * 3, "吉卫镇"]
    assert len({person.row for person in report.people}) == 6


def test_an_example_is_left_out_and_told() -> None:
    report = report_on("people", "02-example-sheet-first/example_first.xlsx")
    assert notes_of(report) == {"sheet_example": ["填写示例"]}
    assert "张某某" not in {person.name for person in report.people}


def test_an_unclosed_quotation_mark_costs_its_own_row() -> None:
    report = report_on("people", "03-unclosed-quote/quote.csv")
    assert report.refused_rows == {3}
    assert [person.row for person in report.people] == [2, 4, 5, 6, 7]


@pytest.mark.parametrize(("file", "row"), [("total", 5), ("total2", 5)])
def test_a_total_with_counts_is_no_vacancy(file: str, row: int) -> None:
    report = report_on("vacancies", f"04-total-row-with-counts/{file}.xlsx")
    assert report.summary()["ignored_rows"] == {str(row): "total"}
    assert sum(vacancy.openings or 0 for vacancy in report.accepted) == 30


@pytest.mark.parametrize("file", ["openings", "shortage"])
def test_of_two_columns_the_one_that_means_it_counts(file: str) -> None:
    report = report_on("vacancies", f"08-two-columns-for-one-field/{file}.xlsx")
    assert [vacancy.openings for vacancy in report.rows] == [20]
    assert "用工人数" in report.table.notes[0].names


def test_an_empty_twin_gives_way_to_the_filled_one() -> None:
    report: PeopleReport = report_on("people", "09-empty-twin-column/two_phones.csv")
    assert {person.phone for person in report.people} == {"15499999999"}
    assert "column_twice" in notes_of(report_on("people", "09-empty-twin-column/two_ids.csv"))


def test_a_formula_without_a_result_is_no_number() -> None:
    vacancies = report_on("vacancies", "10-formulas-without-results/vacancies.xlsx")
    assert [row.openings for row in vacancies.rows] == [None, None, 10]
    assert all("openings_unclear" in codes_of(vacancies, row) for row in (2, 3))
    assert {"wage_not_stated", "formula_uncalculated"} <= codes_of(vacancies, 4)
    wishes = report_on("wishes", "10-formulas-without-results/wishes.xlsx")
    assert "wish_wage_unreadable" in codes_of(wishes, 2)
    assert [(wish.wage_expected, wish.wage_minimum) for wish in wishes.wishes] == [(None, None), (3500, None)]


def test_a_wish_by_the_day_the_hour_or_the_year_is_a_months_wage() -> None:
    wishes = report_on("wishes", "12-wish-wage-by-day-hour-year/wages.xlsx").wishes
    assert [(wish.wage_expected, wish.wage_minimum) for wish in wishes] == [(4350, 3262), (4350, None), (5000, None)]


def test_household_numbers_that_lost_digits_are_told_row_by_row() -> None:
    report = report_on("people", "13-household-number-as-number/numbers.xlsx")
    assert all(codes_of(report, row.number) == {"household_no_lost_digits"} for row in report.table.rows)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("15-rare-name-in-private-use/pua.xlsx", ["陈\u4dae"]),
        ("16-radicals-copied-from-a-pdf/people.xlsx", ["龙大山"]),
        ("16-radicals-copied-from-a-pdf/radicals.xlsx", ["龙大山", "小满"]),
    ],
)
def test_a_name_is_read_in_the_characters_that_are_meant(file: str, names: list[str]) -> None:
    report = report_on("people", file)
    assert [person.name for person in report.people] == names
    assert not report.findings


def test_places_from_a_pdf_are_places() -> None:
    assert report_on("people", "16-radicals-copied-from-a-pdf/radicals.xlsx").people[0].village == "马颈坳"
    report = report_on("wishes", "16-radicals-copied-from-a-pdf/wishes.xlsx")
    assert [wish.destinations for wish in report.wishes] == [("430100",)]
    assert not report.findings


def test_a_name_that_is_not_whole_is_none() -> None:
    report = report_on("people", "17-names-masked-or-lost/lost.xlsx")
    assert all("name_characters" in codes_of(report, row.number) for row in report.table.rows)


def test_nobody_is_born_after_the_day_or_older_than_anybody() -> None:
    report = report_on("people", "18-born-after-the-day/future.xlsx")
    assert report.as_of == date(2016, 12, 31)
    assert all("id_birth_invalid" in codes_of(report, row.number) for row in report.table.rows)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("people.ods", (".ods", "另存为 .xlsx")),
        ("people.xlsb", (".xlsb", "另存为 .xlsx")),
        ("people.et", (".xls", "加密", "plain .xlsx")),
        ("password.xlsx", (".xls", "加密", "plain .xlsx")),
    ],
)
def test_another_format_is_called_by_its_name(file: str, words: tuple[str, ...]) -> None:
    with pytest.raises(WrongFile) as caught:
        report_on("people", f"22-ods-xlsb-et-password/{file}")
    assert all(word in caught.value.detail for word in words)


def test_what_stands_on_a_hidden_sheet_or_in_hidden_rows_is_told() -> None:
    hidden = report_on("people", "23-data-on-a-hidden-sheet/hidden.xlsx")
    assert notes_of(hidden) == {"sheet_other": ["说明"], "sheet_hidden_read": ["数据"]}
    filtered = report_on("people", "32-hidden-rows/filtered.xlsx")
    assert [(note.code, note.where) for note in filtered.table.notes] == [("rows_hidden", "4-5")]


def test_half_a_character_is_named_by_row_and_column() -> None:
    report = report_on("people", "25-half-a-character/half.csv")
    assert {row: [(f.code, f.column) for f in found] for row, found in report.findings.items()} == {
        2: [("characters_lost", "务工企业名称")]
    }


def test_a_row_that_has_slipped_gives_no_value_away() -> None:
    report = report_on("people", "26-comma-outside-quotes/people.csv")
    assert codes_of(report, 3) == {"row_shifted"}
    assert [person.row for person in report.people] == [2, 4]


def test_a_cell_of_digits_is_no_number() -> None:
    assert "openings_unclear" in codes_of(report_on("vacancies", "41-a-cell-of-digits/long_digits.xlsx"), 2)
    assert "wage_not_stated" in codes_of(report_on("vacancies", "41-a-cell-of-digits/slow.xlsx"), 2)
