"""A cadre's phone (手机): a session that outlives the browser's, good for short tokens alone, and told to wipe itself when it has ended."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from libs.common.database import Transaction, new_id
from libs.common.problems import Forbidden, Unauthenticated
from libs.common.telemetry import log
from services.console.operations.records import record_change
from services.console.operations.sessions import Guest
from services.console.rules.accounts import Account, Session
from services.console.store import sessions


class PhoneWiped(Forbidden):
    """The phone takes everything off itself, what waits to be sent included."""

    title = "账号已停用或此手机已注销 The account is closed, or this phone was struck off"


async def add_phone(tx: Transaction, account: Account, guest: Guest) -> str:
    """Its word, which the phone keeps sealed; only the digest stays here."""
    word, now = secrets.token_urlsafe(32), tx.node.clock.now()
    one = Session(new_id(), account.login, now, now, True, guest.address, guest.agent, phone=True)
    await sessions.insert_session(tx, _digest(word), one)
    await record_change(tx, account.login, account.login, "phone added", {"session": str(one.id)})
    log.info("add_phone", login=account.login)
    return word


async def use_phone(tx: Transaction, word: str, away: timedelta) -> Account:
    """Whose phone it is; Unauthenticated when it was away too long, PhoneWiped when it has ended."""
    now, found = tx.node.clock.now(), await sessions.find_session(tx, _digest(word))
    if found is None or not found[1].phone:
        raise Unauthenticated("手机的登录已过期，请重新登录 The phone has to sign in again.")
    account, phone = found
    if phone.ended_at or account.closed_at:
        raise PhoneWiped("本机资料将被清除 What is on this phone is wiped.")
    if now - phone.seen_at > away:
        raise Unauthenticated("手机离线过久，请重新登录 The phone was away too long: sign in again.")
    await sessions.update_session_seen(tx, _digest(word), now)
    return account


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
