"""The console's only SQL."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from libs.common.database import Transaction
from services.console.rules.province import Statement
from services.console.rules.signing_in import Account, Attempts, Secret
from services.console.tables import account, attempt, session, statement


async def keep_statement(tx: Transaction, one: Statement) -> None:
    """Keep a statement unless the same source has already said something newer for that date."""
    new = insert(statement).values(
        kind=one.kind, division=one.division, as_of=one.as_of, rule=one.rule, figures=dict(one.figures), sequence=one.sequence,
        event=one.event, stated_at=one.stated_at,
    )  # fmt: skip
    replaced = {name: new.excluded[name] for name in ("rule", "figures", "sequence", "event", "stated_at")}
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["kind", "division", "as_of"], set_=replaced, where=new.excluded.sequence > statement.c.sequence
        )
    )


async def find_statements(tx: Transaction, as_of: date) -> list[Statement]:
    """For each kind and division the latest statement not after a date."""
    latest = (
        select(statement)
        .where(statement.c.as_of <= as_of)
        .ext(distinct_on(statement.c.kind, statement.c.division))
        .order_by(statement.c.kind, statement.c.division, statement.c.as_of.desc())
    )
    return [Statement(**row) for row in (await tx.execute(latest)).mappings()]


async def find_dates(tx: Transaction, limit: int) -> list[date]:
    """The latest dates for which anything was stated."""
    dates = select(statement.c.as_of).distinct().order_by(statement.c.as_of.desc()).limit(limit)
    return list((await tx.execute(dates)).scalars())


async def find_account(tx: Transaction, login: str) -> tuple[Account, Secret] | None:
    row = (await tx.execute(select(account).where(account.c.login == login))).mappings().one_or_none()
    return (_account(row), Secret(row["salt"], row["digest"])) if row else None


async def keep_account(tx: Transaction, one: Account, secret: Secret) -> None:
    values = {
        "role": one.role, "regions": list(one.regions), "organisation": one.organisation, "salt": secret.salt, "digest": secret.digest,
    }  # fmt: skip
    new = insert(account).values(login=one.login, **values)
    await tx.execute(new.on_conflict_do_update(index_elements=["login"], set_=values))


async def find_logins(tx: Transaction) -> list[str]:
    return list((await tx.execute(select(account.c.login))).scalars())


async def remove_account(tx: Transaction, login: str) -> None:
    """The account and, by the foreign key, its sessions."""
    await tx.execute(delete(account).where(account.c.login == login))


async def end_sessions_of(tx: Transaction, login: str) -> None:
    await tx.execute(delete(session).where(session.c.login == login))


async def add_session(tx: Transaction, digest: bytes, login: str, now: datetime) -> None:
    await tx.execute(insert(session).values(digest=digest, login=login, begun_at=now, seen_at=now))


async def find_session(tx: Transaction, digest: bytes) -> tuple[Account, datetime, datetime] | None:
    """Whose session it is, when it began and when it was last used."""
    query = select(account, session.c.begun_at, session.c.seen_at).join(session).where(session.c.digest == digest)
    row = (await tx.execute(query)).mappings().one_or_none()
    return (_account(row), row["begun_at"], row["seen_at"]) if row else None


async def touch_session(tx: Transaction, digest: bytes, now: datetime) -> None:
    await tx.execute(update(session).where(session.c.digest == digest).values(seen_at=now))


async def end_session(tx: Transaction, digest: bytes) -> None:
    await tx.execute(delete(session).where(session.c.digest == digest))


async def end_sessions_begun_before(tx: Transaction, moment: datetime) -> None:
    await tx.execute(delete(session).where(session.c.begun_at < moment))


async def find_attempts(tx: Transaction, login: str) -> Attempts:
    """Failures in a row; the row is locked, so guesses made at once are counted one by one."""
    await tx.execute(insert(attempt).values(login=login, failures=0, last_at=tx.home.clock.now()).on_conflict_do_nothing())
    row = (await tx.execute(select(attempt).where(attempt.c.login == login).with_for_update())).mappings().one()
    return Attempts(row["failures"], row["locked_until"])


async def keep_attempts(tx: Transaction, login: str, attempts: Attempts, now: datetime) -> None:
    values = {"failures": attempts.failures, "locked_until": attempts.locked_until, "last_at": now}
    await tx.execute(update(attempt).where(attempt.c.login == login).values(**values))


async def forget_attempts(tx: Transaction, login: str, older_than: datetime) -> None:
    """This login's failures, and everybody's old ones."""
    await tx.execute(delete(attempt).where((attempt.c.login == login) | (attempt.c.last_at < older_than)))


def _account(row: Any) -> Account:
    return Account(row["login"], row["role"], tuple(row["regions"]), row["organisation"])
