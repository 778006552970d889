"""Signing in (登录): how a password is kept, when a login is closed for a while, when a session ends, where to go next."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

# 16 MB and about 50 ms a guess (RFC 7914): slow for whoever guesses, unnoticed by whoever signs in.
_COST = {"n": 2**14, "r": 8, "p": 1}

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in at this node, and as what."""

    login: str
    role: str
    regions: tuple[str, ...]
    organisation: str = ""


@dataclass(frozen=True)
class Secret:
    """What is kept of a password."""

    salt: bytes
    digest: bytes


@dataclass(frozen=True)
class Attempts:
    """How often a sign-in under this login failed in a row, and until when it is locked."""

    failures: int = 0
    locked_until: datetime | None = None

    def locked(self, now: datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until


def keep(password: str, salt: bytes) -> Secret:
    """A password as it is kept: salted and slow (RFC 7914)."""
    return Secret(salt, hashlib.scrypt(password.encode(), salt=salt, dklen=32, **_COST))


def matches(password: str, secret: Secret) -> bool:
    return hmac.compare_digest(keep(password, secret.salt).digest, secret.digest)


def after_failure(before: Attempts, now: datetime) -> Attempts:
    """One more failure; the fifth in a row locks the login, whether or not there is such an account."""
    failures = before.failures + 1
    return Attempts(failures, now + LOCKED_FOR if failures >= FAILURES_ALLOWED else None)


def still_open(begun_at: datetime, seen_at: datetime, now: datetime, *, idle: timedelta, longest: timedelta) -> bool:
    """Whether a session still holds: used a short while ago, and not begun too long ago."""
    return now - seen_at < idle and now - begun_at < longest


def local_path(path: str) -> str:
    """Where to go after signing in: a path of this console, never another address."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and not any(ord(sign) < 33 for sign in path)
    return path if plain else "/"
