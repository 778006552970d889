"""Encrypted fields (加密字段): each opens only under the name of its own column."""

from __future__ import annotations

from functools import cache

from libs.common.privacy import Vault

NUMBER, NAME, HOUSEHOLD = "registry.person.number", "registry.person.name", "registry.household.number"


def seal_field(vault: Vault, field: str, text: str) -> bytes | None:
    """`field` is `person.phone`; an empty text is nothing to keep."""
    return vault.encrypt(text, context=_context_of(field)) if text else None


def open_field(vault: Vault, field: str, blob: bytes | None) -> str:
    """What was sealed; empty where nothing was kept."""
    return vault.decrypt(blob, context=_context_of(field)) if blob else ""


@cache
def _context_of(field: str) -> str:
    return f"registry.{field}"
