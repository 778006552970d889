"""What is told of courses and applications (培训班、报名的消息): the whole state each time, numbered, while the row is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from libs.common.database import Transaction
from libs.common.events.jobs import AdmissionChanged, CourseAnnounced
from libs.common.outbox import announce
from services.jobs.rules.admissions import Admission
from services.jobs.rules.courses import Course
from services.jobs.store import admissions, courses

_TOLD = (
    "city", "provider_uscc", "provider_name", "employer", "title", "kind", "occupation", "vacancies", "places", "apply_by", "starts_on",
    "ends_on", "age_min", "age_max", "education_min", "demands", "certificate", "fee", "fee_note", "allowance", "state", "turn",
)  # fmt: skip


async def tell_course(tx: Transaction, course: Course, on: date) -> None:
    """To everybody, with the places that are left for whoever applies."""
    told = await courses.update_course(tx, replace(course, turn=course.turn + 1), told=True)
    left = told.left(await admissions.count_holding(tx, told.id)) if told.state == "open" else 0
    facts = {name: getattr(told, name) for name in _TOLD}
    await announce(tx, CourseAnnounced(course=told.id, places_left=left, on=on, **facts))


async def tell_admission(tx: Transaction, after: Admission, course: Course) -> None:
    """Written with the number of the city's word, and said to the home county and here."""
    stored = await admissions.update_admission(tx, replace(after, turn=after.turn + 1))
    event = AdmissionChanged(
        application=stored.id,
        county=stored.county,
        city=course.city,
        course=course.id,
        kind=course.kind,
        state=stored.state,
        reason=stored.reason,
        attended=stored.attended,
        certificate=course.certificate if stored.state in ("completed", "placed") else None,
        certificate_number=stored.certificate_number,
        certificate_level=stored.certificate_level,
        turn=stored.turn,
        on=stored.changed_on,
    )
    for node in sorted({f"n{stored.county}", tx.node.id}):
        await announce(tx, event, to=node)
