"""One-time codes: the right one, a neighbour's, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pyotp import TOTP

from services.console.rules.second_factor import new_recovery_codes, new_secret, recovery_digest, step_of

NOW = datetime(2026, 5, 4, 8, 0, 10, tzinfo=UTC)
SECRET = new_secret()


@pytest.mark.parametrize(("off", "right"), [(0, True), (-30, True), (30, True), (-60, False), (60, False)])
def test_a_code_of_this_step_or_a_neighbour_is_right(off: int, right: bool) -> None:
    code = TOTP(SECRET).at(NOW + timedelta(seconds=off))
    assert (step_of(SECRET, code, NOW) is not None) is right


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６", "000000000", "abcdef", "\x00" * 6])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert step_of(SECRET, code, NOW) is None or code.isascii()


def test_the_steps_of_codes_grow_with_time_so_that_a_used_one_can_be_told() -> None:
    first, later = (
        step_of(SECRET, TOTP(SECRET).at(NOW), NOW),
        step_of(SECRET, TOTP(SECRET).at(NOW + timedelta(seconds=30)), NOW + timedelta(seconds=30)),
    )
    assert first is not None
    assert later == first + 1


def test_recovery_codes_are_many_and_found_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert recovery_digest(codes[0].upper().replace("-", " ")) == recovery_digest(codes[0])
