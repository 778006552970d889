"""What of an employer is a person's (联系人): sealed where it is kept, opened for whoever may know it."""

from __future__ import annotations

from libs.common.privacy import Vault
from services.jobs.rules.employers import Employer

SEALED = ("contact", "phone")


def seal(vault: Vault, field: str, text: str) -> bytes | None:
    """None where there is nothing to seal."""
    return vault.encrypt(text, context=f"jobs.employer.{field}") if text else None


def open_sealed(vault: Vault, employer: Employer, field: str) -> str | None:
    """One of the sealed fields in plain; None where it is not known."""
    value = getattr(employer, field)
    return vault.decrypt(value, context=f"jobs.employer.{field}") if value else None
