"""What the environment may change for the console."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from libs.common.settings import Settings
from services.console.rules.openid import Provider


class ConsoleSettings(Settings):
    """The common settings, and how long a person stays signed in."""

    service: ClassVar[str] = "console"

    console_idle_minutes: int = Field(
        default=30, ge=1, le=720, description="A session ends after so long without a request."
    )
    console_session_hours: int = Field(default=12, ge=1, le=72, description="A session ends after so long in any case.")
    console_my_days: int = Field(
        default=30, ge=1, le=366, description="A labourer's session, opened by a code, ends after so many days."
    )
    console_phone_days: int = Field(
        default=30, ge=1, le=180, description="A cadre's phone signs in again after so many days without contact."
    )
    console_second_factor: str = Field(
        default="officer operator",
        pattern=r"^[a-z ]*$",
        description="Roles that sign in with a second factor (TOTP), e.g. `officer operator`; others may.",
    )
    console_openid: Path | None = Field(
        default=None,
        description="openid.json of an OpenID provider whose people may sign in: issuer, client_id, claim, rights.",
    )
    console_restarts: Path | None = Field(
        default=None,
        description="restarts.json of whoever keeps the node's parts going; shown with the node's condition.",
    )
    console_web_files: Path | None = Field(
        default=None,
        description="Where the browser's libraries lie (htmx.min.js, chart.umd.js); pages work without, they are only quicker with.",
    )
    console_neighbour_seconds: float = Field(
        default=10.0, gt=0, le=60, description="How long a page waits for another service."
    )

    @property
    def accounts(self) -> Path:
        """accounts.json beside the node's keys: the first accounts, [{login, password, role, regions}], for its owner's eyes alone."""
        return self.keys / "accounts.json"

    @property
    def openid(self) -> Provider | None:
        """The provider as its file describes it; a file that is none stops the start."""
        return Provider.model_validate_json(self.console_openid.read_bytes()) if self.console_openid else None

    @property
    def secure(self) -> bool:
        """Whether people reach this node over https, so that cookies may be tied to it."""
        return self.gateway.startswith("https://")
