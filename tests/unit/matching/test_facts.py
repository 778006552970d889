"""Bad input is refused by file, row and column; strange but lawful input is not."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.matching import files
from services.matching.rules.facts import FactsRefused, check_people, check_vacancies, digest
from services.matching.rules.weights import WeightsRefused, weights_of
from tests.unit.matching.markets import A_PERSON, A_VACANCY, PUBLISHED, published_weights, sample

WEIGHTS = published_weights()


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("person", {"person": ""}),
        ("person", {"person": "甲"}),
        ("person", {"person": "p" * 37}),
        ("county", {"county": "4331"}),
        ("age", {"age": 121}),
        ("education", {"education": 6}),
        ("occupation", {"occupation": "6-1"}),
        ("experience", {"experience": -1}),
        ("certificates", {"certificates": frozenset({"flying"})}),
        ("restrictions", {"restrictions": frozenset({"rain"})}),
        ("accommodations", {"accommodations": frozenset({"sofa"})}),
        ("wage_expected", {"wage_expected": -1}),
        ("destinations", {"destinations": ("44",)}),
        ("elsewhere", {"elsewhere": "moon"}),
        ("refused", {"refused": frozenset({"上海"})}),
        ("relatives_city", {"relatives_city": "1"}),
        ("needs", {"needs": frozenset({"car"})}),
        ("groups", {"groups": frozenset({"rich"})}),
        ("burden", {"burden": 101}),
        ("shared", {"shared": -1}),
        ("shared", {"shared": 321}),
        ("together", {"together": "sometimes"}),
        ("partner", {"partner": "p9"}),
    ],
)
def test_a_bad_person_is_refused_by_row_and_column(column: str, change: Mapping[str, Any]) -> None:
    with pytest.raises(FactsRefused) as refusal:
        check_people([replace(A_PERSON, person="p1"), replace(A_PERSON, **change)], WEIGHTS)
    assert (refusal.value.file, refusal.value.row, refusal.value.column) == ("people", 2, column)


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("vacancy", {"vacancy": "a b"}),
        ("city", {"city": "44030x"}),
        ("openings", {"openings": -1}),
        ("openings", {"openings": 1_000_001}),
        ("reserved", {"reserved": {"disabled": 2}}),
        ("reserved", {"reserved": {"rich": 1}}),
        ("occupation", {"occupation": "sewing"}),
        ("age_min", {"age_min": 121}),
        ("age_max", {"age_max": -1}),
        ("education_min", {"education_min": 6}),
        ("demands", {"demands": frozenset({"rain"})}),
        ("wage", {"wage": -1}),
        ("offers", {"offers": frozenset({"car"})}),
        ("experience_points", {"experience_points": 16}),
    ],
)
def test_a_bad_vacancy_is_refused_by_row_and_column(column: str, change: Mapping[str, Any]) -> None:
    with pytest.raises(FactsRefused) as refusal:
        check_vacancies([replace(A_VACANCY, **change)], WEIGHTS)
    assert (refusal.value.file, refusal.value.row, refusal.value.column) == ("vacancies", 1, column)


def test_two_rows_with_one_id_are_refused() -> None:
    with pytest.raises(FactsRefused, match="duplicate"):
        check_people([A_PERSON, A_PERSON], WEIGHTS)
    with pytest.raises(FactsRefused, match="duplicate"):
        check_vacancies([A_VACANCY, A_VACANCY], WEIGHTS)


def test_partners_must_answer_and_agree_on_how_they_go() -> None:
    other = replace(A_PERSON, person="p1")
    with pytest.raises(FactsRefused, match="answer"):
        check_people([replace(A_PERSON, partner="p1"), other], WEIGHTS)
    pair = [replace(A_PERSON, partner="p1", together="only"), replace(other, partner="p0", together="preferred")]
    with pytest.raises(FactsRefused, match="another"):
        check_people(pair, WEIGHTS)


def test_nobody_no_vacancy_and_no_opening_are_no_error() -> None:
    assert check_people([], WEIGHTS) == {}
    assert check_vacancies([], WEIGHTS) == {}
    assert check_vacancies([replace(A_VACANCY, openings=0)], WEIGHTS)


@pytest.mark.parametrize(
    ("file", "column", "values"),
    [
        ("people.parquet", "wage_expected", [float("nan")] * 12),
        ("people.parquet", "age", ["thirty"] * 12),
        ("people.parquet", "occupation", [None] * 12),
        ("people.parquet", "county", None),
        ("vacancies.parquet", "reserved", [[{"group": "disabled", "openings": 0}] * 2] * 4),
    ],
)
def test_a_bad_file_is_refused_by_column(file: str, column: str, values: list[Any] | None) -> None:
    market = sample("tiny")
    content = _with_column(pq.read_table(market.folder / file), column, values)
    read = files.read_people if file.startswith("people") else files.read_vacancies
    with pytest.raises(FactsRefused) as refusal:
        read(content, market.weights)
    assert refusal.value.column == column


def test_an_additional_column_changes_nothing() -> None:
    market = sample("tiny")
    content = _with_column(pq.read_table(market.folder / "people.parquet"), "shoe_size", [42] * 12)
    assert files.read_people(content, market.weights) == market.people


def _with_column(table: pa.Table, name: str, values: list[Any] | None) -> bytes:
    if name in table.column_names:
        table = table.drop_columns([name])
    if values is not None:
        table = table.append_column(name, pa.array(values))
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        {"relatives": 200},
        {"group_points": {"disabled": 400}},
        {"reserve_groups": ["open"]},
        {"reserve_groups": ["disabled", "disabled"]},
        {"education_cap": -1},
        {"destination": [1.5]},
        {"wage": {"numerator": 1, "denominator": 0, "half_span": 10}},
    ],
)
def test_weights_by_which_a_score_could_leave_its_range_are_refused(change: Mapping[str, Any]) -> None:
    published = json.loads(PUBLISHED.read_text())
    assert weights_of(published).version == "2017.1"
    with pytest.raises(WeightsRefused):
        weights_of({**published, **change})


def test_the_digest_of_facts_does_not_depend_on_their_order_and_sees_every_change() -> None:
    other = replace(A_PERSON, person="p1")
    assert digest([A_PERSON, other]) == digest([other, A_PERSON])
    assert digest([A_PERSON, other]) != digest([A_PERSON, replace(other, burden=1)])
