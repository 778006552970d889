"""Formulas that nobody has calculated (未计算的公式): what stands in the cell, where a fast reader shows nothing."""

from __future__ import annotations

import re
from html import unescape

from libs.common.sheets.fills import column_number
from libs.common.sheets.shape import CellValue

_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b[^>/]*>([^<]+)</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</'
)
_CONSTANT = re.compile(r'="([^"]*)"')


def constant(text: str) -> str:
    """`="4331…"` is how an office keeps a number as text: the 4331… it shows; anything else stays as it is."""
    found = _CONSTANT.fullmatch(text)
    return found[1] if found else text


def fill_formulas(cells: list[list[CellValue]], xml: bytes) -> None:
    """Puts the text of each formula without a stored result into its empty cell, in place."""
    for found in _UNCALCULATED.finditer(xml) if b"f>" in xml else ():
        row, column = int(found[2]) - 1, column_number(found[1]) - 1
        if row < len(cells) and column < len(cells[row]) and cells[row][column] in ("", None):
            cells[row][column] = constant("=" + unescape(found[3].decode("utf-8", "replace")))
