"""Rows become facts: by the names of their columns, and never a fact that lacks one or a column that is lost."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, select

from libs.common.prepared_queries import PreparedQuery
from libs.common.row_mapping import NotItsColumns, columns_of, maker_of


@dataclass(frozen=True)
class Bench:
    length: int
    wood: str


BENCHES = Table("bench", MetaData(), Column("wood", Text), Column("length", Integer), Column("painted", Text))


def test_a_row_is_made_into_its_fact_by_the_names_of_its_columns() -> None:
    made = maker_of(Bench, ("wood", "length"))(("oak", 3))
    assert made == Bench(3, "oak")
    with pytest.raises(FrozenInstanceError):
        made.length = 4  # type: ignore[misc]


@pytest.mark.parametrize("names", [("wood",), ("wood", "length", "painted")])
def test_a_statement_with_other_columns_than_its_fact_is_refused_when_it_is_made(names: tuple[str, ...]) -> None:
    with pytest.raises(NotItsColumns):
        PreparedQuery(select(*[BENCHES.c[name] for name in names]), into=Bench)


def test_the_columns_of_a_fact_stand_in_its_own_order() -> None:
    assert [column.name for column in columns_of(BENCHES, Bench)] == ["length", "wood"]
