"""The shapes of the weights' versions: what an administrator publishes, what everybody may see of the history."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from libs.common.values import Text
from services.matching.operations.weights import Listed
from services.matching.rules.weights_file import WeightsFile
from services.matching.rules.weights_versions import canonical, digest_of

_POINTS = {"same": 240, "major": 120, "other": 25, "general_floor": 95}
_WEIGHTS: dict[str, Any] = {
    "version": "2018.1",
    "general_occupation": "9-99",
    "wage": {"numerator": 45, "denominator": 32, "half_span": 1000},
    "occupation_utility": _POINTS,
    "destination": [150, 100, 60],
    "relatives": 80,
    "offers": {"needed": {"board": 60, "lodging": 40, "insurance": 50}, "extra": 10},
    "closeness": {"433124": {"430100": 70, "440300": 31}},
    "group_points": {"zero_employment": 140, "disabled": 60, "older_or_low_schooled": 40},
    "reserve_groups": ["disabled", "zero_employment", "older_or_low_schooled"],
    "occupation_priority": {"same": 300, "major": 160, "other": 30, "general_floor": 120},
    "education_step": 10,
    "education_cap": 50,
    "agreement": 50,
    "agreements": [["433124", "370100"]],
    "certificates": ["forklift", "welding"],
    "restrictions": ["lifting", "night"],
    "accommodations": ["wheelchair", "seated"],
}
_CHANGE: dict[str, Any] = {"pointer": "/group_points/zero_employment", "from": 120, "to": 140}
_LISTED: dict[str, Any] = {
    "node": "n430000",
    "version": "2018.1",
    "digest": digest_of(canonical(_WEIGHTS)),
    "published_at": "2018-01-10T08:00:00Z",
    "published_by": "operator",
    "note": "零就业家庭加分 more points for zero-employment households",
    "before": "2017.1",
    "changes": [_CHANGE],
}


class NewWeights(BaseModel):
    """Weights to be published for good; the note says why, and names nobody."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"weights": _WEIGHTS, "note": _LISTED["note"]}}
    )

    weights: WeightsFile
    note: Annotated[Text, Field(max_length=200)] = ""


class Changed(BaseModel):
    """One key that differs from the version before; null: absent on that side. Lists are shown as a whole."""

    pointer: str
    from_: JsonValue = Field(serialization_alias="from")
    to: JsonValue


class WeightsListed(BaseModel):
    """A version in the history. `node` published it (`shipped`: the code); `published_by` is known at that node alone."""

    model_config = ConfigDict(json_schema_extra={"example": _LISTED})

    node: str
    version: str
    digest: str = Field(description="SHA-256 of the file")
    published_at: datetime
    published_by: str | None
    note: str
    before: str | None = Field(description="The version of the same history that `changes` compares with")
    changes: list[Changed]

    @classmethod
    def of(cls, listed: Listed) -> Self:
        kept = {
            name: getattr(listed.kept, name)
            for name in ("node", "version", "digest", "published_at", "published_by", "note")
        }
        table = [Changed(pointer=each.pointer, from_=each.before, to=each.after) for each in listed.changes]
        return cls(**kept, before=listed.before, changes=table)
