"""Passwords, locks, sessions, and where one may be sent after signing in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.console.rules.signing_in import (
    FAILURES_ALLOWED,
    LOCKED_FOR,
    Attempts,
    after_failure,
    keep,
    local_path,
    matches,
    still_open,
)

NOW = datetime(2017, 4, 1, 8, tzinfo=UTC)


def test_only_the_password_itself_matches() -> None:
    secret = keep("苗岭-2017", b"salt of 16 bytes")
    assert matches("苗岭-2017", secret)
    assert not matches("苗岭-2018", secret)
    assert b"2017" not in secret.digest


def test_the_same_password_is_kept_differently_under_another_salt() -> None:
    assert keep("x", b"a" * 16).digest != keep("x", b"b" * 16).digest


def test_the_fifth_failure_in_a_row_locks_for_a_while() -> None:
    attempts = Attempts()
    for _ in range(FAILURES_ALLOWED - 1):
        attempts = after_failure(attempts, NOW)
    assert not attempts.locked(NOW)
    attempts = after_failure(attempts, NOW)
    assert attempts.locked(NOW)
    assert not attempts.locked(NOW + LOCKED_FOR)


@pytest.mark.parametrize(
    ("begun", "seen", "is_open"),
    [(timedelta(0), timedelta(0), True), (timedelta(hours=3), timedelta(minutes=31), False), (timedelta(hours=13), timedelta(0), False)],
)
def test_a_session_ends_when_unused_or_old(begun: timedelta, seen: timedelta, is_open: bool) -> None:
    assert still_open(NOW - begun, NOW - seen, NOW, idle=timedelta(minutes=30), longest=timedelta(hours=12)) is is_open


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\t/evil", "/a\r\nX: y"])
def test_nobody_is_sent_to_another_site(path: str) -> None:
    assert local_path(path) == "/"


def test_a_page_with_its_filters_is_kept() -> None:
    assert local_path("/people?township=花垣镇") == "/people?township=花垣镇"
