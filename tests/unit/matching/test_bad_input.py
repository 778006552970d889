"""`xieli match` on files with one thing wrong: file, row and column are named, the exit code is 1, nothing is written.

Line by line what matching v1 says in sections 8 and 10, planted in row 5 of a good file; and what is strange but lawful.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.matching.rules.weights import priority_most, utility_most
from tests.unit.matching.markets import sample
from tests.unit.matching.test_match_command import about, xieli

FOLDER = sample("small").folder
TABLES = {file: pq.read_table(FOLDER / f"{file}.parquet") for file in ("people", "vacancies")}
TABLES["people"] = TABLES["people"].append_column("shared", pa.nulls(TABLES["people"].num_rows, pa.int16()))
WEIGHTS: dict[str, Any] = json.loads((FOLDER / "weights.json").read_text())
NAN, INFINITY = float("nan"), float("inf")
BROKEN = b"\xff\xfe"
Change = Callable[[pa.Table], pa.Table]


class Said(NamedTuple):
    """The one JSON problem (or the answer), the note on stderr, and the exit code."""

    answer: dict[str, Any]
    note: str
    code: int


def match(folder: Path, file: str | None = None, change: Change = lambda table: table, **other: str) -> Said:
    """Runs the command as it is typed; what raises anything but an exit fails the test."""
    if file:
        pq.write_table(change(TABLES[file]), folder / f"{file}.parquet")
        other[file] = str(folder / f"{file}.parquet")
    result = xieli("match", *about("small", out=str(folder / "out.parquet"), **other), "--json")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return Said(json.loads(result.stdout), result.stderr, result.exit_code)


def row5(column: str, value: Any) -> Change:
    def change(table: pa.Table) -> pa.Table:
        values = table.column(column).to_pylist()
        return replaced(table, column, pa.array([*values[:4], value, *values[5:]]))

    return change


def replaced(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)


def broken_text(column: str) -> Change:
    """Bytes that are no UTF-8 in row 5, as a program writes them that never looks."""

    def change(table: pa.Table) -> pa.Table:
        values = [BROKEN if row == 4 else text.encode() for row, text in enumerate(table.column(column).to_pylist())]
        raw = pa.array(values, pa.binary())
        return replaced(table, column, pa.Array.from_buffers(pa.string(), len(raw), raw.buffers()))

    return change


def day(column: str, days: int) -> Change:
    def change(table: pa.Table) -> pa.Table:
        values = table.column(column).cast(pa.int32()).to_pylist()
        return replaced(table, column, pa.array([*values[:4], days, *values[5:]], pa.int32()).cast(pa.date32()))

    return change


def reserved(*entries: tuple[str | None, Any]) -> list[dict[str, Any]]:
    return [{"group": group, "openings": openings} for group, openings in entries]


def id_of(file: str, row: int) -> str:
    found: str = TABLES[file].column(0)[row - 1].as_py()
    return found


def assert_refused(said: Said, folder: Path, file: str, row: int, column: str, words: str) -> None:
    path = str(folder / f"{file}.parquet")
    assert (said.code, said.answer["file"], said.answer["row"], said.answer["column"]) == (1, path, row, column)
    assert said.answer["detail"].startswith(f"{path}, row {row}, {column}: ")
    assert words in said.answer["detail"]
    assert [each.name for each in folder.iterdir()] == [f"{file}.parquet"], "something was written"


PEOPLE = [
    ("person", "a b", "an id is"),
    ("person", "", "an id is"),
    ("person", "p" * 37, "an id is"),
    ("person", "户1", "an id is"),
    ("person", "a\tb", "an id is"),
    ("person", "a\x7f", "an id is"),
    ("person", None, "null"),
    ("person", id_of("people", 1), "a duplicate id"),
    ("county", "43312", "is not six digits"),
    ("county", "433124\n", "is not six digits"),
    ("county", "４３３１２４", "is not six digits"),
    ("county", None, "null"),
    ("age", -1, "is outside 0-120"),
    ("age", 121, "is outside 0-120"),
    ("age", NAN, "is not a whole number"),
    ("age", 30.5, "is not a whole number"),
    ("age", None, "null"),
    ("education", -1, "is outside 0-5"),
    ("education", 6, "is outside 0-5"),
    ("education", None, "null"),
    ("occupation", "6-1", "is not digits"),
    ("occupation", "618", "is not digits"),
    ("occupation", None, "null"),
    ("experience", -1, "below 0"),
    ("experience", INFINITY, "is not a whole number"),
    ("experience", None, "null"),
    ("certificates", ["flying"], "'flying' is not a name"),
    ("certificates", [None], "null in a list"),
    ("restrictions", ["rain"], "'rain' is not a name"),
    ("accommodations", ["sofa"], "'sofa' is not a name"),
    ("wage_expected", -1, "a negative wage"),
    ("wage_expected", NAN, "is not a whole number"),
    ("wage_expected", INFINITY, "is not a whole number"),
    ("wage_expected", 2**31, "is outside"),
    ("wage_expected", None, "null"),
    ("wage_reserve", -1, "a negative wage"),
    ("wage_reserve", -INFINITY, "is not a whole number"),
    ("available_from", None, "null"),
    ("destinations", ["44"], "is not six digits"),
    ("destinations", [None], "null in a list"),
    ("elsewhere", "moon", "is unknown"),
    ("elsewhere", None, "null"),
    ("refused", ["44030x"], "is not six digits"),
    ("relatives_city", "4403", "is not six digits"),
    ("needs", ["car"], "'car' is not a name"),
    ("groups", ["rich"], "'rich' is not a name"),
    ("burden", -1, "is outside 0-100"),
    ("burden", 101, "is outside 0-100"),
    ("burden", None, "null"),
    ("shared", -1, "negative"),
    ("shared", 321, "pass what a household can have"),
    ("shared", NAN, "is not a whole number"),
    ("partner", "nobody", "does not exist"),
    ("partner", id_of("people", 5), "does not answer"),
    ("partner", id_of("people", 1), "does not answer"),
    ("together", "maybe", "is unknown"),
]
VACANCIES = [
    ("vacancy", "a b", "an id is"),
    ("vacancy", "v" * 37, "an id is"),
    ("vacancy", None, "null"),
    ("vacancy", id_of("vacancies", 1), "a duplicate id"),
    ("city", "4403", "is not six digits"),
    ("city", None, "null"),
    ("openings", -1, "is outside 0-1000000"),
    ("openings", 1_000_001, "is outside 0-1000000"),
    ("openings", 10_000_000, "10000000 is outside 0-1000000"),
    ("openings", NAN, "is not a whole number"),
    ("openings", INFINITY, "is not a whole number"),
    ("openings", None, "null"),
    ("reserved", reserved(("disabled", 1_000_000)), "more than the openings"),
    ("reserved", reserved(("disabled", -1)), "negative openings"),
    ("reserved", reserved(("rich", 0)), "'rich' is not a name"),
    ("reserved", reserved(("open", 0)), "'open' is not a name"),
    ("reserved", reserved(("disabled", 0), ("disabled", 0)), "'disabled' twice"),
    ("reserved", reserved((None, 0)), "null"),
    ("reserved", reserved(("disabled", None)), "null"),
    ("reserved", [None], "null in a list"),
    ("reserved", reserved(("disabled", NAN)), "is not a whole number"),
    ("reserved", reserved(("disabled", 0.5)), "is not a whole number"),
    ("occupation", "sewing", "is not digits"),
    ("age_min", -1, "is outside 0-120"),
    ("age_min", 121, "is outside 0-120"),
    ("age_max", -1, "is outside 0-120"),
    ("age_max", 121, "is outside 0-120"),
    ("education_min", -1, "is outside 0-5"),
    ("education_min", 6, "is outside 0-5"),
    ("education_min", None, "null"),
    ("certificates", ["flying"], "'flying' is not a name"),
    ("demands", ["rain"], "'rain' is not a name"),
    ("accommodations", ["sofa"], "'sofa' is not a name"),
    ("wage", -1, "a negative wage"),
    ("wage", NAN, "is not a whole number"),
    ("wage", 2**31, "is outside"),
    ("wage", None, "null"),
    ("starts_by", None, "null"),
    ("offers", ["car"], "'car' is not a name"),
    ("offers", [None], "null in a list"),
    ("experience_points", -1, "is outside 0-15"),
    ("experience_points", 16, "is outside 0-15"),
    ("experience_points", None, "null"),
]


@pytest.mark.parametrize(("column", "value", "words"), PEOPLE)
def test_a_bad_person_is_refused_by_file_row_and_column(column: str, value: Any, words: str, tmp_path: Path) -> None:
    assert_refused(match(tmp_path, "people", row5(column, value)), tmp_path, "people", 5, column, words)


@pytest.mark.parametrize(("column", "value", "words"), VACANCIES)
def test_a_bad_vacancy_is_refused_by_file_row_and_column(column: str, value: Any, words: str, tmp_path: Path) -> None:
    assert_refused(match(tmp_path, "vacancies", row5(column, value)), tmp_path, "vacancies", 5, column, words)


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("people", "person"),
        ("people", "county"),
        ("people", "occupation"),
        ("vacancies", "vacancy"),
        ("vacancies", "city"),
    ],
)
def test_text_that_is_no_text_is_refused(file: str, column: str, tmp_path: Path) -> None:
    assert_refused(match(tmp_path, file, broken_text(column)), tmp_path, file, 5, column, "not text in UTF-8")


@pytest.mark.parametrize(("file", "column"), [("people", "available_from"), ("vacancies", "starts_by")])
@pytest.mark.parametrize("days", [2**30, -(2**30)])
def test_a_day_of_no_calendar_is_refused(file: str, column: str, days: int, tmp_path: Path) -> None:
    assert_refused(
        match(tmp_path, file, day(column, days)), tmp_path, file, 5, column, "a day outside the years 1-9999"
    )


def test_partners_who_do_not_go_alike_are_refused(tmp_path: Path) -> None:
    def change(table: pa.Table) -> pa.Table:
        one, other = id_of("people", 4), id_of("people", 5)
        partner = [{one: other, other: one}.get(name) for name in table.column("person").to_pylist()]
        together = [{one: "only", other: "preferred"}.get(name) for name in table.column("person").to_pylist()]
        return replaced(
            replaced(table, "partner", pa.array(partner, pa.string())), "together", pa.array(together, pa.string())
        )

    assert_refused(match(tmp_path, "people", change), tmp_path, "people", 4, "together", "the partner has another")


@pytest.mark.parametrize(
    ("file", "column"), [(file, column) for file in TABLES for column in TABLES[file].column_names]
)
def test_every_column_must_be_there_once_and_of_its_type(file: str, column: str, tmp_path: Path) -> None:
    strange = pa.array([True] * TABLES[file].num_rows)
    changes: dict[str, Callable[[pa.Table], pa.Table]] = {
        "an unknown column type bool": lambda table: replaced(table, column, strange),
        "a column twice": lambda table: table.append_column(column, table[column]),
    }
    if column != "shared":
        changes["a missing column"] = lambda table: table.drop_columns([column])
    for words, change in changes.items():
        assert_refused(match(tmp_path, file, change), tmp_path, file, 0, column, words)


@pytest.mark.parametrize(
    "kind",
    [pa.struct([("group", pa.string()), ("openings", pa.string())]), pa.struct([("group", pa.string())]), pa.int64()],
)
def test_reserved_entries_are_a_group_and_a_number(kind: pa.DataType, tmp_path: Path) -> None:
    rows = TABLES["vacancies"].num_rows
    said = match(
        tmp_path, "vacancies", lambda table: replaced(table, "reserved", pa.array([[]] * rows, pa.list_(kind)))
    )
    assert_refused(said, tmp_path, "vacancies", 0, "reserved", "an unknown column type")


def written(folder: Path, content: str) -> str:
    (folder / "weights.json").write_text(content)
    return str(folder / "weights.json")


def changed(**changes: Any) -> str:
    return json.dumps({**WEIGHTS, **changes})


def with_most(name: str, most: int) -> str:
    """Weights by which the greatest score that anybody could have is `most`, because of the points called `name`."""
    greatest = {"relatives": utility_most, "agreement": priority_most}[name](sample("small").weights)
    return changed(**{name: WEIGHTS[name] + most - greatest})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_most("relatives", 1024), "/relatives: a utility could pass its range"),
        (with_most("agreement", 1023), "/agreement: a priority could pass its range"),
        (changed(reserve_groups=["open"]), "may not be called open"),
        (changed(certificates="welding"), "/certificates: Input should be a valid list"),
        (changed(certificates=["cook", "cook"]), "/certificates: Value error, a name twice"),
        (changed(relatives=NAN), "/relatives: Input should be a valid integer"),
        (changed(closeness=[]), "/closeness: Input should be a valid dictionary"),
        ("[]", "Input should be a valid dictionary"),
        ("{}", "/version: Field required"),
        ("{", "weights.json"),
    ],
)
def test_bad_weights_are_refused_by_file(content: str, words: str, tmp_path: Path) -> None:
    path = written(tmp_path, content)
    said = match(tmp_path, weights=path)
    assert (said.code, said.answer["file"]) == (1, path)
    assert said.answer["detail"].startswith(f"{path}: ")
    assert words in said.answer["detail"]
    assert [each.name for each in tmp_path.iterdir()] == ["weights.json"]


@pytest.mark.parametrize(("name", "most"), [("relatives", 1023), ("agreement", 1022)])
def test_weights_that_reach_the_greatest_score_are_lawful(name: str, most: int, tmp_path: Path) -> None:
    assert match(tmp_path, weights=written(tmp_path, with_most(name, most))).code == 0


@pytest.mark.parametrize("target", ["--out", "--certificate"])
@pytest.mark.parametrize("place", ["nowhere/r", "."])
def test_a_target_that_cannot_be_written_is_refused_before_anything_is(target: str, place: str, tmp_path: Path) -> None:
    result = xieli("match", *about("small"), "--out", str(tmp_path / "r"), target, str(tmp_path / place), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["detail"].startswith(f"{target}: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("pair", [("nobody", id_of("vacancies", 1)), (id_of("people", 1), "nothing")])
def test_who_cannot_be_explained_is_refused_before_anything_is_written(pair: tuple[str, str], tmp_path: Path) -> None:
    result = xieli("match", *about("small"), "--out", str(tmp_path / "r"), "--explain", *pair, "--json")
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "there is no" in json.loads(result.stdout)["detail"]


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"residue": []}'])
def test_a_certificate_that_is_none_is_refused(content: str, tmp_path: Path) -> None:
    certificate = tmp_path / "c.json"
    certificate.write_text(content)
    result = xieli(
        "match",
        "verify",
        *about("small"),
        "--result",
        str(FOLDER / "expected.parquet"),
        "--certificate",
        str(certificate),
        "--json",
    )
    assert result.exit_code == 1
    assert json.loads(result.stdout)["file"] == str(certificate)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table.drop_columns(["seat"]), "row 0, seat: a missing column"),
        (lambda table: table.append_column("seat", table["seat"]), "row 0, seat: a column twice"),
        (
            lambda table: replaced(table, "utility", table["utility"].cast(pa.string())),
            "row 0, utility: an unknown column type string",
        ),
    ],
)
def test_a_result_that_is_none_is_refused_and_not_judged(change: Change, words: str, tmp_path: Path) -> None:
    result = tmp_path / "result.parquet"
    pq.write_table(change(pq.read_table(FOLDER / "expected.parquet")), result)
    said = xieli("match", "verify", *about("small"), "--result", str(result), "--json")
    assert (said.exit_code, json.loads(said.stdout)["detail"]) == (1, f"{result}, {words}")


def encoded(table: pa.Table) -> pa.Table:
    """Texts as dictionaries, as other programs write what repeats."""
    for name in table.column_names:
        if pa.types.is_string(table.schema.field(name).type):
            table = replaced(table, name, table.column(name).combine_chunks().dictionary_encode())
    return table


def widened(table: pa.Table) -> pa.Table:
    for field in table.schema:
        if pa.types.is_integer(field.type):
            table = replaced(table, field.name, table.column(field.name).cast(pa.int64()))
        elif pa.types.is_list(field.type) and pa.types.is_string(field.type.value_type):
            table = replaced(table, field.name, table.column(field.name).cast(pa.large_list(pa.large_string())))
    return table


@pytest.mark.parametrize("file", TABLES)
@pytest.mark.parametrize("change", [encoded, widened, lambda table: table.take(list(reversed(range(table.num_rows))))])
def test_other_encodings_widths_and_orders_change_nothing(file: str, change: Change, tmp_path: Path) -> None:
    said = match(tmp_path, file, change)
    assert (said.code, said.answer["hash"]) == (0, sample("small").expected["hash"])


@pytest.mark.parametrize("file", TABLES)
def test_an_additional_column_is_ignored_with_a_note(file: str, tmp_path: Path) -> None:
    said = match(tmp_path, file, lambda table: table.append_column("shoe_size", pa.array([NAN] * table.num_rows)))
    assert (said.code, said.answer["hash"]) == (0, sample("small").expected["hash"])
    assert "unknown columns are ignored: shoe_size" in said.note


@pytest.mark.parametrize("file", TABLES)
def test_nobody_or_nothing_is_no_error(file: str, tmp_path: Path) -> None:
    said = match(tmp_path, file, lambda table: table.slice(0, 0))
    assert (said.code, said.answer["matched"], said.answer["openings"] > 0) == (0, 0, file == "people")
    assert pq.read_table(tmp_path / "out.parquet").num_rows == said.answer["people"]


def test_vacancies_without_openings_are_no_error(tmp_path: Path) -> None:
    def change(table: pa.Table) -> pa.Table:
        rows = table.num_rows
        closed = replaced(table, "openings", pa.array([0] * rows))
        return replaced(closed, "reserved", pa.nulls(rows))

    said = match(tmp_path, "vacancies", change)
    assert (said.code, said.answer["matched"], said.answer["openings"]) == (0, 0, 0)
