"""Templates to fill in (导入模板): an empty form with the headings that the reader knows, drop-downs, and what belongs into each column."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from libs.common.sheets.apart import MAX_FILE
from libs.common.sheets.limits import WHOLE_BYTES
from libs.common.sheets.pieces import MOST_ROWS
from libs.common.sheets.sheet_xml import MAX_ROWS
from libs.common.sheets.writer import OPTIONS, write_line

Kind = Literal["text", "day", "number", "township", "village"]
# So many rows have drop-downs; more may be filled in.
ROWS = 5000
_TITLE, _HEAD, _FIRST = 0, 1, 2
_CHOICES, _PLACES, _NOTES = "选项", "乡镇和村", "填写说明"
_LIMITS = "一份表最多 {} 万行、{}MB；再多请分成几份，或存为CSV，只含一张表，最多 {} 万行、{}MB。"
_FORMATS = {"day": "yyyy-mm-dd", "number": "0"}


@dataclass(frozen=True)
class TemplateColumn:
    """One column. `options` may be chosen; `several` of them may be typed, so that others than one are not refused."""

    heading: str
    note: str = ""
    needed: bool = False
    options: tuple[str, ...] = ()
    several: bool = False
    kind: Kind = "text"


@dataclass(frozen=True)
class Template:
    """A form to fill in, with its version; another version has other columns or choices."""

    kind: str
    title: str
    version: str
    columns: tuple[TemplateColumn, ...]
    notes: tuple[str, ...] = field(default=())


def write_template(template: Template, node: str, places: Sequence[tuple[str, str]] = ()) -> bytes:
    """An xlsx with the form, the notes and what the drop-downs offer; `places` are townships with their villages, in order."""
    buffer = io.BytesIO()
    with Workbook(buffer, {**OPTIONS, "constant_memory": False}) as book:
        form = book.add_worksheet("填写")
        told = f"{template.title} · 模板版本 {template.version} · {node}"
        _write_form(book, form, template, told)
        _write_notes(book, template, told)
        _write_choices(book, template)
        if places:
            _write_places(book, places)
        for at, column in enumerate(template.columns):
            _offer(form, template, at, column, places)
    return buffer.getvalue()


def _write_form(book: Workbook, form: Worksheet, template: Template, told: str) -> None:
    """Numbers are kept as text, or a spreadsheet would lose the last digits of those that are names."""
    bold, needed = (book.add_format({"bold": True, "bg_color": color}) for color in ("#EDEDED", "#F7D8D2"))
    form.write_string(_TITLE, 0, told)
    for at, column in enumerate(template.columns):
        style = book.add_format({"num_format": _FORMATS.get(column.kind, "@")})
        form.set_column(at, at, max(10, 2 * len(column.heading) + 2), style)
        form.write_string(_HEAD, at, column.heading, needed if column.needed else bold)
    form.freeze_panes(_FIRST, 0)


def _write_notes(book: Workbook, template: Template, told: str) -> None:
    notes = book.add_worksheet(_NOTES)
    notes.set_column(0, 0, 24)
    notes.set_column(1, 2, 70)
    asked = [[f"{each.heading}{'（必填）' if each.needed else ''}", each.note] for each in template.columns]
    lines = [[told], *([each] for each in template.notes), [_limits()], [], ["栏目", "要求"], *asked]
    for number, line in enumerate(lines):
        write_line(notes, number, line)


def _limits() -> str:
    return _LIMITS.format(MAX_ROWS // 10_000, WHOLE_BYTES >> 20, MOST_ROWS // 10_000, MAX_FILE >> 20)


def _write_choices(book: Workbook, template: Template) -> None:
    """A column for each list, under words that no reader takes for the form's own headings."""
    choices = book.add_worksheet(_CHOICES)
    for at, column in enumerate(_chosen(template)):
        choices.write_string(0, at, f"可选：{column.heading}")
        for number, option in enumerate(column.options, start=1):
            choices.write_string(number, at, option)


def _write_places(book: Workbook, places: Sequence[tuple[str, str]]) -> None:
    """Villages beside their township, townships once in a column of their own."""
    sheet = book.add_worksheet(_PLACES)
    for number, (township, village) in enumerate(places):
        write_line(sheet, number, [township, village])
    for number, township in enumerate(dict.fromkeys(township for township, _ in places)):
        sheet.write_string(number, 3, township)


def _chosen(template: Template) -> list[TemplateColumn]:
    return [column for column in template.columns if column.options]


def _offer(
    form: Worksheet, template: Template, at: int, column: TemplateColumn, places: Sequence[tuple[str, str]]
) -> None:
    """The drop-down of a column and the hint that shows when a cell is chosen; what is none of the list is warned of, not refused."""
    source = _source_of(template, column, places)
    said: dict[str, object] = {"validate": "list", "source": source} if source else {"validate": "any"}
    hint = {"input_title": column.heading[:32], "input_message": column.note[:255]} if column.note else {}
    if source or hint:
        warned = {
            "error_type": "information" if column.several else "warning",
            "error_message": "不在可选项中，请核对。",
        }
        form.data_validation(_FIRST, at, _FIRST + ROWS - 1, at, {**said, **hint, **(warned if source else {})})


def _source_of(template: Template, column: TemplateColumn, places: Sequence[tuple[str, str]]) -> str:
    """The cells that a drop-down offers; villages are those of the township in the same row."""
    if column.options:
        letter = xl_col_to_name(_chosen(template).index(column))
        return f"={_CHOICES}!${letter}$2:${letter}${len(column.options) + 1}"
    if column.kind == "township" and places:
        return f"={_PLACES}!$D$1:$D${len(dict.fromkeys(township for township, _ in places))}"
    if column.kind == "village" and places:
        kinds = [each.kind for each in template.columns]
        township = f"${xl_col_to_name(kinds.index('township'))}{_FIRST + 1}"
        lists = f"{_PLACES}!$A:$A"
        return f"=OFFSET({_PLACES}!$B$1,MATCH({township},{lists},0)-1,0,COUNTIF({lists},{township}),1)"
    return ""
