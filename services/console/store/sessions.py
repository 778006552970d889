"""Who is signed in, from which devices, and who has guessed how often."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.console.rules.accounts import Account, Session
from services.console.rules.guessing import Attempts
from services.console.store.accounts import account_of
from services.console.tables import account, attempt, device, session

_MOST_DEVICES = 10


async def insert_session(tx: Transaction, digest: bytes, one: Session) -> None:
    await tx.execute(insert(session).values(digest=digest, **vars(one)))


async def find_session(tx: Transaction, digest: bytes) -> tuple[Account, Session] | None:
    """Whose session it is, and how far it has come; a phone's as well, ended or not."""
    query = (
        select(account, *(column for column in session.c if column.name not in ("login", "digest")))
        .join(session)
        .where(session.c.digest == digest)
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return (account_of(row), _session(row)) if row else None


async def list_sessions(tx: Transaction, login: str) -> list[Session]:
    """Those that are open, the latest first."""
    mine = select(session).where(session.c.login == login, session.c.ended_at.is_(None))
    rows = await tx.execute(mine.order_by(session.c.begun_at.desc()))
    return [_session(row) for row in rows.mappings()]


async def update_session_seen(tx: Transaction, digest: bytes, now: datetime) -> None:
    await tx.execute(update(session).where(session.c.digest == digest).values(seen_at=now))


async def update_session_passed(tx: Transaction, digest: bytes) -> None:
    await tx.execute(update(session).where(session.c.digest == digest).values(passed=True))


async def delete_session(tx: Transaction, digest: bytes) -> None:
    await tx.execute(delete(session).where(session.c.digest == digest))


async def delete_session_by_id(tx: Transaction, login: str, id: UUID) -> bool:
    ended = await tx.execute(
        delete(session).where(session.c.login == login, session.c.id == id).returning(session.c.id)
    )
    return ended.scalar() is not None


async def delete_sessions_of(tx: Transaction, login: str, *, but: bytes = b"") -> None:
    """A phone that has still to be told to wipe itself stays."""
    others = (session.c.login == login, session.c.digest != but, session.c.ended_at.is_(None))
    await tx.execute(delete(session).where(*others))


async def update_phones_ended(tx: Transaction, login: str, now: datetime, *, id: UUID | None = None) -> bool:
    """One phone of this login, or all: at their next contact they are told to wipe themselves. Whether there was any."""
    phones = update(session).where(session.c.login == login, session.c.phone, session.c.ended_at.is_(None))
    ended = (phones.where(session.c.id == id) if id else phones).values(ended_at=now).returning(session.c.id)
    return (await tx.execute(ended)).first() is not None


async def delete_sessions_begun_before(tx: Transaction, moment: datetime, batch: int) -> int:
    """So many of them, phones apart; how many went."""
    old = and_(session.c.begun_at < moment, session.c.phone.is_(False))
    return await _delete(tx, old, batch)


async def delete_phones_before(tx: Transaction, seen: datetime, ended: datetime, batch: int) -> int:
    """Those last seen before, and those that ended before; how many went."""
    silent = and_(session.c.phone, session.c.ended_at.is_(None), session.c.seen_at < seen)
    return await _delete(tx, or_(silent, session.c.ended_at < ended), batch)


async def _delete(tx: Transaction, old: ColumnElement[bool], batch: int) -> int:
    digests = select(session.c.digest).where(old).limit(batch)
    return (await tx.execute(delete(session).where(session.c.digest.in_(digests), old))).rowcount


async def find_device(tx: Transaction, digest: bytes, login: str, since: datetime) -> str | None:
    """The login that signed in from this device since then."""
    query = select(device.c.login).where(device.c.digest == digest, device.c.login == login, device.c.seen_at > since)
    return (await tx.execute(query)).scalar()


async def upsert_device(tx: Transaction, digest: bytes, login: str, now: datetime) -> None:
    """Remember the device; of one account never more than a few."""
    new = insert(device).values(digest=digest, login=login, seen_at=now)
    await tx.execute(new.on_conflict_do_update(index_elements=["login", "digest"], set_={"seen_at": now}))
    kept = select(device.c.digest).where(device.c.login == login).order_by(device.c.seen_at.desc()).limit(_MOST_DEVICES)
    await tx.execute(delete(device).where(device.c.login == login, device.c.digest.not_in(kept)))


async def delete_devices(tx: Transaction, login: str) -> None:
    await tx.execute(delete(device).where(device.c.login == login))


async def find_attempts(tx: Transaction, key: str, now: datetime) -> Attempts:
    """Failures so far; the row is locked, so guesses made at once are counted one by one."""
    none = insert(attempt).values(key=key, failures=0, last_at=now, next_at=now)
    locked = none.on_conflict_do_update(index_elements=["key"], set_={"key": key}).returning(attempt)
    row = (await tx.execute(locked)).mappings().one()
    return Attempts(row["failures"], row["last_at"], row["next_at"])


async def upsert_attempts(tx: Transaction, key: str, attempts: Attempts) -> None:
    await tx.execute(update(attempt).where(attempt.c.key == key).values(**vars(attempts)))


async def delete_attempts(tx: Transaction, key: str) -> None:
    await tx.execute(delete(attempt).where(attempt.c.key == key))


async def delete_attempts_before(tx: Transaction, moment: datetime, batch: int) -> int:
    """So many of those whose last one came before; how many went."""
    old = attempt.c.last_at < moment
    keys = select(attempt.c.key).where(old).limit(batch)
    return (await tx.execute(delete(attempt).where(attempt.c.key.in_(keys), old))).rowcount


def _session(row: Any) -> Session:
    return Session(**{name: row[name] for name in Session.__dataclass_fields__})
