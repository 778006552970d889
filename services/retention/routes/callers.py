"""Who may come in, as what they may see: an officer or cadre of a region, and an employer for its own people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from libs.common.api import Anyone, OfficeOf, requires
from libs.common.identity import Caller
from services.retention.rules.sight import Sight, sight_of, sight_of_either


async def may_read(caller: Annotated[Caller, Depends(requires("retention:read"))]) -> Sight:
    return sight_of(caller)


async def may_write(office: OfficeOf, caller: Annotated[Caller, Depends(requires("retention:write"))]) -> Sight:
    """Writing is for this node's own region; officers of another region who work here (对接服务中心) read their own people."""
    caller.check(office.home.code)
    return sight_of(caller)


async def may_read_own(caller: Anyone) -> Sight:
    return sight_of_either(caller, "retention:read")


async def may_write_own(office: OfficeOf, caller: Anyone) -> Sight:
    sight = sight_of_either(caller, "retention:write")
    caller.check(office.home.code)
    return sight


Reader = Annotated[Sight, Depends(may_read)]
Writer = Annotated[Sight, Depends(may_write)]
# The same doors, open to an employer (用人单位) as well, for its own people alone.
OwnReader = Annotated[Sight, Depends(may_read_own)]
OwnWriter = Annotated[Sight, Depends(may_write_own)]
