"""Couples who want to go together (夫妻同往): both must say so, name each other and mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from libs.common.imports.report import Findings, add_finding
from services.registry.rules.report import WishRow

_COLUMN = "配偶证件号码"


def judge_couples(
    wishes: Mapping[int, WishRow], spouses: Mapping[int, str | None], findings: Findings
) -> tuple[WishRow, ...]:
    """The accepted wishes with couples settled. `spouses` is the sound number each row names, or None."""
    rows = {wish.person: row for row, wish in wishes.items()}
    return tuple(_settle(row, wish, wishes, spouses, rows, findings) for row, wish in wishes.items())


def _settle(
    row: int,
    wish: WishRow,
    wishes: Mapping[int, WishRow],
    spouses: Mapping[int, str | None],
    rows: Mapping[str, int],
    findings: Findings,
) -> WishRow:
    if wish.together is None:
        return wish
    number = spouses[row]
    other = rows.get(number) if number and number != wish.person else None
    if other is None:
        add_finding(findings, row, "wish_partner_unknown", _COLUMN)
        return replace(wish, together=None)
    if spouses[other] != wish.person or wishes[other].together != wish.together:
        add_finding(findings, row, "wish_partner_not_mutual", _COLUMN)
        return replace(wish, together=None)
    return replace(wish, partner=number)
