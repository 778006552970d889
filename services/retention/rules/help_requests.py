"""A request for help (求助): by a person or for her, answered by the county, and closed by whoever asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from libs.common.problems import Conflict, Forbidden, NotFound

# 拖欠工资 · 工伤 · 住房 · 子女上学 · 看病就医 · 落户 · 贷款 · 证件 · 纠纷 · 找工作 · 其他
Category = Literal[
    "wage_arrears",
    "injury",
    "housing",
    "school",
    "medical",
    "registration",
    "loan",
    "papers",
    "quarrel",
    "work",
    "other",
]
HelpState = Literal["open", "answered", "closed"]


class HelpUnknown(NotFound):
    title = "没有这项求助 No such request for help"


class HelpClosed(Conflict):
    title = "求助已办结 This request is closed"


class HelpNotAnswered(Conflict):
    title = "还没有答复，不能办结 Nobody has answered yet"


class NotTheAsker(Forbidden):
    title = "由求助人本人办结 Whoever asked closes it"


@dataclass(frozen=True, kw_only=True)
class HelpRequest:
    """`by_person`: she asked herself; else an official for her. What was written is sealed: it may name anybody."""

    id: UUID
    county: str
    person: UUID
    category: Category
    text_sealed: bytes
    by_person: bool
    asked_by: str
    asked_on: date
    asked_at: datetime
    state: HelpState = "open"
    answer_sealed: bytes | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    version: int = 1

    def answered(self, sealed: bytes, by: str, at: datetime) -> Self:
        """With an answer, which may be put better until it is closed."""
        if self.state == "closed":
            raise HelpClosed()
        return replace(
            self, state="answered", answer_sealed=sealed, answered_by=by, answered_at=at, version=self.version + 1
        )

    def closed(self, by: str, at: datetime, *, herself: bool) -> Self:
        """By whoever asked: no request ends because somebody else finds it answered."""
        if self.state == "closed":
            raise HelpClosed()
        if self.by_person != herself:
            raise NotTheAsker()
        if self.state == "open" and not herself:
            raise HelpNotAnswered()
        return replace(self, state="closed", closed_by=by, closed_at=at, version=self.version + 1)
