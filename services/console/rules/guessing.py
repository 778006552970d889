"""Guessing (猜密码): whoever guesses wrong waits longer and longer; whoever did not guess does not wait for somebody else's guesses."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=12)
DEVICE_KNOWN_FOR = timedelta(days=180)


@dataclass(frozen=True)
class Attempts:
    """Failures so far of one who tries, the last of them, and when the next try is looked at."""

    failures: int
    last_at: datetime
    next_at: datetime

    def wait(self, now: datetime) -> timedelta:
        return min(max(self.next_at - now, timedelta(0)), LONGEST_DELAY)


@dataclass(frozen=True)
class Patience:
    """How many failures are free before each further one doubles the delay."""

    free: int

    def after_failure(self, before: Attempts, now: datetime) -> Attempts:
        """One more failure; old ones are forgotten."""
        failures = 1 if now - before.last_at > FORGOTTEN_AFTER else before.failures + 1
        beyond = min(failures - self.free, 20)
        delay = min(timedelta(seconds=2**beyond), LONGEST_DELAY) if beyond >= 0 else timedelta(0)
        return Attempts(failures, now, now + delay)


# From one address at one login, or from one known browser: typing mistakes are free, the fifth guess costs seconds.
ONE = Patience(free=4)
# From one address at any login: an office behind one address has many who mistype.
ADDRESS = Patience(free=30)
# At the code of one account: only somebody with the password comes so far.
CODE = Patience(free=4)


def pair_key(address: str, login: str) -> str:
    return f"pair {address} {login}"


def address_key(address: str) -> str:
    return f"address {address}"


def knocker_of(code: str) -> str:
    """Who tries a code, before anybody knows whose it is: the code that is meant, by its first digits."""
    return f"code {''.join(sign for sign in unicodedata.normalize('NFKC', code) if sign.isalnum())[:6]}"


def device_key(digest: bytes, login: str) -> str:
    return f"device {digest.hex()} {login}"


def code_key(login: str) -> str:
    return f"code {login}"
