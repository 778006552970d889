"""What the environment may change for jobs: nothing of its own so far."""

from __future__ import annotations

from typing import ClassVar

from libs.common.settings import Settings


class JobsSettings(Settings):
    service: ClassVar[str] = "jobs"
