"""What is known of a kind of sheet beside how it is judged (表样与更正): its columns, what may be chosen, what is hidden, by what a row is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from libs.common.imports.reading import ERRORS
from libs.common.sheets.model import CellValue, Finding, Layout
from libs.common.sheets.template import Template, TemplateColumn
from libs.common.sheets.text import plain, tidy
from libs.common.sheets.writer import ROW

# So many digits in a cell that should hold none may be somebody's number or phone.
_DIGITS = re.compile(r"\d{7}")
HIDDEN = "***"


@dataclass(frozen=True)
class SheetForm:
    """`keys` are the columns that say whose row it is: of a row that is in they stay; without any it is not given again.

    `masks` hide what a column says of a person; `free` are columns of digits that name nobody. `whole` are findings that only the
    whole file can give: of rows by themselves they say nothing.
    """

    layout: Layout
    template: Template
    keys: tuple[str, ...] = ()
    masks: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    free: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()

    @property
    def numbered(self) -> Layout:
        """The layout of the sheet that goes back, whose rows say which they were."""
        return replace(self.layout, required=(ROW, *self.layout.required))

    def knows(self, column: str) -> bool:
        return column in self.layout.required or column in self.layout.optional

    def choice_of(self, column: str) -> TemplateColumn:
        """What may be chosen in a column; nothing for one that the template does not have."""
        named = (each for each in self.template.columns if each.heading == column)
        return next(named, TemplateColumn(column))

    def shown(self, column: str, value: CellValue, *, slipped: bool) -> tuple[str | None, bool]:
        """A cell where no purpose was given, and whether something of it is hidden.

        In a row whose cells have slipped anything may stand anywhere.
        """
        text = plain(value)
        if not text:
            return None, False
        if column in self.masks and not slipped:
            return self.masks[column](tidy(value)), True
        if slipped or (column not in self.free and _DIGITS.search(text)):
            return HIDDEN, True
        return text, False


def has_slipped(findings: Sequence[Finding]) -> bool:
    """Whether a row's cells are not where they belong."""
    return any(finding.code in ERRORS for finding in findings)
