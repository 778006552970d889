"""The shapes of what a labourer says of herself (本人申报)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Label
from services.registry.schemas.visits import WishSaid

_WISH: dict[str, Any] = {"willing": True, "destinations": ["440300"], "wage_expected": 4500}


class OwnPhone(BaseModel):
    """本人电话; empty: there is none any more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"phone": "15400000001"}})

    phone: Annotated[Label, Field(description="eleven digits beginning 13 to 19, or empty")]


class OwnWish(BaseModel):
    """求职意愿 from today on; what is left out is as it was said before."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"wish": _WISH}})

    wish: WishSaid
