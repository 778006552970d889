"""What else a file may be (其他格式): recognised by its content and called by its name, so that whoever sent it knows what to save."""

from __future__ import annotations

import re
import zipfile

from libs.common.sheets.errors import NotATable, NotAWorkbook

# In an archive: a member that only this format has, and what people call it.
_MEMBERS = (
    ("content.xml", "OpenDocument (.ods)"),
    ("xl/workbook.bin", "Excel Binary (.xlsb)"),
    ("word/document.xml", "Word (.docx)"),
    ("ppt/presentation.xml", "PowerPoint (.pptx)"),
    ("index/document.iwa", "Numbers (.numbers)"),
)
_BEGINNINGS = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"ID;P", "SYLK (.slk)"),
)
_XML_SHEET = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=.Excel\.Sheet", re.IGNORECASE)
_WEB_PAGE = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html|<table|<meta|<head|MIME-Version:)", re.IGNORECASE
)
_LOOK = 4096


def refuse_other_archive(archive: zipfile.ZipFile) -> None:
    """Raises NotAWorkbook for an archive that is a document of another kind."""
    members = {name.lower().replace("\\", "/") for name in archive.namelist()}
    if any(re.search(r"workbook[^/]*\.xml$", name) for name in members):
        return
    for member, name in _MEMBERS:
        if member in members:
            raise _other_format(name)
    if any(name.endswith((".xlsx", ".csv")) for name in members):
        raise NotAWorkbook("这是压缩包：请解压后逐个上传表格 A zip archive: send the sheets in it one by one")


def refuse_other_text(content: bytes) -> None:
    """Raises for content that is neither a workbook nor text in columns."""
    for beginning, name in _BEGINNINGS:
        if content.startswith(beginning):
            raise NotATable(
                f"既不是 xlsx 也不是 CSV，而是 {name} 文件：请存为 .xlsx 工作簿 Neither xlsx nor CSV but {name}: save it as .xlsx"
            )
    start = content[:_LOOK].lstrip(b"\xef\xbb\xbf")
    if _XML_SHEET.search(start):
        raise _other_format("XML 2003 (.xml)")
    if _WEB_PAGE.search(start):
        raise _other_format("HTML")


def old_workbook() -> NotAWorkbook:
    """Of the container that .xls, .et and every encrypted workbook share."""
    return NotAWorkbook(
        "旧版 .xls 或加密的工作簿：请另存为不加密的 .xlsx An old or encrypted workbook: save it as plain .xlsx"
    )


def _other_format(name: str) -> NotAWorkbook:
    return NotAWorkbook(f"这是 {name} 格式：请另存为 .xlsx 工作簿 This is in the format {name}: save it as .xlsx")
