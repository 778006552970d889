"""Couples who want to go together: both must say so, name each other and mean the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from libs.common.imports.report import Findings
from services.registry.rules import WishRow
from services.registry.rules.couples import judge_couples

DAY = date(2017, 1, 20)


def wish(row: int, together: str | None) -> WishRow:
    return WishRow(
        row=row,
        person=f"p{row}",
        willing=True,
        unwilling_reason=None,
        destinations=(),
        elsewhere="anywhere",
        refused=(),
        occupation=None,
        wage_expected=None,
        wage_minimum=None,
        available_from=DAY,
        experience=0,
        certificates=(),
        restrictions=(),
        accommodations=(),
        needs=(),
        partner=None,
        together=together,
        relatives_city=None,
        zero_employment=False,
        training=None,
        phone=None,
        visited=DAY,
    )


def judge(*couple: tuple[str | None, str | None]) -> tuple[list[tuple[str | None, str | None]], dict[int, str]]:
    """Each (together, spouse named) as (together, partner) afterwards, and the findings."""
    findings: Findings = {}
    wishes = {row: wish(row, together) for row, (together, _) in enumerate(couple, 1)}
    settled = judge_couples(wishes, {row: spouse for row, (_, spouse) in enumerate(couple, 1)}, findings)
    return [(one.together, one.partner) for one in settled], {row: found[0].code for row, found in findings.items()}


@pytest.mark.parametrize("together", ["only", "preferred"])
def test_a_couple_that_answers_each_other_stays_one(together: str) -> None:
    assert judge((together, "p2"), (together, "p1")) == ([(together, "p2"), (together, "p1")], {})


@pytest.mark.parametrize("named", [None, "p1", "p9"])
def test_a_spouse_missing_oneself_or_not_in_the_sheet_drops_the_wish(named: str | None) -> None:
    assert judge(("only", named), (None, None)) == ([(None, None), (None, None)], {1: "wish_partner_unknown"})


def test_a_spouse_who_names_nobody_drops_the_wish_on_the_row_that_named() -> None:
    assert judge(("only", "p2"), (None, None)) == ([(None, None), (None, None)], {1: "wish_partner_not_mutual"})


def test_a_spouse_who_names_somebody_else_drops_both() -> None:
    settled, found = judge(("only", "p2"), ("only", "p3"), ("only", "p2"))
    assert settled == [(None, None), ("only", "p3"), ("only", "p2")]
    assert found == {1: "wish_partner_not_mutual"}


def test_a_couple_that_differs_in_how_much_it_matters_is_dropped_on_both_rows() -> None:
    settled, found = judge(("only", "p2"), ("preferred", "p1"))
    assert settled == [(None, None), (None, None)]
    assert found == {1: "wish_partner_not_mutual", 2: "wish_partner_not_mutual"}


def test_who_asks_for_no_couple_is_left_alone_whomever_he_names() -> None:
    assert judge((None, "p2"), (None, "p1")) == ([(None, None), (None, None)], {})
    assert replace(wish(1, None)).partner is None
