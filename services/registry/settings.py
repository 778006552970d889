"""What the environment may change for the registry."""

from __future__ import annotations

from typing import ClassVar

from libs.common.settings import Settings


class RegistrySettings(Settings):
    """The shared settings; the registry needs none of its own."""

    service: ClassVar[str] = "registry"
