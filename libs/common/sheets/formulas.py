"""Formulas that nobody has calculated (未计算的公式): what stands in the cell, where a fast reader shows nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from libs.common.sheets.model import CellValue

_CONSTANT = re.compile(r'="([^"]*)"')


def constant(text: str) -> str:
    """`="4331…"` is how an office keeps a number as text: the 4331… it shows; anything else stays as it is."""
    found = _CONSTANT.fullmatch(text)
    return found[1] if found else text


def fill_formulas(cells: list[list[CellValue]], formulas: Mapping[tuple[int, int], str]) -> frozenset[tuple[int, int]]:
    """Puts the text of each formula without a stored result into its empty cell, in place; answers which show no value by that."""
    unknown = set()
    for (row, column), formula in formulas.items():
        if row < len(cells) and column < len(cells[row]) and cells[row][column] in ("", None):
            shown = constant("=" + formula)
            cells[row][column] = shown
            if shown.startswith("="):
                unknown.add((row, column))
    return frozenset(unknown)
