"""Where the parts of a workbook lie (工作簿部件): by its relations, whatever the program that wrote it calls them.

Readers look for `xl/workbook.xml` and its like. A lawful workbook may call them otherwise; such a one is packed again by the
usual names. So is one with a cell of nothing but blanks in a far corner: readers lay out the whole rectangle up to it.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from libs.common.sheets.errors import NotAWorkbook
from libs.common.sheets.sheet_cut import cut_sheet
from libs.common.sheets.sheet_xml import check_xml, local_name

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_USUAL = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# By these members readers know what kind of archive they have.
_FRONT = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{WORKBOOK}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml'
        '.sheet.main+xml"/></Types>'
    ).encode(),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
        f' Target="{WORKBOOK}"/></Relationships>'
    ).encode(),
}
Corner = tuple[int, int]


@dataclass(frozen=True)
class Relation:
    """One line of a relations part: what kind of part, by which id, at which member of the archive (empty: not there)."""

    id: str
    kind: str
    member: str


def parse(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    """A small part as a tree. Raises NotAWorkbook for a document type, ValueError for what is no XML."""
    with archive.open(member) as part:
        check_xml(part)
    try:
        return ElementTree.fromstring(archive.read(member))
    except ElementTree.ParseError as error:
        raise ValueError(f"{member} is not XML") from error


def relations_of(archive: zipfile.ZipFile, part: str) -> list[Relation]:
    """The relations of a part of the archive; none where it states none."""
    folder, name = posixpath.split(part.replace("\\", "/"))
    member = _member(archive, posixpath.join(folder, "_rels", name + ".rels"))
    return [_relation(archive, folder, element) for element in parse(archive, member)] if member else []


def _relation(archive: zipfile.ZipFile, folder: str, element: ElementTree.Element) -> Relation:
    target = unquote(element.attrib.get("Target", "")).replace("\\", "/")
    path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    kind = element.attrib.get("Type", "").rpartition("/")[2]
    return Relation(element.attrib.get("Id", ""), kind, _member(archive, path))


def _member(archive: zipfile.ZipFile, path: str) -> str:
    """The member's own name: letters' case and the direction of strokes are the writer's affair."""
    wanted = path.lower()
    names = archive.namelist()
    return path if path in names else next((n for n in names if n.replace("\\", "/").lstrip("/").lower() == wanted), "")


def usually_named(content: bytes, archive: zipfile.ZipFile) -> bytes:
    """The workbook as it is, or packed again where its parts have other names. Raises NotAWorkbook."""
    workbook = _find_workbook(archive)
    relations = relations_of(archive, workbook)
    if workbook == WORKBOOK and RELATIONS in archive.namelist() and all(map(_is_usual, relations)):
        return content
    return _packed({**_FRONT, WORKBOOK: archive.read(workbook), **dict(_parts(archive, relations))})


def _is_usual(relation: Relation) -> bool:
    """Where readers look for it."""
    if relation.kind == "worksheet":
        return not relation.member or relation.member.startswith("xl/")
    return relation.member == _USUAL.get(relation.kind, relation.member)


def _find_workbook(archive: zipfile.ZipFile) -> str:
    stated = (each.member for each in relations_of(archive, "") if each.kind == "officeDocument")
    found = next(filter(None, stated), "") or _member(archive, WORKBOOK)
    if not found:
        raise NotAWorkbook("压缩包里没有工作簿 The archive holds no workbook")
    return found


def _parts(archive: zipfile.ZipFile, relations: list[Relation]) -> Iterator[tuple[str, bytes]]:
    """The parts that are read, by their usual names, and the relations that say so."""
    lines = []
    for number, relation in enumerate(relations, start=1):
        usual = f"xl/worksheets/sheet{number}.xml" if relation.kind == "worksheet" else _USUAL.get(relation.kind, "")
        if relation.member and usual:
            yield usual, archive.read(relation.member)
            target = quoteattr("/" + usual)
            lines.append(
                f'<Relationship Id={quoteattr(relation.id)} Type="{_OFFICE}/{relation.kind}" Target={target}/>'
            )
    yield RELATIONS, _relations_xml(lines)


def _relations_xml(lines: list[str]) -> bytes:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'.encode()


def cut_to(archive: zipfile.ZipFile, corners: Mapping[str, Corner]) -> bytes:
    """The workbook with nothing beyond a last row and column in these members."""
    members = ((name, archive.read(name)) for name in archive.namelist() if name not in corners)
    cut = ((name, _cut(archive, name, corner)) for name, corner in corners.items())
    return _packed({**dict(members), **dict(cut)})


def _cut(archive: zipfile.ZipFile, member: str, corner: Corner) -> bytes:
    with archive.open(member) as part:
        return cut_sheet(part, *corner)


def _packed(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def sheet_members(archive: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """Each sheet's name -> its member, and whether it is hidden, in the order of the workbook."""
    members = {each.id: each.member for each in relations_of(archive, WORKBOOK)}
    found = {}
    for element in parse(archive, WORKBOOK).iter():
        if local_name(element.tag) == "sheet":
            relation = next((value for key, value in element.attrib.items() if local_name(key) == "id"), "")
            hidden = element.attrib.get("state", "visible") != "visible"
            found[element.attrib.get("name", "")] = members.get(relation, ""), hidden
    return found
