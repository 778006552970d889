"""The steps of an introduction (介绍上岗): who may take which from where, until when, what follows, and why it may end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from libs.common.calendar import add_days
from libs.common.problems import one_of, refuse_field
from services.matching.rules.introductions import reasons as why
from services.matching.rules.introductions.refusals import NothingToUndo, StepNotPossible

COUNTY, CITY = "county", "city"

OPEN = ("proposed", "held", "offered", "agreed", "introduced", "hired")
# The person has said yes: at most one of these for anybody, and in a run their place is frozen with its seat.
SIGNED = ("agreed", "introduced", "hired", "started")
# Still the county's to decide, so a yes elsewhere makes them obsolete.
UNDECIDED = ("proposed", "held", "offered")
# The person has the place, so an opening of jobs is taken.
TAKEN = ("hired", "started")
# Whoever ended here of a run's own place has left that run's market, unless it was entered by mistake.
LEFT = ("declined", "rejected", "refused", "cancelled", "no_show", "rescinded")

# An employer sees an introduction once the city has the card; before that there is nobody to decide about.
SHOWN_TO_EMPLOYER = ("introduced", "hired", "rejected", "started", "ended", "no_show", "rescinded", "cancelled")


@dataclass(frozen=True)
class StepRule:
    """One state: which side takes it, from which states; who moves next, within how many days, and what it becomes when
    nobody does (None: nothing is due)."""

    state: str
    taken_by: str
    after: tuple[str, ...]
    owner: str | None = None
    days: int | None = None
    lapses_to: str | None = None
    reasons: tuple[str, ...] = ()


STEPS: Mapping[str, StepRule] = {
    step.state: step
    for step in (
        StepRule("proposed", COUNTY, (), COUNTY, 7, "withdrawn"),
        StepRule("held", COUNTY, (), COUNTY, 7, "withdrawn"),
        StepRule("offered", COUNTY, ("proposed", "held"), COUNTY, 7, "withdrawn"),
        StepRule("agreed", COUNTY, ("offered",), CITY, 5, "refused"),
        StepRule("declined", COUNTY, UNDECIDED, reasons=why.DECLINE_REASONS),
        StepRule("obsolete", COUNTY, UNDECIDED, reasons=why.OBSOLETE_REASONS),
        StepRule("introduced", CITY, ("agreed",), CITY, 10, "rejected"),
        StepRule("refused", CITY, ("agreed",), reasons=why.REFUSE_REASONS),
        StepRule("hired", CITY, ("introduced",), CITY, 30, "no_show"),
        StepRule("rejected", CITY, ("introduced",), reasons=why.REJECT_REASONS),
        # 本人取消: after the yes and before the first day of work.
        StepRule("cancelled", COUNTY, ("agreed", "introduced", "hired"), reasons=why.DECLINE_REASONS),
        # 取消录用: the firm takes its promise back.
        StepRule("rescinded", CITY, ("hired",), reasons=why.RESCIND_REASONS),
        # 未到岗: whoever was hired has not come; the opening and the person are free.
        StepRule("no_show", CITY, ("hired",), reasons=why.NO_SHOW_REASONS),
        # Whoever came after all had come: retention knows of work, whatever was said before.
        StepRule("started", CITY, ("hired",), CITY),
        StepRule("ended", CITY, ("started",), reasons=why.END_REASONS),
    )
}
# Either side withdraws what is its own to decide: the vacancy is gone, or the time is up.
WITHDRAWN = {
    COUNTY: StepRule("withdrawn", COUNTY, UNDECIDED, reasons=why.WITHDRAW_REASONS),
    CITY: StepRule("withdrawn", CITY, ("agreed", "introduced"), reasons=why.WITHDRAW_REASONS),
}
STATES = (*STEPS, "withdrawn")
# What each side may say to the other; anything else is none of its business.
COUNTY_WAITS = (*UNDECIDED, "agreed")
COUNTY_ENDS = ("declined", "obsolete", "cancelled", "withdrawn")
CITY_SAYS = (*(each.state for each in STEPS.values() if each.taken_by == CITY), "withdrawn")
CONSENTS = ("2017.1",)

# So many days before it acts by itself, whoever owns the step is told.
WARN_DAYS = 2
# So long the one who took a step that ended something may take it back; before an end, until the other side has acted on it.
UNDO_DAYS = 7
# What each side takes back, and what stands then (None: what stood before).
UNDONE: Mapping[tuple[str, str], str | None] = {
    (COUNTY, "proposed"): "withdrawn",
    (COUNTY, "offered"): None,
    (COUNTY, "agreed"): "cancelled",
    (COUNTY, "declined"): None,
    (CITY, "hired"): "introduced",
    (CITY, "rejected"): "introduced",
    (CITY, "no_show"): "hired",
    (CITY, "rescinded"): "hired",
}


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


def undone(state: str, side: str, before: str | None, *, reason: str | None, days_ago: int) -> str:
    """What stands when a side takes its own last step back; raises NothingToUndo."""
    known = (side, state) in UNDONE and reason not in (why.CONSENT_WITHDRAWN, why.DEADLINE_PASSED)
    back = UNDONE.get((side, state)) or before
    if not known or back is None or (state not in OPEN and days_ago > UNDO_DAYS):
        raise NothingToUndo(
            f"「{state}」须由办理方在对方办理之前撤销 Only who took it undoes it, before the other side acts: {state}"
        )
    return back


def ends_without_consent(state: str) -> bool:
    """Whether an introduction in this state rests on the consent alone; who is hired has a contract, who ended has none.

    At the city the yes itself may still be on its way when its withdrawal is here.
    """
    return state in (*UNDECIDED, "agreed", "introduced")


def next_of(state: str) -> tuple[str, ...]:
    """What may come next, whichever side takes it; nothing at an end."""
    return tuple(each for each in STATES if follows(state, each)) if state in (*OPEN, "started") else ()


def due_of(state: str, on: date) -> date | None:
    """Until when the next step is due, counted from the day of this one."""
    step = STEPS.get(state)
    return add_days(on, step.days) if step and step.days else None


def lapses_on(state: str, on: date, today: date) -> date | None:
    """The last day before the node ends it by itself. What is entered late has its whole time from the day of entry: history
    that is written down afterwards does not end while it is being written."""
    return due_of(state, max(on, today))


def owner_of(state: str) -> str | None:
    """Whose move is next; None: nobody's, the introduction has ended."""
    step = STEPS.get(state)
    return step.owner if step else None


def lapse_of(state: str) -> str | None:
    """What it becomes when nobody takes the next step in time: person and opening are free again."""
    step = STEPS.get(state)
    return step.lapses_to if step else None


# Whoever owns the next step is who lets it lapse.
LAPSES: Mapping[str, tuple[str, str]] = {
    state: (step.lapses_to, step.owner) for state, step in STEPS.items() if step.lapses_to and step.owner
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
