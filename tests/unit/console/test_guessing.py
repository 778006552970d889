"""Whoever guesses waits longer each time, and never without end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.console.rules.guessing import ADDRESS, FORGOTTEN_AFTER, LONGEST_DELAY, ONE, Attempts

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)


def delays(patience: object, tries: int) -> list[float]:
    attempts, now, waited = Attempts(0, NOW, NOW), NOW, []
    for _ in range(tries):
        attempts = patience.after_failure(attempts, now)  # type: ignore[attr-defined]
        waited.append(attempts.wait(now).total_seconds())
        now = attempts.next_at
    return waited


def test_a_few_mistakes_are_free_and_every_further_one_doubles_the_delay() -> None:
    assert delays(ONE, 8) == [0, 0, 0, 1, 2, 4, 8, 16]
    assert max(delays(ONE, 40)) == LONGEST_DELAY.total_seconds()
    assert delays(ADDRESS, 31)[28:] == [0, 1, 2]


def test_a_day_of_guessing_at_one_login_from_one_address_is_about_a_hundred_guesses() -> None:
    waited, guesses = 0.0, 0
    for delay in delays(ONE, 400):
        waited, guesses = waited + delay, guesses + 1
        if waited > 86_400:
            break
    assert guesses < 120


def test_failures_are_forgotten_after_a_while() -> None:
    old = Attempts(30, NOW - FORGOTTEN_AFTER - timedelta(seconds=1), NOW)
    assert ONE.after_failure(old, NOW) == Attempts(1, NOW, NOW)
