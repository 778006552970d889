"""What is on record of accounts (账号留痕): changes, sign-ins and those that failed, in the hash chain with the act itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.common.database import Transaction
from libs.common.identity import Caller
from services.console.rules.accounts import Account, Change
from services.console.store import accounts

NOBODY = "-"


async def record_change(tx: Transaction, login: str, by: Caller | str, what: str, facts: Mapping[str, Any]) -> None:
    """For the person and operators as a row, for auditors and witnesses in the trail; there is no row without its record."""
    now, who = tx.node.clock.now(), f"{by.role} {by.subject}" if isinstance(by, Caller) else by
    await accounts.insert_change(tx, Change(login, now, who, what, dict(facts)))
    actor, role = (by.subject, by.role) if isinstance(by, Caller) else (by, "")
    tx.trail.add(
        "console.change_account",
        now,
        actor=actor,
        role=role,
        entities=(f"account:{login}",),
        details={"what": what, **facts},
    )


def record_sign_in(tx: Transaction, account: Account, step: str, **details: str) -> None:
    """A step that was right: the password, the second factor, or the provider's word."""
    tx.trail.add(
        "console.sign_in",
        tx.node.clock.now(),
        actor=account.login,
        role=account.role,
        organisation=account.organisation,
        entities=(f"account:{account.login}",),
        details={"step": step, **details},
    )


def record_failure(tx: Transaction, account: Account | None, step: str, **details: str) -> None:
    """A try that was wrong. What was typed as a login that nobody has is not kept: it may be a password in the wrong field."""
    entities = (f"account:{account.login}",) if account else ()
    tx.trail.add(
        "console.fail_sign_in", tx.node.clock.now(), actor=NOBODY, entities=entities, details={"step": step, **details}
    )
