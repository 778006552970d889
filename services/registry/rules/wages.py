"""What somebody hopes to earn (期望月薪): yuan a month, also where it is said by the day, the hour or the year."""

from __future__ import annotations

from decimal import Decimal

from libs.common.sheets.characters import simplified
from libs.common.sheets.model import CellValue
from libs.common.sheets.numbers import read_amount
from libs.common.sheets.text import tidy
from libs.common.sheets.wage_figures import bases_of, in_month, read_figures

# Yuan a month; a figure beyond is by another time than the cell says, or a slip.
LEAST, MOST = 300, 50_000


def read_wage(value: CellValue) -> int | None:
    """The first figure of a cell as a month's wage; None where there is none, or none that could be one."""
    amount = read_amount(value)
    if amount is None:
        return None
    text = simplified(tidy(value))
    figures = read_figures(text) if isinstance(value, str) else []
    basis = bases_of(figures, text)[0] if figures else "month"
    wage = None if basis == "piece" else in_month(Decimal(amount), basis)
    return wage if wage is not None and LEAST <= wage <= MOST else None
