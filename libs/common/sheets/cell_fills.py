"""The second look at an xlsx (单元格底色): which cells are filled yellow; fast readers hand over values without colours."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from libs.common.sheets.sheet_xml import Budget, SheetScan, check_xml, shared_lengths

YELLOWS = frozenset({"FFFF00", "FFFF99"})
# Indexed colours of the old palette that show as these two yellows.
_INDEXED_YELLOWS = frozenset({5, 13, 34, 43})


@dataclass
class SheetParts:
    """Where the XML of each worksheet lies in the archive, by the sheet's name."""

    archive: zipfile.ZipFile
    paths: dict[str, str]
    styles: frozenset[int]
    shared: list[int]
    budget: Budget

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> SheetParts:
        targets = _relations(archive)
        paths = {}
        for element in _parse(archive, "xl/workbook.xml").iter():
            if _local(element.tag) == "sheet":
                relation = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
                paths[element.attrib.get("name", "")] = targets.get(relation, "")
        budget = Budget()
        return cls(archive, paths, _yellow_styles(archive), _shared(archive, targets, budget), budget)

    def scan(self, name: str) -> SheetScan:
        """One pass over the sheet's XML. Raises FileTooLarge, NotAWorkbook."""
        found = SheetScan(self.styles, self.shared, self.budget)
        path = self.paths.get(name, "")
        if path in self.archive.namelist():
            with self.archive.open(path) as part:
                found.read(part)
        return found


def _shared(archive: zipfile.ZipFile, targets: Mapping[str, str], budget: Budget) -> list[int]:
    """Lengths of the shared strings, wherever the workbook says they lie and where readers look for them."""
    known = archive.namelist()
    for path in ("xl/sharedStrings.xml", *targets.values()):
        if path.lower().endswith("sharedstrings.xml") and path in known:
            with archive.open(path) as part:
                return shared_lengths(part, budget)
    return []


def _relations(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {}
    for element in _parse(archive, "xl/_rels/workbook.xml.rels"):
        target = element.attrib.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        targets[element.attrib.get("Id", "")] = path
    return targets


def _parse(archive: zipfile.ZipFile, path: str) -> ElementTree.Element:
    with archive.open(path) as part:
        check_xml(part)
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
