"""What leaves the node as a file says who took it (导出标记): the same id stands in the file and in the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller

# Of an answer that is a file; inside of it stands the whole mark.
HEADER = "X-Export-Id"
_WORDS = {
    "export": "导出编号",
    "node": "节点",
    "what": "内容",
    "by": "导出人",
    "role": "角色",
    "organisation": "单位",
    "purpose": "用途",
    "at": "时间",
    "filter": "条件",
    "rows": "行数",
    "as_of": "截至日期",
    "rule": "规则版本",
    "left_off": "未列全",
}
EXAMPLE: dict[str, Any] = {
    "export": "01890a5d-ac96-774b-bcce-b302099a8057",
    "node": "n433124",
    "what": "registry.reveals",
    "by": "officer-1",
    "role": "officer",
    "organisation": "",
    "purpose": "contact",
    "at": "2017-03-12T08:00:00Z",
    "filter": {"request": "01890a5d-ac96-774b-bcce-b302099a8058"},
    "rows": 61,
    "as_of": None,
    "rule": "",
    "left_off": False,
}


class ExportMark(BaseModel):
    """导出标记: which export this is, who made it as what and for what, when, of what, and how many rows."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"example": EXAMPLE})

    export: UUID
    node: str
    what: str
    by: str
    role: str
    organisation: str
    purpose: str
    at: datetime
    filter: dict[str, Any] = Field(description="what was asked for")
    rows: int
    as_of: date | None = Field(default=None, description="the day on which a list holds")
    rule: str = Field(default="", description="the version of the rule that its rows rest on")
    left_off: bool = Field(default=False, description="there are more rows than an export takes")

    def lines(self) -> list[tuple[str, str]]:
        """One line for each thing it says, to be read by people."""
        said = self.model_dump(mode="json")
        told = {**said, "filter": "；".join(f"{name}={value}" for name, value in said["filter"].items())}
        return [
            (f"{chinese} {name}", "" if told[name] is None else str(told[name])) for name, chinese in _WORDS.items()
        ]

    @property
    def short(self) -> str:
        """For the foot of each printed page."""
        return f"导出 {self.export} · {self.node} · {self.by} ({self.role}) · {self.at:%Y-%m-%d %H:%M} · {self.rows} 行"


@dataclass(frozen=True)
class Basis:
    """What a list rests on: its day, the version of its rule, and whether rows were left off."""

    as_of: date | None = None
    rule: str = ""
    left_off: bool = False


_NO_LIST = Basis()


def mark_export(
    tx: Transaction, caller: Caller, what: str, rows: int, *, purpose: str = "", basis: Basis = _NO_LIST, **asked: Any
) -> ExportMark:
    """A mark for a file that is about to leave, noted in the trail of this very transaction."""
    told = {name: str(value) for name, value in asked.items() if value is not None}
    mark = ExportMark(
        export=new_id(),
        node=tx.node.id,
        what=what,
        by=caller.subject,
        role=caller.role,
        organisation=caller.organisation,
        purpose=purpose or caller.purpose,
        at=tx.node.clock.now(),
        filter=told,
        rows=rows,
        **vars(basis),
    )
    rests_on: dict[str, Any] = {
        name: value if value is True else str(value) for name, value in vars(basis).items() if value
    }
    tx.trail.note(entities=[entity_of(mark.export)], exported=what, filter=told, rows=rows, **rests_on)
    return mark


def entity_of(export: UUID) -> str:
    """How the trail names an export."""
    return f"export:{export}"
