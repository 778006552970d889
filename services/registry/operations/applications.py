"""Apply for a training place (报名): with the consent on record, to the course's city by id; the card follows when there is a place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.erasing import erase_events
from libs.common.events.jobs import AdmissionChanged, CourseAnnounced
from libs.common.events.registry import ApplicationSent
from libs.common.events.retention import SpellReported
from libs.common.identity import Caller
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.registry.operations.cards import check_city, seal_student_card
from services.registry.operations.certificates import note_certificate
from services.registry.operations.withdrawals import erase_card_of
from services.registry.rules import applications as rules
from services.registry.rules.applications import Application, ApplicationNotFound, AppliedAlready, CityWord
from services.registry.rules.departures import check_here
from services.registry.rules.facts import education_step
from services.registry.rules.guests import Withdrawal
from services.registry.rules.heard_courses import HeardCourse, check_conditions, check_open
from services.registry.store import applications, courses, guests, people, withdrawals


async def apply(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    course: UUID,
    *,
    consent: str,
    consent_on: date,
    consented_by: rules.Consenting,
    on: date,
) -> UUID:
    """Of somebody who meets the conditions and has agreed. The person's row is held: one application for a course at a time."""
    person = await people.lock_person(tx, one)
    check_here(person)
    heard = await courses.get_course(tx, course)
    check_city(tx, heard.city)
    check_open(heard, on)
    rules.check_consent(person.birth_date, consented_by, consent_on, on)
    state = await people.get_person(tx, one)
    education, cannot = education_step(person.education), list((state.facts or {}).get("restrictions") or [])
    age = check_conditions(heard, birth=person.birth_date, education=education, restrictions=cannot)
    await tx.widen()
    if known := await applications.find_open_application(tx, one, course):
        raise AppliedAlready(extensions={"known_as": f"/registry/v1/applications/{known.id}"})
    given = Application(
        id=new_id(),
        course=course,
        city=heard.city,
        person=one,
        age=age,
        education=education,
        restrictions=cannot,
        consent=consent,
        consent_on=consent_on,
        consented_by=consented_by,
        recorded_by=caller.subject,
        applied_on=on,
        changed_on=on,
    )
    await applications.insert_application(tx, given)
    await _tell(tx, given, on)
    tx.trail.note(persons=[one], entities=[f"application:{given.id}"])
    log.info("apply", application=str(given.id), course=str(course))
    return given.id


async def withdraw(tx: Transaction, one: UUID, reason: str, on: date) -> None:
    """The person no longer agrees: the place is free, and the card goes."""
    before = await applications.lock_application(tx, one)
    await tx.widen()
    await _withdraw(tx, before, reason, on)
    tx.trail.note(persons=[before.person], entities=[f"application:{one}"])
    log.info("withdraw", application=str(one), before=before.state)


async def withdraw_all(tx: Transaction, one: UUID, on: date) -> None:
    """Whoever is forgotten here is forgotten there."""
    for each in await applications.lock_applications_of(tx, one):
        if each.said != "withdrawn":
            await _withdraw(tx, each, rules.ERASED, max(on, each.applied_on))


async def hear_course(tx: Transaction, event: CourseAnnounced, node: str) -> None:
    """A city's course as it stands; of this node's own, whose it is: that school may ask for a student's name."""
    if node != f"n{event.city}":
        log.error("course_of_another_node", course=str(event.course), node=node)
        return
    facts = event.model_dump(include={each for each in HeardCourse.__dataclass_fields__})
    lists = {"vacancies": list(event.vacancies), "demands": list(event.demands)}
    await courses.upsert_course(tx, HeardCourse(**{**facts, **lists}, id=event.course, told_on=event.on))
    if node == tx.node.id:
        await guests.upsert_post(tx, event.course, event.provider_uscc)


async def hear_admission(tx: Transaction, event: AdmissionChanged, node: str) -> None:
    """The city's word about one of this county's people; with a place, the card is sealed on the consent on record here."""
    if event.county != tx.node.code:
        return
    try:
        before = await applications.lock_application(tx, event.application)
    except ApplicationNotFound:
        log.info("admission_of_nobody", application=str(event.application))  # the person was forgotten
        return
    if node != f"n{before.city}" or event.course != before.course:
        log.error("admission_of_another_node", application=str(event.application), node=node)
        return
    word = CityWord(**event.model_dump(include={*CityWord.__dataclass_fields__}))
    after = rules.after_city(before, word)
    if after == before:
        return
    await applications.update_application(tx, after)
    if after.state in ("admitted", "completed"):  # once, also where the later word comes first
        await seal_student_card(tx, after, await courses.get_course(tx, after.course))
    if after.certificate and not before.certificate:
        await note_certificate(tx, after.person, after.certificate, node, word.on)
    log.info("hear_admission", application=str(after.id), state=after.state)


async def hear_application(tx: Transaction, event: ApplicationSent, node: str) -> None:
    """At the city: of a withdrawn one the card goes, in whatever order the news comes."""
    if event.state == "withdrawn":
        await erase_card_of(tx, Withdrawal(event.application, event.county, event.city, event.on), node)


async def hear_spell(tx: Transaction, event: SpellReported) -> None:
    """上岗: whoever was trained for a vacancy works there."""
    if event.county != tx.node.code:
        return
    for each in await applications.lock_applications_behind(tx, event.introduction, event.vacancy):
        if each.said == "applied" and each.state in ("admitted", "completed"):
            after = await applications.update_application(tx, rules.placed(each, event.start))
            await _tell(tx, after, event.start)


async def _withdraw(tx: Transaction, before: Application, reason: str, on: date) -> None:
    after = await applications.update_application(tx, rules.withdrawn(before, reason, on))
    fact = Withdrawal(after.id, tx.node.code, after.city, on)
    await withdrawals.insert_withdrawal_if_absent(tx, fact)
    await erase_events(tx, [after.id])
    await _tell(tx, replace(after, reason=reason), on)


async def _tell(tx: Transaction, one: Application, on: date) -> None:
    facts = {name: getattr(one, name) for name in _TOLD}
    event = ApplicationSent(application=one.id, county=tx.node.code, state=one.said, on=on, **facts)
    await announce(tx, event, to=f"n{one.city}")


_TOLD = ("city", "course", "reason", "age", "education", "restrictions", "consent", "consent_on", "applied_on", "turn")
