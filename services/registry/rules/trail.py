"""What the registry says of the trail: who has looked at a person (谁看过我), and where nodes' chains ended (见证)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Access:
    """One record that names the person: who looked, as what, for what, at which fields."""

    place: int
    at: datetime
    actor: str
    organisation: str
    role: str
    action: str
    purpose: str
    reference: str
    fields: list[str]


@dataclass(frozen=True)
class Witness:
    """The ends of a service's chains as its node signed them; `contradicts` what it had signed before."""

    node: str
    service: str
    at: datetime
    signed: str
    contradicts: bool
