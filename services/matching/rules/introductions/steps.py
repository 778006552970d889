"""The steps of an introduction (介绍上岗): who may take which from where, until when, and why it may end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from libs.common.calendar import add_days
from libs.common.problems import Conflict, NotFound, one_of, refuse_field

COUNTY, CITY = "county", "city"

OPEN = ("proposed", "held", "offered", "agreed", "introduced", "hired")
# The person has said yes: at most one of these for anybody, and in a run their place is frozen with its seat.
# Only who has come home again (`ended`) is free for another one.
SIGNED = ("agreed", "introduced", "hired", "started")
# Still the county's to decide, so a yes elsewhere makes them obsolete.
UNDECIDED = ("proposed", "held", "offered")
# Whoever ended here of a run's own place has left that run's market.
LEFT = ("declined", "rejected", "refused")

# An employer sees an introduction once the city has the card; before that there is nobody to decide about.
SHOWN_TO_EMPLOYER = ("introduced", "hired", "rejected", "started", "ended")


@dataclass(frozen=True)
class StepRule:
    """One state: which side takes it, from which states; who moves next, and within how many days (None: it is the end)."""

    state: str
    taken_by: str
    after: tuple[str, ...]
    owner: str | None = None
    days: int | None = None
    reasons: tuple[str, ...] = ()


# 不接受原因: why a person says no.
DECLINE_REASONS = (
    "wage_too_low",
    "too_far",
    "family_care",
    "health",
    "found_work_elsewhere",
    "in_training",
    "not_interested",
    "partner_not_placed",
    "unreachable",
    "other",
)
# 不录用原因: why an employer says no; the list follows what placement services elsewhere have found to be asked for.
REJECT_REASONS = (
    "unreachable",
    "no_show",
    "hired_elsewhere",
    "in_training",
    "not_eligible",
    "not_mobile",
    "not_interested",
    "lacking_skills",
    "health_check",
    "obstacle_to_post",
    "no_opening",
    "duplicate",
    "deadline_passed",
    "other",
)
REFUSE_REASONS = ("priority_mismatch", "no_opening", "vacancy_withdrawn", "deadline_passed")
OBSOLETE_REASONS = ("agreed_elsewhere", "moved_up", "no_longer_held")
WITHDRAW_REASONS = ("vacancy_withdrawn", "deadline_passed")

STEPS: Mapping[str, StepRule] = {
    step.state: step
    for step in (
        StepRule("proposed", COUNTY, (), COUNTY, 7),
        StepRule("held", COUNTY, (), COUNTY, 7),
        StepRule("offered", COUNTY, ("proposed", "held"), COUNTY, 7),
        StepRule("agreed", COUNTY, ("offered",), CITY, 5),
        StepRule("declined", COUNTY, ("proposed", "held", "offered"), reasons=DECLINE_REASONS),
        StepRule("obsolete", COUNTY, ("proposed", "held", "offered"), reasons=OBSOLETE_REASONS),
        StepRule("introduced", CITY, ("agreed",), CITY, 10),
        StepRule("refused", CITY, ("agreed",), reasons=REFUSE_REASONS),
        StepRule("hired", CITY, ("introduced",), CITY, 30),
        StepRule("rejected", CITY, ("introduced",), reasons=REJECT_REASONS),
        StepRule("started", CITY, ("hired",)),
        StepRule("ended", CITY, ("started",)),
    )
}
# Either side withdraws what is its own to decide: the vacancy is gone, or the time is up.
WITHDRAWN = {
    COUNTY: StepRule("withdrawn", COUNTY, ("proposed", "held", "offered"), reasons=WITHDRAW_REASONS),
    CITY: StepRule("withdrawn", CITY, ("agreed", "introduced"), reasons=WITHDRAW_REASONS),
}
STATES = (*STEPS, "withdrawn")
CONSENTS = ("2017.1",)

# 撤回同意: nobody has to say why. What it ends, it ends as a decline does; work that was found on it goes on.
CONSENT_WITHDRAWN = "consent_withdrawn"
WITHDRAWAL_REASONS = ("not_said", "changed_mind", "found_work_elsewhere", "data_misused", "other")


class IntroductionNotFound(NotFound):
    title = "没有这条介绍 No such introduction"


class StepNotPossible(Conflict):
    title = "当前状态不能进行此步骤 This step is not possible from the present state"


class NoConsent(Conflict):
    title = "本人尚未同意，无可撤回 There is no consent to withdraw"


class PersonPlaced(Conflict):
    title = "此人已同意另一介绍 The person has already agreed to another introduction"


class AlreadyIntroduced(Conflict):
    title = "此人与该岗位已有进行中的介绍 There is an open introduction of this person to this vacancy"


class NoOpeningLeft(Conflict):
    title = "该岗位已招满 No opening is left"


class VacancyGone(Conflict):
    title = "该岗位已撤回 The vacancy has been withdrawn"


class NotSeeking(Conflict):
    title = "此人不在求职清单 The person is not on the list of those who seek"


def step_to(state: str, side: str) -> StepRule:
    """The step that leads to a state; `withdrawn` is each side's own."""
    return WITHDRAWN[side] if state == "withdrawn" else STEPS[state]


