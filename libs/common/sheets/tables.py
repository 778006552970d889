"""The tables of a file (文件里的表): every sheet and every place of a sheet where the form's header stands, and what of it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from libs.common.sheets.errors import NoHeaderRow
from libs.common.sheets.grid import Grid
from libs.common.sheets.header import (
    Claim,
    Header,
    best_header,
    header_key,
    headers_at,
    missing_columns,
    no_header,
    score,
    with_words,
)
from libs.common.sheets.model import CellValue, Layout, Note
from libs.common.sheets.row_filter import repeats_header

_EXAMPLE = re.compile(
    r"示例|样例|样表|样本|范例|范表|示范|例子|举例|例表|^例$|填写说明|填表说明|填报说明|example|sample", re.IGNORECASE
)
_TEMPLATE = re.compile(r"模板|模版|空表|template", re.IGNORECASE)
# A header further down knows at least two columns, and most of what stands in its row.
_LEAST_BELOW = 2


@dataclass(frozen=True)
class Region:
    """One table: the header, and the rows (from 0) below it up to the next header or the end of the sheet."""

    header: Header
    end: int


@dataclass(frozen=True)
class Found:
    """A sheet with the tables that hold every required column, and what is told of it besides."""

    grid: Grid
    regions: tuple[Region, ...] = ()
    incomplete: Header | None = None
    notes: tuple[Note, ...] = field(default=())


def find_tables(grids: Sequence[Grid], layout: Layout, table: Mapping[str, str]) -> tuple[list[Found], list[Note]]:
    """The sheets to be read, and notes on all others that hold anything. Raises NoHeaderRow, MissingColumns."""
    found = [_look(grid, layout, table) for grid in grids if any(grid.filled(row) for row in range(grid.height))]
    whole = [each for each in found if each.regions]
    chosen = _chosen([each for each in whole if not each.grid.hidden])
    if not chosen:
        chosen = _hidden_instead(found, layout)
    others = [each for each in found if not any(each.grid is one.grid for one in chosen)]
    return chosen, [note for each in others for note in _tell(each, layout)] + _read_though_hidden(chosen)


def _chosen(whole: Sequence[Found]) -> list[Found]:
    """Without examples and templates, unless there is nothing else."""
    for names in (_EXAMPLE, _TEMPLATE):
        whole = [each for each in whole if not names.search(each.grid.name)] or whole
    return list(whole)


def _hidden_instead(found: Sequence[Found], layout: Layout) -> list[Found]:
    """A hidden sheet is read where it alone holds the form and no visible one tries to; several are not guessed between."""
    visible = [each.incomplete for each in found if each.incomplete and not each.grid.hidden]
    best = max(visible, key=lambda header: score(header, layout), default=None)
    hidden = [each for each in found if each.regions and each.grid.hidden]
    names = "、".join(f"“{each.grid.name}”" for each in hidden)
    if len(hidden) == 1 and (best is None or 2 * len(best.lacks(layout)) >= len(layout.required)):
        return hidden
    if hidden and best is None:
        raise NoHeaderRow(
            f"没有找到“{layout.name}”的表头；隐藏的工作表 {names} 有此表头，请取消隐藏后再传 No header row of a sheet "
            f"“{layout.name}” was found; the hidden sheets {names} have one: unhide the one to be read"
        )
    best = best or max((e.incomplete for e in found if e.incomplete), key=lambda h: score(h, layout), default=None)
    if best is None:
        raise no_header(layout)
    raise missing_columns(best.lacks(layout))


def _tell(sheet: Found, layout: Layout) -> Iterator[Note]:
    """Why a sheet with something in it was not read."""
    name = sheet.grid.name
    if sheet.grid.hidden:
        yield Note("sheet_hidden", name)
    elif sheet.regions:
        yield Note("sheet_example", name)
    elif sheet.incomplete:
        yield Note("sheet_incomplete", name, names=sheet.incomplete.lacks(layout))
    else:
        yield Note("sheet_other", name)


def _read_though_hidden(chosen: Sequence[Found]) -> list[Note]:
    return [Note("sheet_hidden_read", each.grid.name) for each in chosen if each.grid.hidden]


def _look(grid: Grid, layout: Layout, table: Mapping[str, str]) -> Found:
    best = best_header(grid, layout, table)
    if best is None:
        return Found(grid)
    regions, notes = [], []
    headers = _headers_below(grid, with_words(grid, best), layout, table)
    for header, end in zip(headers, [*(each.top for each in headers[1:]), grid.height], strict=True):
        lacks = header.lacks(layout)
        if not lacks:
            regions += [Region(each, end) for each in _side_by_side(header, layout)]
        elif header is not headers[0]:
            notes.append(Note("table_left_out", grid.name, f"{header.top + 1}-{end}", lacks))
    if not regions:
        return Found(grid, incomplete=headers[0])
    if headers[0].lacks(layout):
        notes.append(
            Note("table_left_out", grid.name, f"{headers[0].top + 1}-{headers[1].top}", headers[0].lacks(layout))
        )
    notes += [Note("table_second", grid.name, f"{region.header.top + 1}-{region.end}") for region in regions[1:]]
    return Found(grid, tuple(regions), notes=tuple(notes))


def _headers_below(grid: Grid, first: Header, layout: Layout, table: Mapping[str, str]) -> list[Header]:
    """The first header, and those of other tables further down; the same header printed again is none."""
    headers = [first]
    printed: set[CellValue] = {
        value for line in grid.cells[first.top : first.bottom + 1] for value in line if value not in (None, "")
    }
    known = printed | {*layout.required, *layout.optional, *layout.aliases}
    row = first.bottom + 1
    while row < grid.height:
        header = _other_header(grid, row, headers[-1], known, layout, table)
        if header:
            headers.append(header)
            row = header.bottom
        row += 1
    return headers


def _other_header(
    grid: Grid, row: int, above: Header, known: set[CellValue], layout: Layout, table: Mapping[str, str]
) -> Header | None:
    # Most rows are done with here: a row of data holds no header's word.
    if sum(1 for value in grid.cells[row] if value in known) < _LEAST_BELOW:
        return None
    texts = grid.filled(row)
    if repeats_header(texts, above):
        return None
    found = [
        header
        for header in headers_at(grid, row, table, _LEAST_BELOW)
        if 2 * sum(header_key(text) in table for text in texts.values()) >= len(texts)
    ]
    header = max(found, key=lambda each: score(each, layout), default=None)
    if header is None or set(header.columns.items()) <= set(above.columns.items()):
        return None
    return with_words(grid, header)


def _side_by_side(header: Header, layout: Layout) -> list[Header]:
    """Tables beside each other under one header: each required column stands as often as there are tables, one set behind the other."""
    groups: list[dict[str, list[Claim]]] = []
    count = min(len(header.claims[name]) for name in layout.required)
    alike = all(len({claim.key for claim in header.claims[name]}) == 1 for name in layout.required)
    bounds = [[header.claims[name][number].column for name in layout.required] for number in range(count)]
    apart = all(max(one) < min(other) for one, other in pairwise(bounds))
    if count < 2 or not alike or not apart or len(layout.required) < _LEAST_BELOW:
        return [header]
    starts = [0, *(_start_of(header, min(bound)) for bound in bounds[1:])]
    for start, end in zip(starts, [*starts[1:], header.end + 1], strict=True):
        inside = {
            name: [claim for claim in claims if start <= claim.column < end] for name, claims in header.claims.items()
        }
        groups.append({name: claims for name, claims in inside.items() if claims})
    return [
        replace(header, claims=claims, columns={name: each[0].column for name, each in claims.items()})
        for claims in groups
    ]


def _start_of(header: Header, first: int) -> int:
    """Where a table begins: its first required column, or what is printed directly in front of it since the last gap."""
    while first and any(first - 1 in words for words in header.words):
        before = first - 1
        if any(claim.column == before for claims in header.claims.values() for claim in claims[:1]):
            break
        first = before
    return first
