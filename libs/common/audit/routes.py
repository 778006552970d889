"""The trail over HTTP: an auditor reads every record of a service, the newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from libs.common.api import Cursor, Limit, Reading, after_number, allow, encode_cursor
from libs.common.exports import entity_of
from libs.common.identity import Caller
from libs.common.values import Text

router = APIRouter(prefix="/v1", tags=["audit"])
Auditor = Annotated[Caller, allow("node.audit.list")]
_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
_RECORD: dict[str, Any] = {
    "stream": 3,
    "sequence": 41,
    "at": "2017-03-12T08:00:00Z",
    "action": "registry.reveal_labourer",
    "actor": "officer-1",
    "role": "officer",
    "organisation": "",
    "purpose": "contact",
    "reference": "走访登记第 8 号",
    "entities": [f"person:{_ID}"],
    "persons": [_ID],
    "fields": ["name", "phone"],
    "details": {},
    "trace": "",
    "hash": "ab" * 32,
}
_LIST = """
SELECT place, stream, sequence, at, action, actor, role, organisation, purpose, reference, entities, persons, fields, details, trace,
       encode(hash, 'hex') AS hash
FROM audit
WHERE (place < :before OR :before = 0) AND (CAST(:action AS text) IS NULL OR action = :action) AND (CAST(:actor AS text) IS NULL OR actor = :actor)
  AND (CAST(:person AS uuid) IS NULL OR persons @> ARRAY[CAST(:person AS uuid)])
  AND (CAST(:entity AS text) IS NULL OR entities @> ARRAY[CAST(:entity AS text)])
ORDER BY place DESC LIMIT :limit
"""


class AuditShown(BaseModel):
    """留痕: who did what to whom, for what and when. `stream` and `sequence` say which record of which chain it is."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _RECORD})

    stream: int
    sequence: int
    at: datetime
    action: str
    actor: str
    role: str
    organisation: str
    purpose: str
    reference: str
    entities: list[str]
    persons: list[UUID]
    fields: list[str]
    details: dict[str, Any]
    trace: str
    hash: str


class AuditPage(BaseModel):
    """Records, the newest first; `next` continues with older ones."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_RECORD], "next": None}})

    items: list[AuditShown]
    next: str | None = None


@router.get(
    "/audit",
    summary="留痕 The trail of this service",
    description="Who did what to whom, for what and when; the newest first.",
)
async def list_audit(
    tx: Reading,
    _: Auditor,
    after: Annotated[Cursor | None, Query(description="Cursor `next` of the page before")] = None,
    limit: Limit = 50,
    action: Annotated[
        Text | None, Query(description="One kind of action", examples=["registry.reveal_labourer"])
    ] = None,
    actor: Annotated[Text | None, Query(description="Of one person or system")] = None,
    person: Annotated[UUID | None, Query(description="To whom it was done, by id")] = None,
    export: Annotated[UUID | None, Query(description="Which file left the node: the id in its mark")] = None,
) -> AuditPage:
    asked = {
        "before": after_number(after, "audit"),
        "action": action,
        "actor": actor,
        "person": person,
        "entity": entity_of(export) if export else None,
        "limit": limit + 1,
    }
    rows = (await tx.execute(text(_LIST), asked)).all()
    more = encode_cursor("audit", rows[limit - 1].place) if len(rows) > limit else None
    return AuditPage(items=[AuditShown.model_validate(row) for row in rows[:limit]], next=more)
