"""What the console forgets in time (清理): sessions that are over, tries at passwords long past, assertions that were used."""

from __future__ import annotations

from datetime import timedelta

from libs.common.database import Transaction
from services.console.rules import guessing
from services.console.settings import ConsoleSettings
from services.console.store import sessions, systems

_ENDED_KNOWN_FOR = timedelta(days=366)


async def forget_sessions(tx: Transaction, settings: ConsoleSettings, batch: int) -> int:
    """Those that have lasted as long as any may."""
    longest = max(timedelta(hours=settings.console_session_hours), timedelta(days=settings.console_my_days))
    return await sessions.delete_sessions_begun_before(tx, tx.node.clock.now() - longest, batch)


async def forget_phones(tx: Transaction, settings: ConsoleSettings, batch: int) -> int:
    """Phones not heard of for as long as one may be away; of those that ended it is known for a year that they have to wipe themselves."""
    now = tx.node.clock.now()
    away = timedelta(days=settings.console_phone_days)
    return await sessions.delete_phones_before(tx, now - away, now - _ENDED_KNOWN_FOR, batch)


async def forget_attempts(tx: Transaction, _: ConsoleSettings, batch: int) -> int:
    """Tries after which the next one would be the first."""
    return await sessions.delete_attempts_before(tx, tx.node.clock.now() - 2 * guessing.FORGOTTEN_AFTER, batch)


async def forget_assertions(tx: Transaction, _: ConsoleSettings, batch: int) -> int:
    """Those that could not be shown a second time any more."""
    return await systems.delete_assertions_before(tx, tx.node.clock.now(), batch)
