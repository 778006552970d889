"""Who may come in, and what every list of people may be asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from libs.common.api import requires
from libs.common.identity import Caller
from libs.common.values import Asked, Day, Flag

Reader = Annotated[Caller, Depends(requires("registry:read"))]
Writer = Annotated[Caller, Depends(requires("registry:write"))]
Plain = Annotated[Asked[Flag], Query(description="Names, numbers and phones unmasked; needs registry:names and is noted")]
AsOf = Annotated[Day | None, Query(description="The day on which it holds; today in Shanghai when left out", examples=["2016-12-31"])]

