"""Why a whole file is sent back (退回整份文件): each reason a problem of its own; nothing has changed when one is raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.problems import FieldError, Invalid


class WrongFile(Invalid):
    """The file as a whole cannot be read; no row has been looked at."""

    title = "文件无法读取 File cannot be read"
    code = "wrong_file"

    def __init__(self, detail: str, *, names: Sequence[str] = ()):
        errors = [FieldError("/file", self.code, name) for name in names] or [FieldError("/file", self.code, detail)]
        super().__init__(detail, errors=errors)
        self.names = tuple(names)


class NotAWorkbook(WrongFile):
    title = "不是 xlsx 文件 Not an xlsx workbook"
    code = "not_xlsx"


class NotATable(WrongFile):
    title = "不是 CSV 文本 Not readable as CSV"
    code = "not_csv"


class NoHeaderRow(WrongFile):
    title = "没有找到表头 No header row found"
    code = "no_header_row"


class MissingColumns(WrongFile):
    title = "缺少列 Missing columns"
    code = "missing_column"


class EmptyTable(WrongFile):
    title = "表中没有数据 No data in the file"
    code = "empty"


class FileTooLarge(WrongFile):
    status = 413
    title = "文件过大 File too large"
    code = "too_large"


def too_many_rows(most: int) -> FileTooLarge:
    """A file that is read whole: what is longer comes as plain records, which are read in pieces."""
    return FileTooLarge(
        f"超过 {most} 行，请分成几份，或存为 CSV，只含一张表 "
        f"More than {most} rows: split the file, or save it as CSV with one table"
    )


class ZipBomb(FileTooLarge):
    title = "压缩内容异常 Packed content out of proportion"
    code = "zip_bomb"


class FileTooDemanding(WrongFile):
    title = "读取代价过高 Too costly to read"
    code = "too_demanding"


def kinds_of_wrong() -> Mapping[str, type[WrongFile]]:
    """Every reason by its code."""
    kinds, waiting = {WrongFile.code: WrongFile}, [WrongFile]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            kinds[kind.code] = kind
            waiting.append(kind)
    return kinds