def check_step(state: str, to: str, side: str, reason: str | None = None) -> StepRule:
    """The step from one state to another by a side; raises StepNotPossible, or Invalid for a reason that has no name."""
    step = step_to(to, side)
    if step.taken_by != side or state not in step.after:
        raise StepNotPossible(f"{state} -> {to} ({side})")
    if step.reasons and reason not in step.reasons:
        raise refuse_field("/reason", "unknown_reason", one_of(step.reasons))
    return step


def follows(state: str, to: str) -> bool:
    """Whether news from the other side leads on from here; news that comes late or again does not."""
    steps = list(WITHDRAWN.values()) if to == "withdrawn" else [STEPS[to]]
    return any(state in step.after for step in steps)


def ends_without_consent(state: str) -> bool:
    """Whether an introduction in this state rests on the consent alone; who is hired has a contract, who ended has none.

    At the city the yes itself may still be on its way when its withdrawal is here.
    """
    return state in (*UNDECIDED, "agreed", "introduced")


def hired_before_withdrawal(state: str, reason: str | None, to: str) -> bool:
    """The two crossed on the way: the city had hired before it heard of the withdrawal, and the work goes on."""
    return state == "declined" and reason == CONSENT_WITHDRAWN and to == "hired"


def due_of(state: str, on: date) -> date | None:
    """Until when the next step is due, counted from the day of this one."""
    step = STEPS.get(state)
    return add_days(on, step.days) if step and step.days else None


def owner_of(state: str) -> str | None:
    """Whose move is next; None: nobody's, the introduction has ended."""
    step = STEPS.get(state)
    return step.owner if step else None


# What happens when nobody takes a step in time: the opening is free again. Whoever is hired has the place.
LAPSES: Mapping[str, tuple[str, str]] = {
    "proposed": ("withdrawn", COUNTY),
    "held": ("withdrawn", COUNTY),
    "offered": ("withdrawn", COUNTY),
    "agreed": ("refused", CITY),
    "introduced": ("rejected", CITY),
}


@dataclass(frozen=True)
class OpeningsTaken:
    """How the openings of one vacancy are used: signed here in the city, and still held for people of a run."""

    openings: int
    signed: int
    held: int


def has_room(taken: OpeningsTaken, *, of_run: bool) -> bool:
    """Whether one more may come in. A run's place is within its allotment; an own proposal must not take such a place."""
    used = taken.signed if of_run else taken.signed + taken.held
    return used < taken.openings


def signed_of(states: Iterable[str]) -> int:
    """How many of a person's introductions have their yes; more than one is never right."""
    return sum(state in SIGNED for state in states)
