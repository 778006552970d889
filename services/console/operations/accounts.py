"""Accounts as operators manage them: made, changed, closed, reset; every change is recorded, and ends what was open under the old rights."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import Conflict, Forbidden, NotFound
from libs.common.revocations import revoke
from libs.common.telemetry import log
from services.console.operations.records import record_change
from services.console.rules.accounts import Account, Change, Session, difference
from services.console.store import accounts as store
from services.console.store import sessions


class LoginTaken(Conflict):
    title = "登录名已被使用 This login is taken"


class NotYourOwn(Forbidden):
    title = "不能变更自己的权限 Nobody changes their own rights"


class AlreadySo(Conflict):
    title = "账号已是此状态 The account is so already"


@dataclass(frozen=True)
class Rights:
    """What an account may become: its role, its divisions, its organisation."""

    role: str
    regions: Sequence[str]
    organisation: str = ""


def initial_password() -> str:
    """Shown once, to whoever makes or resets the account; good for one thing: choosing another."""
    return secrets.token_urlsafe(12)


async def create_account(tx: Transaction, caller: Caller, login: str, rights: Rights, secret: str) -> Account:
    check_regions(caller, rights.regions)
    now = tx.node.clock.now()
    account = Account(
        new_id(), login, rights.role, tuple(rights.regions), rights.organisation, secret, now, now, must_change=True
    )
    if not await store.insert_account_if_absent(tx, account):
        raise LoginTaken(f"{login} 已存在 There is an account {login}.")
    await record(tx, caller, account, "created", account.rights)
    return account


async def change_rights(tx: Transaction, caller: Caller, account: Account, given: Mapping[str, Any]) -> Account:
    """Other rights end the account's sessions and tokens: nobody goes on under what has been taken away.

    With another role its phones wipe themselves; with another reach they sign in again and learn it.
    """
    _refuse_own(caller, account)
    check_regions(caller, given.get("regions", ()))
    changed = replace(account, **{**given, "regions": tuple(given.get("regions", account.regions))})
    differs = difference(account.rights, changed.rights)
    if not differs:
        return account
    kept = await store.update_account(tx, changed)
    if "role" in differs:
        await sessions.update_phones_ended(tx, account.login, tx.node.clock.now())
    await end_everything(tx, account.login)
    await record(tx, caller, account, "rights changed", differs)
    return kept


async def close_account(tx: Transaction, caller: Caller, account: Account, reason: str) -> Account:
    """Its phones stay known as ended, so that each is told to wipe itself."""
    _refuse_own(caller, account)
    if account.closed_at:
        raise AlreadySo("账号已停用 The account is closed.")
    now = tx.node.clock.now()
    kept = await store.update_account(tx, replace(account, closed_at=now))
    await sessions.update_phones_ended(tx, account.login, now)
    await end_everything(tx, account.login)
    await record(tx, caller, account, "closed", {"reason": reason})
    return kept


async def reopen_account(tx: Transaction, caller: Caller, account: Account, reason: str) -> Account:
    _refuse_own(caller, account)
    if not account.closed_at:
        raise AlreadySo("账号未停用 The account is not closed.")
    kept = await store.update_account(tx, replace(account, closed_at=None))
    await record(tx, caller, account, "reopened", {"reason": reason})
    return kept


async def reset_password(tx: Transaction, caller: Caller, account: Account, secret: str) -> Account:
    """An initial password again. The second factor stays: who resets a password cannot sign in with it as somebody else."""
    _refuse_own(caller, account)
    now = tx.node.clock.now()
    kept = await store.update_account(tx, replace(account, secret=secret, password_at=now, must_change=True))
    await end_everything(tx, account.login)
    await record(tx, caller, account, "password reset", {})
    return kept


async def reset_second_factor(tx: Transaction, caller: Caller, account: Account) -> Account:
    """The person enrols again; the password is not touched, so that one operator's act opens nothing to that operator."""
    _refuse_own(caller, account)
    kept = await store.update_account(tx, replace(account, totp=None, recovery=()))
    await end_everything(tx, account.login)
    await record(tx, caller, account, "second factor reset", {})
    return kept


async def end_sessions(tx: Transaction, caller: Caller, account: Account, id: UUID | None = None) -> None:
    """One session, a phone's by wiping it; or all and every token."""
    now = tx.node.clock.now()
    if id is None:
        await end_everything(tx, account.login)
    elif await sessions.update_phones_ended(tx, account.login, now, id=id):
        await revoke(tx, issuer=tx.node.id, subject=account.login)
    elif not await sessions.delete_session_by_id(tx, account.login, id):
        raise NotFound("没有此会话 There is no such session.")
    await record(tx, caller, account, "sessions ended", {"session": str(id) if id else "all"})


async def end_everything(tx: Transaction, login: str) -> None:
    """Sessions, known devices and tokens of a login."""
    await revoke(tx, issuer=tx.node.id, subject=login)
    await sessions.delete_sessions_of(tx, login)
    await sessions.delete_devices(tx, login)


async def show_account(tx: Transaction, login: str) -> Account:
    return _there(await store.find_account(tx, login), login)


async def lock_account(tx: Transaction, login: str) -> Account:
    """For a change: nobody else changes it meanwhile."""
    return _there(await store.lock_account(tx, login), login)


def _there(account: Account | None, login: str) -> Account:
    if account is None:
        raise NotFound(f"没有账号「{login}」 There is no account {login}.")
    return account


async def list_accounts(
    tx: Transaction, after: UUID | None, limit: int, role: str | None, closed: bool | None
) -> list[Account]:
    return await store.list_accounts(tx, after, limit, role, closed)


async def list_sessions(tx: Transaction, login: str) -> list[Session]:
    return await sessions.list_sessions(tx, login)


async def list_changes(
    tx: Transaction, login: str | None, before: UUID | None, limit: int
) -> list[tuple[UUID, Change]]:
    return await store.list_changes(tx, login, before, limit)


async def record(tx: Transaction, caller: Caller, account: Account, what: str, facts: Mapping[str, Any]) -> None:
    """Kept with the change itself, in the same transaction; auditors and the person read it."""
    await record_change(tx, account.login, caller, what, facts)
    log.info("account_change", login=account.login, what=what, by=caller.subject)


def _refuse_own(caller: Caller, account: Account) -> None:
    if caller.subject == account.login:
        raise NotYourOwn("请由另一位运维人员办理 Another operator has to do this.")


def check_regions(caller: Caller, regions: Sequence[str]) -> None:
    """An operator gives no division that is not the operator's own."""
    for region in regions:
        caller.check(region.split(":", 1)[0])
