"""What the environment may change for retention: nothing of its own so far."""

from __future__ import annotations

from typing import ClassVar

from libs.common.settings import Settings


class RetentionSettings(Settings):
    service: ClassVar[str] = "retention"
