"""Second factor (第二因素): time-based one-time codes (RFC 6238), each good once, and recovery codes for a lost telephone."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from pyotp import TOTP, random_base32

STEP_SECONDS = 30
RECOVERY_CODES = 10


def new_secret() -> str:
    """160 bits in Base32, as authenticator apps take it."""
    return random_base32()


def address_of(secret: str, login: str, node: str) -> str:
    """The `otpauth:` address that stands in the QR code."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=f"Xieli {node}")


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to, this one or a neighbour of it (clocks differ), or None."""
    current, totp = int(now.timestamp()) // STEP_SECONDS, TOTP(secret)
    steps = [current + offset for offset in (0, -1, 1)]
    right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())]
    return right[0] if right else None


def new_recovery_codes() -> tuple[str, ...]:
    """50 random bits each, in two groups that can be written down."""
    codes = (random_base32(32)[:10].lower() for _ in range(RECOVERY_CODES))
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def recovery_digest(code: str) -> str:
    """What is kept of a recovery code: random enough that a plain digest cannot be turned back."""
    return hashlib.sha256("".join(code.lower().split()).replace("-", "").encode()).hexdigest()


def plain(code: str) -> str:
    """A code as it was meant: people type spaces."""
    return "".join(code.split())
