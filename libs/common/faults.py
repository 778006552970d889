"""Whose fault a failure is (何处之过): the database's, the broker's or a neighbour's, which will be there again, or one's own.

Decided here and nowhere else: the inbox parks by it, the door answers by it, the supervisor counts by it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import asyncpg
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError, EmulatedDBAPIException, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from libs.common.problems import Problem, Unavailable

# SQLSTATE (PostgreSQL, appendix A). Classes: connection, who may connect, two transactions that got in each other's way,
# no resources left.
_CLASSES = ("08", "28", "40", "53")
# One by one: shutdown, crash, start and recovery, an idle session ended, a failed-over server that only reads, a lock that
# was not had in time, input and output, a database that is being restored.
_STATES = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "25006", "55P03", "58000", "58030", "3D000"})
# A statement that took longer than it may. An event's own fault, for it would take as long again; at the door it is nobody's.
_OVERDUE = "57014"


class DatabaseAway(ConnectionError):
    """Nobody answers where the database should be."""


# The classes in which databases, drivers and networks speak, for whoever registers a handler by class.
SPOKEN = (
    SQLAlchemyError,
    EmulatedDBAPIException,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionError,
    TimeoutError,
)


def _unwrapped(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of: the toolkit puts up to two of its own around each of the driver's."""
    inner: BaseException | None = error
    while inner is not None:
        yield inner
        wraps = isinstance(inner, DBAPIError | EmulatedDBAPIException)
        inner = (getattr(inner, "orig", None) or inner.__cause__) if wraps else None


def is_transient(error: BaseException) -> bool:
    """Whether the database, the broker or a service that was asked was away: then nothing is parked, the event waits."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_transient, error.exceptions))
    return any(map(_is_transient, _unwrapped(error)))


def is_overdue(error: BaseException) -> bool:
    """Whether PostgreSQL has called a statement off because its time was over."""
    return any(isinstance(one, asyncpg.PostgresError) and one.sqlstate == _OVERDUE for one in _unwrapped(error))


def collides(error: BaseException) -> bool:
    """Whether somebody else has written the same key meanwhile."""
    kinds = asyncpg.UniqueViolationError | asyncpg.ExclusionViolationError
    return any(isinstance(one, kinds) for one in _unwrapped(error))


def _is_transient(error: BaseException) -> bool:
    if isinstance(error, Problem):
        return isinstance(error, Unavailable)
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    if isinstance(error, asyncpg.PostgresError):
        state = str(error.sqlstate or "")
        return state[:2] in _CLASSES or state in _STATES
    if isinstance(error, asyncpg.InterfaceError):
        # A value that PostgreSQL has no room for is one of these too, and no connection mends it.
        return not isinstance(error, ValueError) and "closed" in str(error)
    # `InternalClientError`: the driver was spoken to while its connection went away.
    away = asyncpg.InternalClientError | KafkaError | PoolTimeout
    return isinstance(error, away | ConnectionError | TimeoutError | socket.gaierror | ssl.SSLError)
