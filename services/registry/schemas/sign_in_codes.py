"""The shapes of codes by which labourers sign in (登录码): the digits once, then only how the code stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Text
from services.registry.rules.sign_in_codes import CodeState
from services.registry.schemas import _ID

_CODE: dict[str, Any] = {
    "id": _ID,
    "person": _ID,
    "state": "open",
    "tries": 0,
    "made_by": "cadre-1",
    "made_at": "2017-03-12T08:00:00Z",
    "expires_at": "2017-03-15T08:00:00Z",
    "used_at": None,
}


class CodeShown(BaseModel):
    """一个登录码 How it stands: `open`, `used`, `replaced` by another one, `expired`, or `spent` by too many wrong tries."""

    model_config = ConfigDict(json_schema_extra={"example": _CODE})

    id: UUID
    person: UUID
    state: CodeState
    tries: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


class CodeIssued(CodeShown):
    """`code` is told in this one answer and kept nowhere."""

    model_config = ConfigDict(json_schema_extra={"example": {**_CODE, "code": "4827 1930 1564"}})

    code: str


class CodeTyped(BaseModel):
    """登录码 as it was typed, with or without spaces."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"code": "4827 1930 1564"}})

    code: Annotated[Text, Field(min_length=1, max_length=40)]


class Redemption(BaseModel):
    """Whose code it is; null whatever is wrong with it."""

    model_config = ConfigDict(json_schema_extra={"example": {"person": _ID}})

    person: UUID | None
