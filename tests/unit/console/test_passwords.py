"""Passwords: kept by Argon2id, old hashes accepted once, judged by length and surprise."""

from __future__ import annotations

import hashlib

import pytest

from services.console.rules.passwords import LONGEST, complaint, is_stale, keep, matches


def test_only_the_password_itself_matches_and_its_keeping_names_its_cost() -> None:
    secret = keep("苗岭山上的雾散了没有")
    assert matches("苗岭山上的雾散了没有", secret)
    assert not matches("苗岭山上的雾散了没 有", secret)
    assert secret.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not is_stale(secret)
    assert keep("x") != keep("x")


def test_a_hash_from_before_is_accepted_and_known_to_be_old() -> None:
    salt = b"salt of 16 bytes"
    digest = hashlib.scrypt("苗岭-2017".encode(), salt=salt, dklen=32, n=2**14, r=8, p=1)
    secret = f"scrypt${salt.hex()}${digest.hex()}"
    assert matches("苗岭-2017", secret)
    assert not matches("苗岭-2018", secret)
    assert is_stale(secret)


@pytest.mark.parametrize("secret", ["", "$argon2id$", "no hash", "$argon2id$v=19$m=1,t=1,p=1$AA$AA"])
def test_what_is_no_hash_matches_nothing(secret: str) -> None:
    assert not matches("anything", secret)


@pytest.mark.parametrize(
    "bad",
    [
        "short",
        "elevenchars",
        "a" * 12,
        "abababababab",
        "passwordpassword",
        "Password2024!",
        "1234567890123",
        "qwertyuiop123",
        "woaini1314520",
        "shi.guilan-2026",
        "SHI.GUILAN is me",
        "x" * (LONGEST + 1),
        "with\ttab in it 1",
        "\u202eright to left",
    ],
)
def test_what_would_be_guessed_first_is_refused_in_words(bad: str) -> None:
    assert complaint(bad, "shi.guilan")


@pytest.mark.parametrize(
    "good",
    ["four plain words here", "三月里的小雨下个不停啊啊", "all lower case letters", "jd83-kd02-mzx7", "x7#Kq!92mPz$"],
)
def test_nothing_is_asked_of_the_signs_of_a_password(good: str) -> None:
    assert complaint(good, "shi.guilan") is None
