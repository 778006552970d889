"""What the environment may change for the registry."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from libs.common.settings import Settings


class RegistrySettings(Settings):
    """The shared settings, and how many people may be named at once and for how long."""

    service: ClassVar[str] = "registry"

    reveal_people: int = Field(
        default=1000, ge=1, le=10_000, description="How many people one approved request may name."
    )
    reveal_hours: int = Field(
        default=24, ge=1, le=168, description="How long an approved request can be collected, once."
    )

    code_hours: int = Field(default=72, ge=1, le=720, description="How long a labourer's sign-in code is good, once.")

    sync_days: int = Field(
        default=92,
        ge=7,
        le=366,
        description="How many days a phone may be away: so long its mutations are known by their ids, and who has left is told of.",
    )
