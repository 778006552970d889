"""Whose fault a failure is: the database's or a neighbour's, which will be there again, or the event's own."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from libs.common.problems import Unavailable

# SQLSTATE (PostgreSQL, appendix A): connection, no resources left, shutdown and start, who may connect, a failed-over
# server that only reads, input/output; and two transactions that got in each other's way.
_CLASSES = ("08", "28")
_STATES = frozenset(
    {
        "53000",
        "53100",
        "53300",
        "53400",
        "57P01",
        "57P02",
        "57P03",
        "57P05",
        "25006",
        "58000",
        "58030",
        "40001",
        "40P01",
        "55P03",
        "3D000",
    }
)


def collides(error: BaseException) -> bool:
    """Whether somebody else has written the same key meanwhile."""
    cause = (error.orig.__cause__ or error.orig) if isinstance(error, DBAPIError) and error.orig is not None else error
    return isinstance(cause, asyncpg.UniqueViolationError | asyncpg.ExclusionViolationError)


def is_transient(error: BaseException) -> bool:
    """Whether the database, or a service that was asked, was away: then nothing is parked, the event waits."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (
            error.orig is not None and is_transient(error.orig.__cause__ or error.orig)
        )
    if isinstance(error, asyncpg.PostgresError):
        state = str(error.sqlstate or "")
        return state[:2] in _CLASSES or state in _STATES
    if isinstance(error, asyncpg.InterfaceError):
        # A value that PostgreSQL has no room for is one of these too, and no connection mends it.
        return not isinstance(error, ValueError) and "closed" in str(error)
    if isinstance(error, asyncpg.InternalClientError):
        return True  # the driver was spoken to while its connection went away
    return isinstance(error, OSError | TimeoutError | PoolTimeout | Unavailable)
