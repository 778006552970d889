"""A killer workbook (毒表): 1,500 bytes that lay out seventeen thousand million cells, handed in by an officer whose account was stolen."""

from __future__ import annotations

import io
import zipfile

import httpx

from deploy.demo.story import WAITING, Story

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = {
    "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>",
    "xl/workbook.xml": f"<workbook xmlns='{_MAIN}' xmlns:r='{_RELATION}'><sheets><sheet name='a' sheetId='1' r:id='r1'/></sheets></workbook>",
    "xl/_rels/workbook.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
    f"<Relationship Id='r1' Type='{_RELATION}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
}
_SHEETS = {
    "a cell in the last corner": "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "a row in the last corner": "<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>x</t></is></c></row>",
    "entities that double": "",
}
_ENTITIES = (
    "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaaaaaaaa'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 16}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_DOORS = {"people": "/registry/v1/imports", "vacancies": "/jobs/v1/imports"}


def workbook(rows: str) -> bytes:
    """A workbook of one sheet with these rows; without rows one that declares entities."""
    made = io.BytesIO()
    sheet = f"<worksheet xmlns='{_MAIN}'><sheetData>{rows or '&i;'}</sheetData></worksheet>"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet if rows else _ENTITIES + sheet}.items():
            packed.writestr(name, text)
    return made.getvalue()


async def play(story: Story) -> None:
    """Every entrance for files gets every killer; each is one refusal that says why; the node goes on."""
    for node, kind in ((story.counties[0], "people"), (story.cities[0], "vacancies")):
        told = {name: await _hand_in(story, node, kind, workbook(rows)) for name, rows in _SHEETS.items()}
        refused = all(
            400 <= answer.status_code < 500 and answer.json()["errors"][0]["pointer"] == "/file"
            for answer in told.values()
        )
        story.check(
            f"a killer workbook is refused with a reason ({kind})",
            refused,
            {name: answer.status_code for name, answer in told.items()},
        )
        alive = [
            await story.at(node).get(f"/{service}/health/ready")
            for service in ("registry", "jobs", "matching", "retention", "console")
        ]
        story.check(
            f"all five services of the node go on after it ({kind})", all(answer.status_code == 200 for answer in alive)
        )


async def _hand_in(story: Story, node: str, kind: str, content: bytes) -> httpx.Response:
    return await story.at(node).post(
        _DOORS[kind], files={"file": ("名册.xlsx", content)}, data={"kind": kind}, headers=WAITING
    )
