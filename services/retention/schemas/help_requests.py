"""Shapes of requests for help (求助): in a list without what was written, one by one with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from libs.common.values import Sentence
from services.retention.rules.help_requests import Category, HelpState
from services.retention.schemas.spells import example, shown

_PERSON = "01890a5d-ac96-774b-bcce-b302099a8058"
_REQUEST: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8076",
    "person": _PERSON,
    "county": "433124",
    "category": "wage_arrears",
    "state": "open",
    "by_person": True,
    "asked_on": "2017-08-01",
    "asked_at": "2017-08-01T08:00:00Z",
    "answered_at": None,
    "closed_at": None,
    "version": 1,
}


class HelpAsked(BaseModel):
    """求助: what for, and what happened in one's own words."""

    model_config = example(person=_PERSON, category="wage_arrears", text="七月的工资还没有发。")

    person: UUID | None = Field(default=None, description="left out: the labourer herself")
    category: Category
    text: Sentence


class HelpAnswer(BaseModel):
    """答复: what was done, or what the person can do."""

    model_config = example(answer="已联系企业，八月五日前补发。")

    answer: Sentence


class HelpListed(BaseModel):
    """一项求助 in a list."""

    model_config = shown(**_REQUEST)

    id: UUID
    person: UUID
    county: str
    category: Category
    state: HelpState
    by_person: bool = Field(description="asked by the person herself; else by an official for her")
    asked_on: date
    asked_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    version: int


class HelpShown(HelpListed):
    """一项求助 with what was written; who reads it is on record."""

    model_config = shown(
        **_REQUEST, text="七月的工资还没有发。", asked_by="cadre-1", answer=None, answered_by=None, closed_by=None
    )

    text: str
    asked_by: str
    answer: str | None
    answered_by: str | None
    closed_by: str | None
