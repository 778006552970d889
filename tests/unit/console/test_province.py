"""How statements add up: the newest that holds, late ones, several nodes, rates with their parts."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.console.rules.chart import lay_out
from services.console.rules.province import FIGURES, JOBS, REGISTRY, RETENTION, Statement, add_up, speaks_for

SPRING, SUMMER, WINTER = date(2017, 3, 31), date(2017, 6, 30), date(2017, 12, 31)


def stated(
    kind: str = "registry", division: str = "433124", as_of: date = SPRING, sequence: int = 1, **figures: int
) -> Statement:
    return Statement(
        kind, division, as_of, f"{kind}.indicators.1", figures, sequence, uuid4(), datetime(2017, 4, 1, tzinfo=UTC)
    )


def test_the_latest_date_not_after_the_asked_one_holds() -> None:
    said = [stated(as_of=day, sequence=n, labourers=n) for n, day in enumerate((SPRING, SUMMER, WINTER), 1)]
    assert add_up(said, date(2017, 9, 1), []).total.figures["labourers"] == 2


def test_of_one_date_the_last_word_holds_whatever_arrived_first() -> None:
    said = [stated(sequence=n, labourers=n) for n in range(1, 6)]
    random.Random(7).shuffle(said)
    assert add_up(said, SPRING, []).total.figures["labourers"] == 5


def test_a_late_statement_of_an_older_date_does_not_replace_a_later_date() -> None:
    said = [stated(as_of=SUMMER, sequence=1, labourers=10), stated(as_of=SPRING, sequence=2, labourers=99)]
    assert add_up(said, WINTER, []).total.figures["labourers"] == 10
    assert add_up(said, SPRING, []).total.figures["labourers"] == 99


def test_nothing_is_known_before_the_first_statement() -> None:
    table = add_up([stated(labourers=10)], date(2016, 1, 1), ["433124"])
    assert table.lines[0].figures["labourers"] is None
    assert table.total.employed_share.value is None


def test_the_total_is_the_sum_over_divisions_and_kinds() -> None:
    table = add_up(
        [
            stated(labourers=300, employed=100),
            stated(division="433126", labourers=100, employed=60),
            stated("jobs", "440300", employers=7, openings=50),
            stated("jobs", "433124", employers=2, openings=5),
            stated("retention", wage_sum_fen=700_000, wage_count=2, subsidies_fen=30_000),
        ],
        SUMMER,
        ["433124", "433126", "440300", "430000"],
    )
    assert [line.division for line in table.lines] == ["433124", "433126", "440300", "430000"]
    assert table.total.figures["labourers"] == 400
    assert table.total.figures["employers"] == 9
    assert (
        table.total.employed_share.numerator,
        table.total.employed_share.denominator,
        table.total.employed_share.value,
    ) == (160, 400, 0.4)
    assert table.total.mean_wage_fen.value == 350_000
    assert len(table.statements) == 5


def test_a_division_that_was_not_expected_still_gets_its_line() -> None:
    assert [line.division for line in add_up([stated(division="520100", labourers=1)], WINTER, ["433124"]).lines] == [
        "433124",
        "520100",
    ]


def test_a_rate_over_nothing_has_no_value_and_says_so() -> None:
    rate = add_up([stated(labourers=0, employed=0)], SPRING, []).total.employed_share
    assert (rate.numerator, rate.denominator, rate.value) == (0, 0, None)


def test_every_figure_belongs_to_one_kind() -> None:
    assert len(FIGURES) == len(set(FIGURES)) == len(REGISTRY) + len(RETENTION) + len(JOBS)


@pytest.mark.parametrize(("node", "division", "speaks"), [("n433124", "433124", True), ("n440300", "433124", False)])
def test_a_node_speaks_for_its_own_division(node: str, division: str, speaks: bool) -> None:
    assert speaks_for(node, division) is speaks


def test_bars_share_one_scale_and_stay_inside() -> None:
    table = add_up(
        [
            stated(in_county=40, in_province=10, out_of_province=50),
            stated(division="433126", in_county=3, out_of_province=7),
        ],
        SPRING,
        [],
    )
    chart = lay_out(table.lines)
    long, short = chart.bars
    assert long.total == 100
    assert sum(piece.width for piece in long.pieces) == pytest.approx(
        10 * sum(piece.width for piece in short.pieces), rel=0.01
    )
    assert long.end <= chart.grid[-1][0] < 960


def test_without_counted_people_there_is_no_bar() -> None:
    assert lay_out(add_up([stated(labourers=3)], SPRING, []).lines).bars == ()
