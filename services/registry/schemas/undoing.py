"""The shape of an import that was taken back (撤回整批)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Why = Literal["changed", "visited", "introduced", "revealed", "partner", "erasure", "household_closed", "merged"]

_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
UNDONE: dict[str, Any] = {
    "import": _ID,
    "undone_at": "2017-03-21T08:00:00Z",
    "undone_by": "officer-1",
    "people": 594,
    "seen": 594,
    "removed": 593,
    "restored": 0,
    "wishes": 0,
    "households": 162,
    "kept": [{"person": "01890a5d-ac96-774b-bcce-b302099a8058", "name": "石**", "reasons": ["changed"]}],
}


class KeptShown(BaseModel):
    """Somebody of the import who stays as they are."""

    person: UUID
    name: str = Field(description="masked; empty where the register has forgotten the person since")
    reasons: list[Why] = Field(
        description="changed or visited since, introduced to a city, named in a request, somebody's partner, asked to be"
        " erased, or the household that the person would go back to is closed,"
        " or merged with somebody"
    )


class UndoShown(BaseModel):
    """撤回整批: what went, what is as before, and who stays because something was done about them since."""

    model_config = ConfigDict(json_schema_extra={"example": UNDONE}, populate_by_name=True)

    import_: UUID = Field(alias="import", serialization_alias="import")
    undone_at: datetime | None = Field(description="null while it is under way")
    undone_by: str
    people: int = Field(description="whom the import has touched; of them `seen` are done")
    seen: int
    removed: int = Field(description="people whom the import had brought in")
    restored: int = Field(description="people of whom what the import had changed is as before")
    wishes: int
    households: int = Field(description="that the import had made and nobody lives in")
    kept: list[KeptShown]
