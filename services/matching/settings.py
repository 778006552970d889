"""What the environment may change for matching."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from libs.common.settings import Settings


class MatchingSettings(Settings):
    """The shared settings and those of the two lists."""

    service: ClassVar[str] = "matching"

    remember_seconds: float = Field(
        default=2.0, gt=0, description="How often what recommendations are answered from is compared with the lists."
    )
    gather_seconds: float = Field(
        default=0.15, ge=0, description="How long messages of a run gather before they are answered together."
    )
    deadline_seconds: float = Field(
        default=300.0, gt=0, description="How often introductions are looked at for what was not done in time."
    )
    runs_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="Messages of a run go so many days after it was announced, when it is over; its result stays.",
    )
    look_seconds: float = Field(
        default=5.0, gt=0, description="How often messages of a run are looked for without a hint."
    )
