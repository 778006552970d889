"""Sheet text made comparable: one width, one kind of space, simplified characters, figures instead of numeral words."""

from __future__ import annotations

from libs.common.sheets import CellValue
from libs.common.sheets.characters import simplified
from libs.common.sheets.text import CONTROL, INVISIBLE, SPACES, tidy
from libs.common.sheets.text import plain as raw


def plain(value: CellValue) -> str:
    """A cell as text to be understood: NFKC, invisible characters gone, runs of space one blank, simplified characters."""
    return simplified(tidy(value))


def shown(value: CellValue) -> str:
    """A cell as text to be kept and shown: as the office wrote it, without invisible characters and needless space."""
    return SPACES.sub(" ", CONTROL.sub("", INVISIBLE.sub("", raw(value)))).strip(" ")


def folded(value: CellValue) -> str:
    """A name only to compare with: plain, without any space, in small letters."""
    return plain(value).replace(" ", "").casefold()
