"""A worksheet without its far corner (裁去远处空白): written again up to a last row and column."""

from __future__ import annotations

import io
from typing import IO
from xml.parsers import expat
from xml.sax.saxutils import XMLGenerator

from libs.common.sheets.sheet_xml import local, read_reference, stream


def cut_sheet(part: IO[bytes], height: int, width: int) -> bytes:
    """The same sheet without any cell beyond a row and a column."""
    made = io.BytesIO()
    writer = XMLGenerator(made, "utf-8", short_empty_elements=True)
    place, beyond = [0, 0], [0]

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "row":
            place[:] = int(attributes.get("r", place[0] + 1)), 0
        elif kind == "c":
            place[:] = read_reference(attributes["r"]) if "r" in attributes else (place[0], place[1] + 1)
        far = kind in ("row", "c") and (place[0] > height or (kind == "c" and place[1] > width))
        if beyond[0] or far:
            beyond[0] += 1
        else:
            writer.startElement(name, attributes)  # type: ignore[arg-type]

    def end(name: str) -> None:
        if beyond[0]:
            beyond[0] -= 1
        else:
            writer.endElement(name)

    def text(data: str) -> None:
        if not beyond[0]:
            writer.characters(data)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    stream(part, parser)
    return made.getvalue()
