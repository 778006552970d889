"""What the environment may change for jobs."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from libs.common.settings import Settings


class JobsSettings(Settings):
    service: ClassVar[str] = "jobs"

    restate_seconds: float = Field(default=1.0, gt=0, description="How often changed figures are looked at and restated.")
