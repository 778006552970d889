"""Promises beside what was kept (承诺台账): a city states its firms soon after something has changed; everybody keeps what is stated."""

from __future__ import annotations

import hashlib
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.jobs import VacancyAnnounced
from libs.common.events.retention import PromisesStated, PromiseTold
from libs.common.outbox import announce
from services.retention.rules.promises import Promise, StatedPromise, Terms, ToldPromise, tell_firm, tell_post
from services.retention.store import promises, stated_promises

# Firms in one transaction.
PORTION = 20


async def hear_terms(tx: Transaction, event: VacancyAnnounced) -> None:
    """What is offered from this day on: whoever is hired from now is promised this."""
    told = Terms(
        vacancy=event.vacancy, on=event.on, wage=event.wage, openings=event.openings, offers=list(event.offers)
    )
    await stated_promises.upsert_terms(tx, told)
    await stated_promises.insert_due(tx, event.vacancy)


async def state_due(tx: Transaction) -> int:
    """State again the firms of which something is told otherwise now; answers how many were looked at."""
    due = await stated_promises.delete_due(tx, PORTION)
    for employer in due:
        await _state(tx, employer)
    return len(due)


async def keep_stated_promises(tx: Transaction, event: PromisesStated) -> None:
    """A city speaks of its own firms; also one's own word comes back, and changes nothing."""
    await stated_promises.upsert_stated(tx, event.city, event.employer_uscc, _lines_of(event))


async def _state(tx: Transaction, employer: str) -> None:
    posts = await promises.list_posts_of_firm(tx, employer)
    before = {
        line.id: (line.employer_name, line.told)
        for firms in (True, False)
        for line in await stated_promises.list_stated(tx, firms=firms, employer=employer, city=tx.node.code)
    }
    event = _statement(tx, employer, posts, name=next(iter(before.values()))[0] if before else "")
    lines = _lines_of(event)
    if before != {line.id: (line.employer_name, line.told) for line in lines}:
        await stated_promises.upsert_stated(tx, event.city, employer, lines)
        await announce(tx, event)


def _statement(tx: Transaction, employer: str, posts: list[Promise], name: str) -> PromisesStated:
    return PromisesStated(
        city=tx.node.code,
        employer_uscc=employer,
        employer_name=posts[-1].employer_name if posts else name,
        firm=PromiseTold(**vars(tell_firm(posts))),
        vacancies=tuple(PromiseTold(**vars(tell_post(post))) for post in posts),
        on=tx.node.today(),
    )


def _lines_of(event: PromisesStated) -> list[StatedPromise]:
    """The firm and its posts; nothing of a firm without posts."""
    firm = [(_key_of(event.city, event.employer_uscc), event.firm)] if event.vacancies else []
    posts = [(told.vacancy, told) for told in event.vacancies if told.vacancy is not None]
    about = {"city": event.city, "employer_uscc": event.employer_uscc, "employer_name": event.employer_name}
    return [
        StatedPromise(id=id, vacancy=told.vacancy, stated_on=event.on, told=_kept(told), **about)
        for id, told in [*firm, *posts]
    ]


def _kept(told: PromiseTold) -> ToldPromise:
    return ToldPromise(**{**told.model_dump(), "offers": list(told.offers)})


def _key_of(city: str, employer: str) -> UUID:
    """A firm's place in lists, as the database makes it."""
    return UUID(hashlib.md5(f"{city}{employer}".encode(), usedforsecurity=False).hexdigest())
