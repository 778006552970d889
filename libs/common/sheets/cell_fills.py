"""Which cell styles are yellow (单元格底色): fast readers hand over values without colours."""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree

from libs.common.sheets.sheet_xml import local_name
from libs.common.sheets.workbook_parts import parse

STYLES = "xl/styles.xml"
YELLOWS = frozenset({"FFFF00", "FFFF99"})
# Indexed colours of the old palette that show as these two yellows.
_INDEXED_YELLOWS = frozenset({5, 13, 34, 43})


def yellow_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """The cell styles whose fill is one of the two yellows."""
    if STYLES not in archive.namelist():
        return frozenset()
    parts = {local_name(element.tag): element for element in parse(archive, STYLES)}
    indexed = _indexed_yellows(parts.get("colors"))
    fills = [_is_yellow(fill, indexed) for fill in parts.get("fills", ())]
    styles = [int(style.attrib.get("fillId", "0")) for style in parts.get("cellXfs", ())]
    return frozenset(number for number, fill in enumerate(styles) if fill < len(fills) and fills[fill])


def _indexed_yellows(colors: ElementTree.Element | None) -> frozenset[int]:
    """The indexes that show as yellow: of the usual palette, or of the workbook's own."""
    own = [
        element.attrib.get("rgb", "")
        for element in (colors.iter() if colors is not None else ())
        if local_name(element.tag) == "rgbColor"
    ]
    return (
        frozenset(number for number, rgb in enumerate(own) if rgb.upper()[-6:] in YELLOWS) if own else _INDEXED_YELLOWS
    )


def _is_yellow(fill: ElementTree.Element, indexed: frozenset[int]) -> bool:
    for element in fill.iter():
        if local_name(element.tag) == "patternFill" and element.attrib.get("patternType") == "none":
            return False
        if local_name(element.tag) == "fgColor":
            rgb = element.attrib.get("rgb", "").upper()[-6:]
            return rgb in YELLOWS or int(element.attrib.get("indexed", "0")) in indexed
    return False
