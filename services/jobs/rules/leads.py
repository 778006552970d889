"""A lead (线索): a post heard of from an agency, a villager or a chamber; it becomes a vacancy when its firm is on the list and it is vetted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from services.jobs.rules.refusals import LeadClosed

LeadSource = Literal["agency", "villager", "chamber", "other"]
LeadState = Literal["open", "listed", "dropped"]


@dataclass(frozen=True, kw_only=True)
class Lead:
    """What was heard, from what kind of source and by whom noted; never the name of the person who told it."""

    id: UUID
    city: str
    source: LeadSource
    employer_name: str
    employer_uscc: str | None
    title: str
    openings: int | None
    wage: int | None
    district: str
    note: str
    heard_on: date
    noted_by: str
    state: LeadState = "open"
    vacancy: UUID | None = None
    closed_on: date | None = None
    closed_because: str = ""
    version: int = 1


def dropped(lead: Lead, reason: str, on: date) -> Lead:
    """放弃: nothing came of it, and why."""
    return replace(_open(lead), state="dropped", closed_on=on, closed_because=reason)


def became(lead: Lead, vacancy: UUID, on: date) -> Lead:
    """转为岗位: what it is on the list as."""
    return replace(_open(lead), state="listed", vacancy=vacancy, closed_on=on)


def _open(lead: Lead) -> Lead:
    if lead.state != "open":
        raise LeadClosed("线索已转为岗位或已放弃 It has become a vacancy or was dropped.")
    return lead
