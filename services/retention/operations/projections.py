"""What retention hears from registry, jobs and matching of its own node, and keeps because it needs it."""

from __future__ import annotations

from libs.common.calendar import quarter_of
from libs.common.database import Transaction
from libs.common.events.jobs import EmployersMerged, VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import IntroductionAgreed, IntroductionHired
from libs.common.events.registry import GuestReceived, LabourerRecorded
from libs.common.indicators import note_changes
from services.retention.operations.promises import hear_terms
from services.retention.operations.repeats import tell_repeats
from services.retention.operations.situation import tell_situation
from services.retention.rules.introductions import Introduction, Person, Vacancy
from services.retention.store import introductions, merges, spells, stated_promises, verifications
from services.retention.store.erasures import find_erased


async def hear_labourer(tx: Transaction, event: LabourerRecorded) -> None:
    """Keep the township alone: a cadre sees his own township's people."""
    if await find_erased(tx, event.person):
        return
    await introductions.upsert_person(tx, Person(event.person, event.township))


async def hear_agreed(tx: Transaction, event: IntroductionAgreed) -> None:
    """The county learns whom an introduction is about, and owns this quarter's verification until work begins."""
    known = Introduction(
        id=event.introduction, county=event.county, city=event.city, vacancy=event.vacancy, person=event.person
    )
    await introductions.upsert_introduction(tx, known)
    await merges.update_owners(tx, [event.person])
    owner = (event.introduction, f"n{event.county}")
    await verifications.insert_verifications_if_absent(tx, quarter_of(event.on), event.on, [owner])
    for spell in await spells.list_spells_on_introduction(tx, event.introduction):  # reported before we knew of whom
        await tell_situation(tx, event.introduction)
        await note_changes(tx, tx.node.code, spell.start, [event.person])
        await tell_repeats(tx, [event.person], event.on)


async def hear_guest(tx: Transaction, event: GuestReceived) -> None:
    """The city's registry has opened the card: the guest's id stands for the person here."""
    known = Introduction(id=event.introduction, county=event.county, city=tx.node.code, guest=event.guest)
    await introductions.upsert_introduction(tx, known)


async def hear_hired(tx: Transaction, event: IntroductionHired) -> None:
    """The employer hires: from now on a spell may start."""
    known = Introduction(
        id=event.introduction,
        county=event.county,
        city=event.city,
        vacancy=event.vacancy,
        guest=event.guest,
        employer_uscc=event.employer_uscc,
        occupation=event.occupation,
        hired_on=event.on,
    )
    await introductions.upsert_introduction(tx, known)
    await stated_promises.insert_due(tx, event.vacancy)


async def hear_vacancy(tx: Transaction, event: VacancyAnnounced) -> None:
    """Vetted vacancies of this city are where somebody under notice can go; those of other cities are of no use for that."""
    if event.city != tx.node.code:
        return
    announced = Vacancy(
        id=event.vacancy,
        city=event.city,
        employer_uscc=event.employer_uscc,
        employer_name=event.employer_name,
        title=event.title,
        occupation=event.occupation,
        wage=event.wage,
        openings_left=event.openings_left,
    )
    await introductions.upsert_vacancy(tx, announced)
    await hear_terms(tx, event)


async def hear_withdrawn(tx: Transaction, event: VacancyWithdrawn) -> None:
    await introductions.update_vacancy_withdrawn(tx, event.vacancy)


async def hear_employers_merged(tx: Transaction, event: EmployersMerged) -> None:
    """合并单位: what is kept under the former credit code of a firm of this city is kept under the one that stands for it."""
    await introductions.update_employer_merged(tx, event.city, event.former_uscc, event.uscc)
    await stated_promises.insert_due_firms(tx, event.former_uscc, event.uscc)
