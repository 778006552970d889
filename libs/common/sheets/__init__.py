"""Tables as offices exchange them (表格): xlsx and CSV in, refused rows out, whatever the office did to the sheet."""

from libs.common.sheets.apart import read_table
from libs.common.sheets.errors import (
    EmptyTable,
    FileTooDemanding,
    FileTooLarge,
    MissingColumns,
    NoHeaderRow,
    NotATable,
    NotAWorkbook,
    WrongFile,
    ZipBomb,
)
from libs.common.sheets.model import CellValue, Finding, Layout, Row, Table
from libs.common.sheets.writer import write_refused

__all__ = [
    "CellValue",
    "EmptyTable",
    "FileTooDemanding",
    "FileTooLarge",
    "Finding",
    "Layout",
    "MissingColumns",
    "NoHeaderRow",
    "NotATable",
    "NotAWorkbook",
    "Row",
    "Table",
    "WrongFile",
    "ZipBomb",
    "read_table",
    "write_refused",
]
