"""A job fair (招聘会): place and day, the firms that stand there with their posts, and how it goes on: planned, open, held, cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.problems import refuse_field
from services.jobs.rules.refusals import FairEmpty, FairFull, FairOpenAlready, FairOver

FairState = Literal["planned", "open", "held", "cancelled"]
# As many as a hall has, and as many as one announcement carries to every partner.
BOOTHS = 200
POSTS = 30


@dataclass(frozen=True, kw_only=True)
class Fair:
    """`place` is a division, `venue` the address there. People sign up while it is open; after its day it is held by itself."""

    id: UUID
    city: str
    title: str
    place: str
    venue: str
    day: date
    entered_by: str
    state: FairState = "planned"
    closed_on: date | None = None
    closed_because: str = ""
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Booth:
    """展位: a firm by its credit code. Without `vacancies` whatever the firm offers on the day is there; `employer` is known of a firm of
    this list alone, one of another city is its own city's to know."""

    fair: UUID
    employer_uscc: str
    employer: UUID | None
    employer_name: str
    city: str
    vacancies: Sequence[UUID] = ()


@dataclass(frozen=True, kw_only=True)
class CountedFair(Fair):
    """With how many firms come."""

    booths: int


@dataclass(frozen=True, kw_only=True)
class ShownBooth(Booth):
    """With the titles of the posts that it offers today, as far as they are of this list."""

    posts: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class FairsWanted:
    """What a list is narrowed to; None does not narrow."""

    state: FairState | None = None
    since: date | None = None


def check_day(day: date, today: date) -> None:
    if day < today:
        raise refuse_field(
            "/day", "before_today", f"招聘会的日期不得早于今天「{today}」 A fair lies ahead, not before {today}"
        )


def changeable(fair: Fair) -> Fair:
    """One that has not been held nor cancelled; raises FairOver."""
    if fair.state in ("held", "cancelled"):
        raise FairOver(f"招聘会已于 {fair.closed_on} 日结束或取消 It was held or cancelled on {fair.closed_on}.")
    return fair


def opened(fair: Fair, booths: Sequence[Booth], today: date) -> Fair:
    """开放报名: with a firm at least, and not after its day."""
    if changeable(fair).state == "open":
        raise FairOpenAlready("报名已经开放 People sign up for it already.")
    check_day(fair.day, today)
    if not booths:
        raise FairEmpty("先登记参会单位，再开放报名 Enter the firms that come, then open it.")
    return replace(fair, state="open")


def cancelled(fair: Fair, reason: str, on: date) -> Fair:
    return replace(changeable(fair), state="cancelled", closed_on=on, closed_because=reason)


def over(fair: Fair, lapsed: str) -> Fair:
    """Its day is over: it was held where people could sign up, and lapsed where nobody was told of it."""
    if fair.state == "open":
        return replace(fair, state="held", closed_on=fair.day)
    return replace(fair, state="cancelled", closed_on=fair.day, closed_because=lapsed)


def check_room(booths: Sequence[Booth], added: Booth) -> None:
    """Whether one more booth, or a known one anew, has room."""
    others = [each for each in booths if each.employer_uscc != added.employer_uscc]
    if len(others) >= BOOTHS:
        raise FairFull(
            f"一场招聘会最多 {BOOTHS} 个展位，请另开一场 A fair has {BOOTHS} booths at most: enter a second one."
        )
