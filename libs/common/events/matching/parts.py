"""What the events of a run have in common: the run, the pass, and the form of what is inside them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.common.events.envelope import Audience, Event


class Part(BaseModel):
    """A piece inside an event; unknown fields are ignored when read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RunStep(Event):
    """An event of one run; all of a run keep their order."""

    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "matching.run"
    COUNTS_PEOPLE: ClassVar[bool] = True

    run: UUID

    def key(self) -> str:
        return str(self.run)
