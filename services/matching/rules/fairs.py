"""A job fair (招聘会) as every node knows it, who of this county comes, and until when what was signed there is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from libs.common.calendar import add_days
from libs.common.problems import Conflict, NotFound, refuse_field
from services.matching.rules.lists import ListedVacancy

# So long after its day a desk that had no network may send what was signed and who came.
LATE_DAYS = 7
# As many entries as a desk sends in one call.
MOST = 200


class FairNotFound(NotFound):
    title = "没有这场招聘会 No such fair"


class FairNotOpen(Conflict):
    title = "招聘会未开放报名 The fair takes no sign-ups"


class FairAhead(Conflict):
    title = "招聘会还没有举办 The fair lies ahead"


class FairTooLongAgo(Conflict):
    title = "招聘会过去太久 The fair is too long ago"


class EntryUsed(Conflict):
    title = "这个编号已用于另一人或另一岗位 This entry's id stands for somebody else or another post"


@dataclass(frozen=True, kw_only=True)
class Fair:
    """As its node last announced it; `node` is whose it is. State: planned, open, held, cancelled."""

    fair: UUID
    node: str
    city: str
    title: str
    place: str
    venue: str
    day: date
    state: str
    reason: str
    announced_on: date


@dataclass(frozen=True, kw_only=True)
class Booth:
    """展位: a firm by its credit code and the city that lists it. Without `vacancies` it is there with whatever the supply list has of it."""

    fair: UUID
    employer_uscc: str
    city: str
    employer_name: str
    vacancies: Sequence[UUID]


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """One of this county's people at a fair: signed up (报名), came (到场); signed is who has an introduction with that fair."""

    fair: UUID
    person: UUID
    county: str
    signed_up_on: date | None = None
    came_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ListedVisitor(Visitor):
    """With the township, and what was signed on the spot."""

    township: str | None
    introduction: UUID | None
    state: str | None
    title: str | None
    employer_name: str | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """现场签约 as a desk noted it: under an id of its own, so that it may be sent any number of times."""

    entry: UUID
    person: UUID
    vacancy: UUID
    consent: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Signing:
    """What became of an entry: the introduction, or why there is none; sent again it is answered so."""

    entry: UUID
    fair: UUID
    person: UUID
    vacancy: UUID
    on: date
    by: str
    introduction: UUID | None = None
    refusal: str | None = None
    title: str | None = None
    status: int | None = None
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class FairCount:
    """How many of a county's people have signed up and have come, as that county says."""

    fair: UUID
    county: str
    signed_up: int
    came: int


@dataclass(frozen=True, kw_only=True)
class FirmResult:
    """One firm's: signed at the fair, hired of them so far, begun to work."""

    employer_uscc: str | None
    employer_name: str
    signed: int
    hired: int
    started: int


@dataclass(frozen=True, kw_only=True)
class OriginResult:
    """One township's of this county, or a whole county's at the city where the fair is: only the own county knows townships."""

    county: str
    township: str | None
    signed_up: int
    came: int
    signed: int
    hired: int


def check_sign_up(fair: Fair, today: date) -> None:
    """报名 is possible while the fair is open, its day included."""
    if fair.state != "open" or fair.day < today:
        raise FairNotOpen(f"招聘会在 {fair.day} 日，未开放或已结束 It is on {fair.day}, not open yet or over.")


def check_held(fair: Fair, today: date) -> None:
    """到场 and 签约 are noted from its day on, also by a desk that had no network for some days; not of one that was cancelled."""
    if fair.state in ("planned", "cancelled"):
        raise FairNotOpen(
            "未开放或已取消的招聘会没有到场和签约 Nobody comes to a fair that is not open or was cancelled."
        )
    if today < fair.day:
        raise FairAhead(f"招聘会在 {fair.day} 日 It is on {fair.day}.")
    if today - fair.day > timedelta(days=LATE_DAYS):
        raise FairTooLongAgo(
            f"最迟补录到 {add_days(fair.day, LATE_DAYS)} 日；请按普通介绍逐人办理"
            f" Notes were taken until {add_days(fair.day, LATE_DAYS)}: propose to each person as outside a fair."
        )


def check_entry(fair: Fair, booths: Sequence[Booth], entry: Entry, vacancy: ListedVacancy | None) -> None:
    """Signed on the fair's day, for a post that stands there."""
    if entry.on != fair.day:
        raise refuse_field("/on", "not_the_day", f"招聘会是「{fair.day}」 The fair was on {fair.day}")
    if vacancy is None or not any(stands_at(booth, vacancy) for booth in booths):
        raise refuse_field("/vacancy", "not_at_fair", "该岗位不在这场招聘会 This post does not stand at the fair")


def stands_at(booth: Booth, vacancy: ListedVacancy) -> bool:
    """Whether a post of the supply list is this firm's and is there: a name alone brings nobody's post to a fair."""
    firm = (booth.employer_uscc, booth.city) == (vacancy.employer_uscc, vacancy.city)
    return firm and (not booth.vacancies or vacancy.vacancy in booth.vacancies)
