"""Signing in (登录): when a session ends, what is still asked of somebody, and where to go next."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from services.console.rules.accounts import Account, Session

# So long before a session ends somebody is told.
WARNED_BEFORE = timedelta(minutes=5)

# An initial password that nobody has used for so long is one that somebody else may have found.
INITIAL_GOOD_FOR = timedelta(days=7)


class Step(Enum):
    """What a session still lacks before its pages open (下一步); the value is the page that asks for it."""

    CODE = "/sign-in/code"
    PASSWORD = "/sign-in/password"
    ENROL = "/sign-in/enrol"


def next_step(account: Account, session: Session, *, second_factor: bool) -> Step | None:
    """First who it is, then a password of one's own, then a second factor where the role needs one."""
    if account.issuer:
        return None
    if account.totp is not None and not session.passed:
        return Step.CODE
    if account.must_change:
        return Step.PASSWORD
    return Step.ENROL if account.totp is None and second_factor else None


def ends_at(begun_at: datetime, seen_at: datetime, *, idle: timedelta, longest: timedelta) -> datetime:
    """When a session ends if nothing is asked for meanwhile."""
    return min(seen_at + idle, begun_at + longest)


def local_path(path: str) -> str:
    """Where to go after signing in: a path of this console, never another address."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and not any(ord(sign) < 33 for sign in path)
    return path if plain else "/"
