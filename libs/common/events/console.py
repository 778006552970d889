"""What the console announces, at home only: tokens that are good no longer."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from libs.common.events.envelope import Audience, Event


class TokensRevoked(Event):
    """One token by its id, or every token issued to a subject until a moment (吊销); forgotten after `until`, when all of them are over."""

    TYPE: ClassVar[str] = "console.tokens.revoked.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "console.revocation"

    issuer: str
    subject: str = ""
    token_id: str = ""
    issued_before: datetime
    until: datetime

    def key(self) -> str:
        return f"{self.issuer} {self.subject} {self.token_id}"
