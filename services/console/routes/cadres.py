"""Cadres over HTTP (干部): who has an account here for which townships, so that villages can be given to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from libs.common.api import Reading, allow
from libs.common.identity import Caller
from services.console.store import accounts

router = APIRouter(prefix="/console/v1", tags=["accounts"])
# A county has some hundreds.
_MOST = 5000


class CadreOut(BaseModel):
    """干部: an open account of the role, and the townships or villages that it is for."""

    model_config = ConfigDict(from_attributes=True)

    login: str
    regions: list[str]


class CadresOut(BaseModel):
    """All of this node."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"cadres": [{"login": "shi.guilan", "regions": ["433124:花垣镇"]}]}]}
    )

    cadres: list[CadreOut]


@router.get("/cadres", summary="干部 Cadres with an account", description="Those whose account is open, by entry.")
async def list_cadres(_: Annotated[Caller, allow("console.cadre.list")], tx: Reading) -> CadresOut:
    found = await accounts.list_accounts(tx, None, _MOST, "cadre", False)
    return CadresOut(cadres=[CadreOut(login=each.login, regions=list(each.regions)) for each in found])
