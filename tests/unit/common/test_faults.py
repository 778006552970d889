"""Whose fault a failure is does not depend on who has wrapped it."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from libs.common.faults import DatabaseAway, collides, is_overdue, is_transient
from libs.common.problems import Conflict, NotFound, Unavailable

AWAY = [
    *("08000", "08001", "08003", "08006", "08P01"),
    *("28000", "28P01", "3D000"),
    *("40001", "40P01", "40003", "55P03"),
    *("53000", "53100", "53200", "53300", "53400"),
    *("57P01", "57P02", "57P03", "57P05", "25P03", "25006", "58000", "58030"),
]
OWN = ["22P05", "22021", "22003", "23505", "23502", "23P01", "42P01", "42501", "54000", "57014", "P0001", "XX000"]

Wrap = Callable[[Exception], Exception]


def by_the_driver(error: Exception) -> Exception:
    """As the toolkit's driver has it where a connection is taken from the pool without the toolkit around it."""
    wrapped: Exception = AsyncAdapt_asyncpg_dbapi.Error(str(error), error)
    wrapped.__cause__ = error
    return wrapped


def by_the_toolkit(error: Exception) -> Exception:
    return DBAPIError("SELECT 1", None, by_the_driver(error))  # type: ignore[arg-type]


def by_a_task_group(error: Exception) -> Exception:
    return ExceptionGroup("tasks", [by_the_driver(error), error])


WRAPPINGS: list[Wrap] = [lambda error: error, by_the_driver, by_the_toolkit, by_a_task_group]


def said(state: str) -> Exception:
    """What the driver makes of PostgreSQL's message with this SQLSTATE."""
    error: Exception = asyncpg.PostgresError.new({"C": state, "M": "x"})
    return error


@pytest.mark.parametrize("wrap", WRAPPINGS)
def test_states_tell_whose_fault_it_is_however_they_are_wrapped(wrap: Wrap) -> None:
    assert [state for state in AWAY if not is_transient(wrap(said(state)))] == []
    assert [state for state in OWN if is_transient(wrap(said(state)))] == []


@pytest.mark.parametrize("wrap", WRAPPINGS[:3])
def test_a_collision_and_a_statement_called_off_are_known_however_they_are_wrapped(wrap: Wrap) -> None:
    states = [*AWAY, *OWN]
    assert [state for state in states if collides(wrap(said(state)))] == ["23505", "23P01"]
    assert [state for state in states if is_overdue(wrap(said(state)))] == ["57014"]


@pytest.mark.parametrize("wrap", WRAPPINGS)
@pytest.mark.parametrize(
    "away",
    [
        ConnectionRefusedError(),
        ConnectionResetError(),
        TimeoutError(),
        DatabaseAway(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("got result for unknown protocol state 0"),
        KafkaConnectionError(),
        PoolTimeout(),
        Unavailable(),
    ],
)
def test_who_does_not_answer_is_away_however_it_is_wrapped(wrap: Wrap, away: Exception) -> None:
    assert is_transient(wrap(away))


@pytest.mark.parametrize("wrap", WRAPPINGS)
@pytest.mark.parametrize(
    "own",
    [
        ValueError(),
        KeyError(),
        FileNotFoundError("a template"),
        asyncpg.InterfaceError("another operation is in progress"),
        Conflict(),
        NotFound(),
    ],
)
def test_what_no_waiting_mends_is_ones_own(wrap: Wrap, own: Exception) -> None:
    assert not is_transient(wrap(own))


def test_of_several_failures_one_of_ones_own_is_enough() -> None:
    assert not is_transient(ExceptionGroup("tasks", [said("57P03"), ValueError()]))


def test_a_refusal_that_follows_a_failure_stays_a_refusal() -> None:
    refused = Conflict("somebody was here before")
    refused.__cause__ = said("57P03")
    assert not is_transient(refused)
