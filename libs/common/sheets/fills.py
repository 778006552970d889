"""The second look at an xlsx (单元格底色): which cells are filled yellow; fast readers hand over values without colours."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

YELLOWS = frozenset({"FFFF00", "FFFF99"})
# Indexed colours of the old palette that show as these two yellows.
_INDEXED_YELLOWS = frozenset({5, 13, 34, 43})
_TAG = re.compile(rb"<(?:\w+:)?(?:(row)\b([^>]*)|(c)\b([^>]*))>")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')


def column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@dataclass
class SheetParts:
    """Where the XML of each worksheet lies in the archive, by the sheet's name."""

    archive: zipfile.ZipFile
    paths: dict[str, str]
    styles: frozenset[int]
    _read: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> SheetParts:
        targets = _relations(archive)
        paths = {}
        for element in _parse(archive, "xl/workbook.xml").iter():
            if _local(element.tag) == "sheet":
                relation = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
                paths[element.attrib.get("name", "")] = targets.get(relation, "")
        return cls(archive, paths, _yellow_styles(archive))

    def names(self) -> list[str]:
        return [name for name, path in self.paths.items() if "worksheets/" in path]

    def xml(self, name: str) -> bytes:
        if name not in self._read:
            path = self.paths.get(name, "")
            self._read[name] = self.archive.read(path) if path in self.archive.namelist() else b""
        return self._read[name]


def _relations(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {}
    for element in _parse(archive, "xl/_rels/workbook.xml.rels"):
        target = element.attrib.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        targets[element.attrib.get("Id", "")] = path
    return targets


def _parse(archive: zipfile.ZipFile, path: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(archive.read(path))
    except ElementTree.ParseError as error:
        raise ValueError(f"{path} is not XML") from error


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _yellow_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """The cell styles whose fill is one of the two yellows."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    parts = {_local(element.tag): element for element in _parse(archive, "xl/styles.xml")}
    indexed = _indexed_yellows(parts.get("colors"))
    fills = [_is_yellow(fill, indexed) for fill in parts.get("fills", ())]
    styles = [int(style.attrib.get("fillId", "0")) for style in parts.get("cellXfs", ())]
    return frozenset(number for number, fill in enumerate(styles) if fill < len(fills) and fills[fill])


def _indexed_yellows(colors: ElementTree.Element | None) -> frozenset[int]:
    """The indexes that show as yellow: of the usual palette, or of the workbook's own."""
    own = [
        element.attrib.get("rgb", "")
        for element in (colors.iter() if colors is not None else ())
        if _local(element.tag) == "rgbColor"
    ]
    return (
        frozenset(number for number, rgb in enumerate(own) if rgb.upper()[-6:] in YELLOWS) if own else _INDEXED_YELLOWS
    )


def _is_yellow(fill: ElementTree.Element, indexed: frozenset[int]) -> bool:
    for element in fill.iter():
        if _local(element.tag) == "patternFill" and element.attrib.get("patternType") == "none":
            return False
        if _local(element.tag) == "fgColor":
            rgb = element.attrib.get("rgb", "").upper()[-6:]
            return rgb in YELLOWS or int(element.attrib.get("indexed", "0")) in indexed
    return False


def yellow_cells(styles: frozenset[int], xml: bytes) -> frozenset[tuple[int, int]]:
    """Positions (from 0) of the yellow cells; cells without a reference are counted from the left, as the format allows."""
    found: set[tuple[int, int]] = set()
    row = column = 0
    for tag in _TAG.finditer(xml) if styles else ():
        if tag[1]:
            number = _ROW_NUMBER.search(tag[2])
            row, column = (int(number[1]) if number else row + 1), 0
            continue
        reference, style = _REFERENCE.search(tag[4]), _STYLE.search(tag[4])
        column = column_number(reference[1]) if reference else column + 1
        row = int(reference[2]) if reference else row
        if style and int(style[1]) in styles:
            found.add((row - 1, column - 1))
    return frozenset(found)
