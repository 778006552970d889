"""The shapes that every import's answer has (导入结果): findings, notes on what was left out, the sheets that were read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from libs.common.values import Count, Label, Text


class FindingShown(BaseModel):
    """One finding in one cell."""

    code: str
    column: str


class NoteShown(BaseModel):
    """读取说明: what was left out of a file, or read from an unusual place (hidden, a second table, a twin column)."""

    code: str
    sheet: str
    where: str = Field(description="rows, columns or a cell as a spreadsheet names them")
    names: list[str] = Field(description="headers, columns or figures that the note is about")
    zh: str
    en: str


class SheetRead(BaseModel):
    """工作表: row n of this sheet is numbered `offset + n` in findings and rows."""

    sheet: str
    header_row: int
    offset: int
    rows: int


class Read(BaseModel):
    """What the file held: `findings` by row, `ignored_rows` with the reason, `notes` on everything else that was left out."""

    filename: str
    total_rows: int
    accepted: int
    refused: int
    flagged: int
    header_row: int = 0
    ignored_rows: dict[str, str] = Field(
        default_factory=dict, description="row -> title, note, blank, header, total, sign, example, beside, other_table"
    )
    findings: dict[str, list[FindingShown]]
    findings_left_out: int = Field(default=0, description="rows with findings beyond the first 20,000, which are told")
    notes: list[NoteShown] = Field(default_factory=list)
    sheets: list[SheetRead] = Field(default_factory=list)


class RowGiven(BaseModel):
    """一行: a row that came back, by its number, with the cells that were put right; null empties one."""

    row: Count
    values: dict[Label, Text | None] = Field(
        min_length=1, max_length=100, description="by the heading of the form; what is not named stays as it came"
    )


# What a clerk looks through at once; more rows come as the workbook.
MOST_GIVEN = 500


class RowsGiven(BaseModel):
    """更正: rows of an import that were refused, or in which something was odd, given again."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"rows": [{"row": 38, "values": {"证件号码": "433124198001010010"}}]}}
    )

    rows: list[RowGiven] = Field(min_length=1, max_length=MOST_GIVEN)


class RowFinding(FindingShown):
    """One finding in one cell of a row that came back."""

    refuses: bool = Field(description="it keeps the row out; else the row only may be worth a look for it")


class RowRefused(BaseModel):
    """退回的行: as it came, masked as lists are; `hidden` are the columns of which something is hidden."""

    row: int
    sheet: str = Field(description="where several were read; else empty")
    values: dict[str, str | None]
    hidden: list[str]
    findings: list[RowFinding]


class ColumnShown(BaseModel):
    """栏目: what may be chosen in a column; `several` of them may be written, divided by 、."""

    column: str
    options: list[str]
    several: bool
    kind: str = Field(description="text, day, number, township or village")


class RowsRefused(BaseModel):
    """退回的行: a page of them, with the columns of the form."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "items": [
                    {
                        "row": 38,
                        "sheet": "",
                        "values": {"姓名": "石**", "证件号码": "433124************", "性别": "男"},
                        "hidden": ["姓名", "证件号码"],
                        "findings": [{"code": "id_lost_digits", "column": "证件号码", "refuses": True}],
                    }
                ],
                "next": None,
                "columns": [{"column": "性别", "options": ["男", "女"], "several": False, "kind": "text"}],
            }
        }
    )

    items: list[RowRefused]
    next: str | None
    columns: list[ColumnShown]


State = Literal[
    "received",
    "reading",
    "judging",
    "writing",
    "done",
    "failed",
    "cancelled",
    "undoing",
    "undone",
    "trying",
    "tried",
    "expired",
]
# What became of a row that was given again.
Answer = Literal["stored", "accepted", "refused", "already"]


class ProgressShown(BaseModel):
    """进度: of so many `rows` (null until the file has been counted), how many were read, judged, and are stored."""

    rows: int | None
    read: int
    judged: int
    stored: int


class Underway(Read):
    """A file on its way in, or in: while it is `received`, `reading`, `judging` or `writing`, its totals are those so far."""

    state: State = Field(
        description="received, reading, judging, writing, then done; failed (why: `problem`), cancelled, undoing or undone; "
        "with `tried_first` trying, then tried until it is confirmed, cancelled or expired"
    )
    progress: ProgressShown
    problem: dict[str, JsonValue] | None = Field(description="why it failed (RFC 9457); null: it did not")
    open_refused: int = Field(description="refused rows that may still be put right (`refused`)")
    open_questioned: int = Field(
        description="rows that are in and in which something is odd, which may still be put right"
    )
    repaired: int = Field(
        default=0, description="rows that were put right since; `accepted` and `findings` tell of them as they are"
    )
    repairs: UUID | None = Field(description="the import whose rows it gives again; null: a file")
    answers: dict[str, Answer] | None = Field(
        default=None,
        description="of rows given again, each: stored, refused (why: `findings`), or put right already; of an import that is "
        "tried accepted: it goes in with it",
    )
    rows: dict[str, dict[str, JsonValue]] = Field(
        default_factory=dict,
        description="of an import that is tried: what would be stored of the first 20 accepted rows, masked as lists are",
    )


UNDERWAY: dict[str, Any] = {
    "state": "done",
    "progress": {"rows": 618, "read": 618, "judged": 618, "stored": 595},
    "problem": None,
    "open_refused": 23,
    "open_questioned": 64,
    "repaired": 0,
    "repairs": None,
    "answers": None,
    "rows": {},
}


class TrialShown(Read):
    """试导入: what an import would do; nothing was stored. `rows` says of each accepted row what would be, masked as lists are."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "people",
                "region": "433124",
                "filename": "people-433124.xlsx",
                "total_rows": 618,
                "accepted": 595,
                "refused": 23,
                "flagged": 64,
                "header_row": 2,
                "ignored_rows": {"1": "title"},
                "findings": {"38": [{"code": "id_lost_digits", "column": "证件号码"}]},
                "notes": [],
                "sheets": [{"sheet": "贫困人口信息", "header_row": 2, "offset": 0, "rows": 618}],
                "rows": {"3": {"name": "石**", "number": "433124************", "work_months": 0}},
                "rows_next": 511,
            }
        }
    )

    kind: str
    region: str
    rows: dict[str, dict[str, JsonValue]]
    rows_next: int | None = Field(description="send it as `rows_after` for the rows that follow; null at the end")


class ImportListed(BaseModel):
    """一次导入: what was brought in, by whom and when, and its totals; the findings are on its own page."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "kind": "people",
                "region": "433124",
                "filename": "people-433124.xlsx",
                "as_of": "2016-12-31",
                "by": "officer-1",
                "state": "done",
                "at": "2017-03-20T08:00:00Z",
                "total_rows": 618,
                "accepted": 595,
                "refused": 23,
                "flagged": 64,
                "added": 595,
                "undone_at": None,
            }
        },
    )

    id: UUID
    kind: str
    region: str
    filename: str
    as_of: date | None = Field(description="null until a file that says its day itself has been read")
    by: str
    at: datetime = Field(description="when it was imported")
    state: State
    total_rows: int | None = Field(description="the totals are null until the import is done")
    accepted: int | None
    refused: int | None
    flagged: int | None
    added: int | None
    undone_at: datetime | None = Field(description="when the whole of it was taken back; null: it stands")
