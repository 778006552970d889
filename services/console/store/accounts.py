"""Accounts: found, listed, made, changed; and the record of who changed what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, any_, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, new_id
from services.console.rules.accounts import SIGN_IN_CODE, Account, Change
from services.console.tables import account, account_change


async def insert_account_if_absent(tx: Transaction, one: Account) -> bool:
    """False when somebody already has this login."""
    new = insert(account).values(**_values(one)).on_conflict_do_nothing().returning(account.c.login)
    return (await tx.execute(new)).scalar() is not None


async def find_account(tx: Transaction, login: str) -> Account | None:
    return await _find(tx, select(account).where(account.c.login == login))


async def lock_account(tx: Transaction, login: str) -> Account | None:
    """The same, and nobody else changes it until the transaction ends."""
    return await _find(tx, select(account).where(account.c.login == login).with_for_update())


async def _find(tx: Transaction, query: Select[Any]) -> Account | None:
    row = (await tx.execute(query)).mappings().one_or_none()
    return account_of(row) if row else None


async def count_accounts(tx: Transaction) -> int:
    return int((await tx.execute(select(func.count()).select_from(account))).scalar_one())


async def list_accounts(
    tx: Transaction, after: UUID | None, limit: int, role: str | None, closed: bool | None
) -> list[Account]:
    """In the order of entry; labourers, who are people of the register and no staff, are not among them."""
    query: Select[Any] = select(account).where(account.c.issuer != SIGN_IN_CODE).order_by(account.c.id).limit(limit)
    if after:
        query = query.where(account.c.id > after)
    if role:
        query = query.where(account.c.role == role)
    if closed is not None:
        query = query.where(account.c.closed_at.is_not(None) if closed else account.c.closed_at.is_(None))
    return [account_of(row) for row in (await tx.execute(query)).mappings()]


async def update_account(tx: Transaction, one: Account) -> Account:
    """The account as it is to be; its version counts every change."""
    values = {**_values(one), "version": account.c.version + 1}
    changed = update(account).where(account.c.login == one.login).values(**values).returning(account)
    return account_of((await tx.execute(changed)).mappings().one())


async def delete_account(tx: Transaction, login: str) -> None:
    """With its sessions and devices, and what was changed in it."""
    await tx.execute(delete(account_change).where(account_change.c.login == login))
    await tx.execute(delete(account).where(account.c.login == login))


async def update_secret(tx: Transaction, login: str, before: str, secret: str) -> None:
    """The same password in a better hash; nothing when the password was changed meanwhile."""
    await tx.execute(update(account).where(account.c.login == login, account.c.secret == before).values(secret=secret))


async def update_step(tx: Transaction, login: str, step: int) -> bool:
    """Mark a code's time step as used; False when it, or a later one, was used before."""
    used = (
        update(account)
        .where(account.c.login == login, account.c.totp_step < step)
        .values(totp_step=step)
        .returning(account.c.login)
    )
    return (await tx.execute(used)).scalar() is not None


async def update_recovery_taken(tx: Transaction, login: str, digest: str) -> bool:
    """Take one recovery code out; False when there is no such code (any more)."""
    left = func.array_remove(account.c.recovery, digest)
    used = (
        update(account)
        .where(account.c.login == login, literal(digest) == any_(account.c.recovery))
        .values(recovery=left)
        .returning(account.c.login)
    )
    return (await tx.execute(used)).scalar() is not None


async def insert_change(tx: Transaction, change: Change) -> None:
    await tx.execute(insert(account_change).values(id=new_id(), **vars(change)))


async def list_changes(
    tx: Transaction, login: str | None, before: UUID | None, limit: int
) -> list[tuple[UUID, Change]]:
    """The newest first."""
    query = select(account_change).order_by(account_change.c.id.desc()).limit(limit)
    if login is not None:
        query = query.where(account_change.c.login == login)
    if before is not None:
        query = query.where(account_change.c.id < before)
    return [(row["id"], _change(row)) for row in (await tx.execute(query)).mappings()]


def _change(row: Any) -> Change:
    return Change(**{name: row[name] for name in ("login", "at", "by", "what", "facts")})


_PLAIN = (
    "id",
    "login",
    "role",
    "organisation",
    "secret",
    "issuer",
    "created_at",
    "closed_at",
    "password_at",
    "must_change",
    "totp",
    "totp_step",
)


def _values(one: Account) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _PLAIN},
        "regions": list(one.regions),
        "recovery": list(one.recovery),
    }


def account_of(row: Any) -> Account:
    return Account(
        **{name: row[name] for name in _PLAIN},
        regions=tuple(row["regions"]),
        recovery=tuple(row["recovery"]),
        version=row["version"],
    )
