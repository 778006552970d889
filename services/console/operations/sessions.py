"""Sessions: sign in, find out who is asking, sign out."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.console import store
from services.console.rules import signing_in
from services.console.rules.signing_in import Account, Secret

# A guess at a login that does not exist must take as long as one at a login that does.
_NOBODY = Secret(b"\0" * 16, b"\0" * 32)
_TOUCH_EVERY = timedelta(minutes=1)


class Refusal(Enum):
    """Why somebody was not let in; the page says it in words."""

    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True)
class Stay:
    """How long a session may last."""

    idle: timedelta
    longest: timedelta


async def sign_in(tx: Transaction, login: str, password: str, stay: Stay) -> str | Refusal:
    """A new session's secret word, or why not; failures count in the same transaction, so the door commits either way."""
    now, attempts = tx.home.clock.now(), await store.find_attempts(tx, login)
    if attempts.locked(now):
        return Refusal.LOCKED
    known = await store.find_account(tx, login)
    _, secret = known or (None, _NOBODY)
    if not await asyncio.to_thread(signing_in.matches, password, secret) or known is None:
        return await _note_failure(tx, login)
    await store.forget_attempts(tx, login, now - signing_in.FORGOTTEN_AFTER)
    await store.end_sessions_begun_before(tx, now - stay.longest)
    word = secrets.token_urlsafe(32)
    await store.add_session(tx, _digest(word), login, now)
    log.info("sign_in", login=login)
    return word


async def _note_failure(tx: Transaction, login: str) -> Refusal:
    now = tx.home.clock.now()
    attempts = signing_in.after_failure(await store.find_attempts(tx, login), now)
    await store.keep_attempts(tx, login, attempts, now)
    log.info("sign_in_failed", failures=attempts.failures)
    return Refusal.LOCKED if attempts.locked(now) else Refusal.WRONG


async def find_person(tx: Transaction, word: str, stay: Stay) -> Account | None:
    """Who holds a session; an expired one is ended."""
    now, found = tx.home.clock.now(), await store.find_session(tx, _digest(word))
    if found is None:
        return None
    account, begun_at, seen_at = found
    if not signing_in.still_open(begun_at, seen_at, now, idle=stay.idle, longest=stay.longest):
        await store.end_session(tx, _digest(word))
        return None
    if now - seen_at > _TOUCH_EVERY:
        await store.touch_session(tx, _digest(word), now)
    return account


async def sign_out(tx: Transaction, word: str) -> None:
    """End a session; a cookie kept by somebody opens nothing any more."""
    await store.end_session(tx, _digest(word))


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
