"""Tell everybody: a vacancy as it stands now, its withdrawal, and the figures that it changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from libs.common.database import Transaction
from libs.common.events.envelope import Event
from libs.common.events.jobs import VacancyAnnounced, VacancyWithdrawn
from libs.common.outbox import announce, announce_all
from services.jobs.rules.vacancies import Vacancy

_AS_STORED = (
    "city",
    "employer",
    "employer_uscc",
    "employer_name",
    "title",
    "occupation",
    "openings",
    "openings_left",
    "reserved",
    "wage_max",
    "wage_basis",
    "age_min",
    "age_max",
    "education_min",
    "certificates",
    "demands",
    "accommodations",
    "starts_by",
    "valid_until",
    "kind",
    "country",
    "offers",
    "experience_points",
)


def tell_vacancy(vacancy: Vacancy, on: date) -> VacancyAnnounced:
    """The whole state of a vetted vacancy. Without a stated wage (面议) it says 0: nothing can be relied on; an expired one has no
    opening for anybody new."""
    stored = {name: getattr(vacancy, name) for name in _AS_STORED}
    stored |= {} if vacancy.offered else {"openings_left": 0}
    return VacancyAnnounced(
        vacancy=vacancy.id, industry=vacancy.industry or None, wage=vacancy.wage or 0, on=on, **stored
    )


async def announce_vacancies(tx: Transaction, vacancies: Iterable[Vacancy], on: date) -> None:
    """Announce those that are vetted; their rows are locked or new in this transaction."""
    events: list[Event] = [tell_vacancy(each, on) for each in vacancies if each.announced]
    await announce_all(tx, events)


async def announce_withdrawal(tx: Transaction, vacancy: Vacancy, reason: str, on: date) -> None:
    await announce(tx, VacancyWithdrawn(vacancy=vacancy.id, city=vacancy.city, reason=reason, on=on))
