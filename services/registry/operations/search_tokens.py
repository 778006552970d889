"""Tokens to be found by (检索令牌): keyed hashes of parts of names, numbers and phones, other ones in each bucket of people.

A person's bucket is the last byte of the id. Equal parts of two people are equal tokens in one of 256 cases alone, so that whoever
steals the table learns of few others what is known of one (decision 0036); who searches asks for the tokens of every bucket.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import get_args
from uuid import UUID

from libs.common.privacy import Vault
from services.registry.rules.same_person import LikenessKey, likeness_keys
from services.registry.rules.search import Kind, Part, Plain, parts_of

BUCKETS = range(256)
_BYTES = 8
_PURPOSES = {kind: f"registry.search.{kind}" for kind in get_args(Kind)}


def tokens_of(vault: Vault, person: UUID, plain: Plain) -> list[int]:
    """Of one person; sorted, so that their order does not tell which is which."""
    bucket = person.bytes[-1]
    return sorted([_token(vault, bucket, part) for part in parts_of(plain)])


def tokens_everywhere(vault: Vault, parts: Iterable[Part]) -> list[int]:
    """Of whoever has one of these parts."""
    return [_token(vault, bucket, part) for part in parts for bucket in BUCKETS]


def likeness_of(vault: Vault, name: str, birth: date, township: str, village: str) -> list[int]:
    """By what one person is found who is perhaps another (查重): equal keys of two people are equal, whatever their ids."""
    return sorted(_likeness(vault, key) for key in likeness_keys(name, birth, township, village))


def _likeness(vault: Vault, key: LikenessKey) -> int:
    digest = vault.blind_index(f"{key.kind} {key.text}", purpose="registry.same_person")
    return int.from_bytes(digest[:_BYTES], signed=True) & ~3 | key.kind


def _token(vault: Vault, bucket: int, part: Part) -> int:
    digest = vault.blind_index(f"{bucket} {part.text}", purpose=_PURPOSES[part.kind])
    return int.from_bytes(digest[:_BYTES], signed=True)
