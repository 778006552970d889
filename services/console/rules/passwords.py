"""Passwords (密码): kept by Argon2id, judged by length and by whether everybody would guess them first (NIST SP 800-63B)."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

SHORTEST, LONGEST = 12, 200
# OWASP: 19 MiB, two passes, one lane; slow for whoever guesses, unnoticed by whoever signs in, and two at once fit anywhere.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
# RFC 7914, as accounts were kept before they came here: accepted once, then kept by Argon2id.
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}
_COMMONEST = Path(__file__).parents[1] / "words" / "commonest_passwords.txt"


def keep(password: str) -> str:
    """A password as it is kept: algorithm, parameters, salt and digest in one text."""
    return _HASHER.hash(password)


@cache
def nobody() -> str:
    """What a guess at a login that does not exist is compared with, so that it takes as long as any other."""
    return keep("nobody has this password")


def matches(password: str, secret: str) -> bool:
    if secret.startswith("scrypt$"):
        _, salt, digest = secret.split("$")
        guess = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), dklen=32, **_SCRYPT)
        return hmac.compare_digest(guess, bytes.fromhex(digest))
    try:
        return _HASHER.verify(secret, password)
    except (VerificationError, InvalidHashError):
        return False


def is_stale(secret: str) -> bool:
    """Whether a kept password should be kept anew, by today's algorithm and parameters."""
    return not secret.startswith("$argon2") or _HASHER.check_needs_rehash(secret)


@cache
def commonest() -> frozenset[str]:
    return frozenset(_COMMONEST.read_text(encoding="utf-8").split())


def complaint(password: str, login: str) -> str | None:
    """Why a password is not taken, or None. Nothing is asked of its signs: length and surprise are what counts."""
    plain = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        return f"密码须为 {SHORTEST} 至 {LONGEST} 个字符 A password has {SHORTEST} to {LONGEST} characters"
    if not password.isprintable():
        return "密码含有无法键入的字符 The password holds signs that nobody can type"
    if login.casefold() in plain:
        return "密码不得含有登录名 The password must not hold the login"
    if len(set(plain)) < 5 or plain in commonest() or _is_commonest_doubled(plain):
        return "此密码太常见，会最先被猜到 This password is among the first that anybody would guess"
    return None


def _is_commonest_doubled(plain: str) -> bool:
    """`password` + `password`, or a common word with a few digits behind it."""
    stem = plain.rstrip("0123456789!.@#")
    half = plain[: len(plain) // 2]
    return (stem in commonest() and len(plain) - len(stem) <= 6) or (half * 2 == plain and half in commonest())
