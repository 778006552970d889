"""Progress is counted from events (计数): what has happened is kept once, and every agreement that it touches moves by the difference."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.jobs import AdmissionChanged, FairAnnounced
from libs.common.events.retention import RepeatNoted, RepeatReported, SpellReported, SpellStarted
from libs.common.problems import Forbidden
from libs.common.telemetry import log
from services.jobs.rules.agreements import Agreement
from services.jobs.rules.counting import Happening, Occurrence, tallies_moved
from services.jobs.store import agreements, counting, occurrences

# By kind the states of an application that count as one.
_TRAINING: dict[Happening, tuple[str, ...]] = {
    "students": ("admitted", "completed", "placed"),
    "trained": ("completed", "placed"),
}


async def count_start(tx: Transaction, event: SpellStarted | SpellReported) -> None:
    """到岗: whoever began to work there on an introduction; a transfer (转岗) is no start. Told again, the last word holds."""
    if event.previous is not None:
        return
    start = Occurrence(
        kind="posts",
        id=event.spell,
        reference=event.introduction,
        city=event.city,
        county=event.county,
        day=event.start,
        employer_uscc=event.employer_uscc or "",
    )
    await _count_anew(tx, event.city, event.county, await occurrences.upsert_occurrence(tx, start))


async def count_fair(tx: Transaction, event: FairAnnounced) -> None:
    """招聘会: one that was held counts on its day, for the agreements of the city that held it; one that was not does not."""
    if event.state == "held":
        fair = Occurrence(kind="fairs", id=event.fair, reference=event.fair, city=event.city, day=event.day)
        moved = await occurrences.upsert_occurrence(tx, fair)
    else:
        moved = await occurrences.delete_occurrence(tx, "fairs", event.fair)
    if moved:
        await _count_anew(tx, event.city, "", moved)


async def count_admission(tx: Transaction, event: AdmissionChanged) -> None:
    """培训: whoever has a place in a course counts as a student from the day of getting it, whoever completed it as trained; whoever has
    dropped out counts no more."""
    for kind, states in _TRAINING.items():
        moved: list[UUID] = []
        known = await occurrences.find_occurrence(tx, kind, event.application)
        if event.state not in states:
            moved = await occurrences.delete_occurrence(tx, kind, event.application)
        elif known is None:
            place = Occurrence(
                kind=kind,
                id=event.application,
                reference=event.application,
                city=event.city,
                county=event.county,
                day=event.on,
            )
            moved = await occurrences.upsert_occurrence(tx, place)
        if moved:
            await _count_anew(tx, event.city, event.county, moved)


async def count_repeat(tx: Transaction, event: RepeatNoted | RepeatReported) -> None:
    """同一人: an introduction is of the same person as an earlier one there; who counted twice counts once."""
    moved = await occurrences.upsert_repeat(tx, event.introduction, event.first)
    if moved:
        await _count_anew(tx, event.city, event.county, moved)


async def recount(tx: Transaction, agreement: Agreement, subjects: Collection[UUID] | None = None) -> None:
    """Some subjects of an agreement, or all: the list as it should be, and the figures moved by what is other. The agreement is held."""
    moved = await counting.update_counted(tx, agreement, subjects)
    firms = {each.employer_uscc for each in moved if each.kind == "posts" and each.employer_uscc}
    moved += await counting.update_firms(tx, agreement, sorted(firms))
    await counting.upsert_tallies(tx, agreement.id, tallies_moved(moved))


async def _count_anew(tx: Transaction, city: str, county: str, subjects: Collection[UUID]) -> None:
    for agreement in await agreements.lock_agreements_between(tx, city, county):
        await recount(tx, agreement, subjects)
        log.info("count_anew", agreement=str(agreement.id), subjects=len(subjects))


def check_teller(node: str, division: str) -> None:
    """A city tells of its own starts, a county of its own people; from anybody else the event is parked."""
    if node != f"n{division}":
        raise Forbidden(f"{division} told by {node}")
