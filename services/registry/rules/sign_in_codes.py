"""A code by which a labourer signs in (登录码): twelve digits, good once, for a time and for a few tries, kept as a keyed digest alone.

The first six digits say which code is meant, so that wrong tries are counted at it; the other six are its secret.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

DIGITS, HANDLE = 12, 6
# A secret of six digits: who tries five of them finds it once in 200,000 codes.
TRIES = 5

CodeState = Literal["open", "used", "replaced", "expired", "spent"]


@dataclass(frozen=True, kw_only=True)
class SignInCode:
    """One code. `used_at`: it has opened a session; `replaced_at`: the person was given another one, or it was taken back."""

    id: UUID
    person: UUID
    handle: str
    digest: bytes
    tries: int
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    replaced_at: datetime | None = None

    def state(self, now: datetime) -> CodeState:
        """How it stands; only an open one opens anything."""
        if self.used_at is not None:
            return "used"
        if self.replaced_at is not None:
            return "replaced"
        if self.tries >= TRIES:
            return "spent"
        return "open" if now < self.expires_at else "expired"

    def tried(self, *, right: bool, now: datetime) -> Self:
        """After one more try."""
        return replace(self, tries=self.tries + 1, used_at=now if right else None)


def draw_code() -> str:
    """Twelve digits by the system's own chance."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def read_code(typed: str) -> str | None:
    """The digits of what was typed, with whatever spaces and strokes, full width or not; None where it is no code."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign.isalnum())
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdecimal() else None


def spaced(code: str) -> str:
    """As it is read aloud and printed: 4827 1930 1564."""
    return " ".join(code[at : at + 4] for at in range(0, DIGITS, 4))
