"""SQL of what a run is about: allotments, a county's people and where they stand, a city's cards, cutoffs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, among
from libs.common.events.matching import Allotted
from libs.common.events.registry import Wish
from services.matching.rules.choice import Applicant
from services.matching.rules.county import Proposal, Rise
from services.matching.rules.couples import Choice
from services.matching.rules.entry import Candidate
from services.matching.rules.facts import Person, Vacancy, as_data, person_of, vacancy_of
from services.matching.rules.introductions import SIGNED
from services.matching.rules.scores import key_of, lottery
from services.matching.tables import introductions, lists
from services.matching.tables import runs as tables


async def seekers(tx: Transaction) -> list[Candidate]:
    """Whom `rules.lists.seeks` describes: the people of the list enter the run, whether or not they have work now."""
    table, taken = lists.people, introductions.introductions
    signed = select(taken.c.introduction).where(taken.c.person == table.c.person, taken.c.state.in_(SIGNED)).exists()
    where = (table.c.labourer, table.c.willing, ~signed)
    rows = (await tx.execute(select(table).where(*where).order_by(table.c.person))).all()
    return [
        Candidate(row.person, row.county, row.birth_date, row.education, frozenset(row.groups), row.burden, Wish.model_validate(row.wish))
        for row in rows
    ]


async def own_vacancies(tx: Transaction, node: str, wanted: Iterable[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """This node's own announced vacancies, those of them that are asked for and not withdrawn."""
    table = lists.vacancies
    where = (table.c.node == node, among(table.c.vacancy, wanted), table.c.withdrawn_on.is_(None))
    return {row["vacancy"]: dict(row) for row in (await tx.execute(select(table).where(*where))).mappings()}


async def keep_allotment(tx: Transaction, run: UUID, number: int, city: str, batch: int, batches: int, allotted: Iterable[Allotted]) -> None:
    values = {"run": run, "number": number, "city": city, "batch": batch, "batches": batches}
    data = [each.model_dump(mode="json") for each in allotted]
    await tx.execute(insert(tables.allotments).values(**values, allotted=data).on_conflict_do_nothing())


async def allotted(tx: Transaction, run: UUID, number: int) -> dict[str, dict[str, Vacancy]]:
    """city node -> vacancies, for every city whose allotment of this number is here in all its parts."""
    table = tables.allotments
    columns = (table.c.city, table.c.batches, table.c.allotted)
    rows = (await tx.execute(select(*columns).where(table.c.run == run, table.c.number == number))).all()
    parts: dict[str, list[Any]] = {}
    for row in rows:
        parts.setdefault(row.city, []).append(row)
    return {city: _vacancies(found) for city, found in parts.items() if len(found) == found[0].batches}


def _vacancies(parts: Iterable[Any]) -> dict[str, Vacancy]:
    return {each["vacancy"]: vacancy_of(each) for part in parts for each in part.allotted}


async def add_people(tx: Transaction, run: UUID, people: Mapping[UUID, Person]) -> None:
    rows = [{"run": run, "person": person, "pseudonym": facts.person, "facts": as_data(facts)} for person, facts in people.items()]
    if rows:
        await tx.execute(insert(tables.people), rows)


async def people_of(tx: Transaction, run: UUID) -> tuple[dict[str, Person], dict[str, Choice | None]]:
    """This county's people by pseudonym, with the facts they entered with; and where couples stand."""
    table = tables.people
    rows = (await tx.execute(select(table.c.pseudonym, table.c.facts, table.c.choice).where(table.c.run == run))).all()
    choices = {row.pseudonym: _choice(row.choice) for row in rows}
    return {row.pseudonym: person_of(row.facts) for row in rows}, choices


def _choice(data: Mapping[str, Any] | None) -> Choice | None:
    return Choice(**{**data, "struck": tuple(data["struck"])}) if data else None


async def keep_choices(tx: Transaction, run: UUID, choices: Mapping[str, Choice]) -> None:
    table = tables.people
    for pseudonym, choice in choices.items():
        where = (table.c.run == run, table.c.pseudonym == pseudonym)
        await tx.execute(update(table).where(*where).values(choice=asdict(choice)))


async def frozen_people(tx: Transaction, run: UUID) -> set[str]:
    table = tables.people
    where = (table.c.run == run, table.c.frozen_in.is_not(None))
    return set((await tx.execute(select(table.c.pseudonym).where(*where))).scalars())


async def freeze_people(tx: Transaction, run: UUID, number: int, pseudonyms: Iterable[str]) -> None:
    """They have left the market with the place of pass `number`."""
    table = tables.people
    where = (table.c.run == run, among(table.c.pseudonym, pseudonyms))
    await tx.execute(update(table).where(*where).values(frozen_in=number))


async def pseudonym_of(tx: Transaction, run: UUID, person: UUID) -> str | None:
    table = tables.people
    found = await tx.execute(select(table.c.pseudonym).where(table.c.run == run, table.c.person == person))
    return found.scalar()


async def last_run_of(tx: Transaction, person: UUID) -> UUID | None:
    """The newest run (ids are in the order of creation) that a person is in."""
    table = tables.people
    found = await tx.execute(select(table.c.run).where(table.c.person == person).order_by(table.c.run.desc()).limit(1))
    return found.scalar()


async def person_ids(tx: Transaction, run: UUID) -> dict[str, UUID]:
    """pseudonym -> the registry's id; never leaves the county."""
    rows = (await tx.execute(select(tables.people.c.pseudonym, tables.people.c.person).where(tables.people.c.run == run))).all()
    return {row.pseudonym: row.person for row in rows}


async def declare(tx: Transaction, run: UUID, number: int, people: Mapping[str, Person], standing: Mapping[str, str | None]) -> None:
    """The facts of a pass, and where everybody stands after the first proposals."""
    rows = [
        {"run": run, "number": number, "pseudonym": name, "facts": as_data(facts), "vacancy": _id(standing.get(name))}
        for name, facts in people.items()
    ]
    if rows:
        await tx.execute(insert(tables.standings), rows)


def _id(vacancy: str | None) -> UUID | None:
    return UUID(vacancy) if vacancy else None


async def declared(
    tx: Transaction, run: UUID, number: int, *, at: Iterable[str] | None = None
) -> tuple[dict[str, Person], dict[str, str | None]]:
    """Facts and standing by pseudonym; `at` asks only for those who stand at certain vacancies."""
    table = tables.standings
    statement = select(table.c.pseudonym, table.c.facts, table.c.vacancy).where(table.c.run == run, table.c.number == number)
    if at is not None:
        statement = statement.where(among(table.c.vacancy, [UUID(vacancy) for vacancy in at]))
    rows = (await tx.execute(statement)).all()
    standing = {row.pseudonym: str(row.vacancy) if row.vacancy else None for row in rows}
    return {row.pseudonym: person_of(row.facts) for row in rows}, standing


async def move(tx: Transaction, run: UUID, number: int, standing: Mapping[str, str | None]) -> None:
    """Where people stand after they had to propose again."""
    table = tables.standings
    for pseudonym, vacancy in standing.items():
        where = (table.c.run == run, table.c.number == number, table.c.pseudonym == pseudonym)
        await tx.execute(update(table).where(*where).values(vacancy=_id(vacancy)))


async def keep_residue(tx: Transaction, run: UUID, number: int, cases: Mapping[str, str]) -> None:
    table = tables.standings
    for pseudonym, case in cases.items():
        where = (table.c.run == run, table.c.number == number, table.c.pseudonym == pseudonym)
        await tx.execute(update(table).where(*where).values(residue=case))


async def residue(tx: Transaction, run: UUID, number: int) -> dict[str, str]:
    table = tables.standings
    where = (table.c.run == run, table.c.number == number, table.c.residue.is_not(None))
    return {row.pseudonym: row.residue for row in (await tx.execute(select(table.c.pseudonym, table.c.residue).where(*where))).all()}


async def raise_cutoffs(tx: Transaction, run: UUID, number: int, rises: Iterable[Rise]) -> None:
    """Merged by the greater, so that order and repetition mean nothing."""
    table = tables.cutoffs
    rows = [{"run": run, "number": number, "vacancy": UUID(rise.vacancy), "seat": rise.seat, "key": rise.key} for rise in rises]
    fresh = insert(table)
    greater = {"key": func.greatest(table.c.key, fresh.excluded.key)}
    if rows:
        await tx.execute(fresh.on_conflict_do_update(index_elements=["run", "number", "vacancy", "seat"], set_=greater), rows)


async def cutoffs(tx: Transaction, run: UUID, number: int) -> list[Rise]:
    table = tables.cutoffs
    rows = (await tx.execute(select(table).where(table.c.run == run, table.c.number == number))).all()
    return [Rise(str(row.vacancy), row.seat, row.key) for row in rows]


async def add_cards(tx: Transaction, run: UUID, number: int, county: str, cards: Iterable[Proposal]) -> None:
    rows = [
        {"run": run, "number": number, "county": county, "pseudonym": card.person, "vacancy": UUID(card.vacancy), "priority": card.priority,
         "groups": sorted(card.groups)}
        for card in cards
    ]  # fmt: skip
    if rows:
        await tx.execute(insert(tables.cards).on_conflict_do_nothing(), rows)


async def known_cards(tx: Transaction, run: UUID, number: int, cards: Iterable[Proposal]) -> set[tuple[str, str]]:
    """Which of these cards were here before, as (pseudonym, vacancy)."""
    table = tables.cards
    pairs = [(card.person, UUID(card.vacancy)) for card in cards]
    where = (table.c.run == run, table.c.number == number, tuple_(table.c.pseudonym, table.c.vacancy).in_(pairs))
    return {(row.pseudonym, str(row.vacancy)) for row in (await tx.execute(select(table.c.pseudonym, table.c.vacancy).where(*where))).all()}


async def held(tx: Transaction, run: UUID, number: int, seed: bytes, *, at: Iterable[str] | None = None) -> tuple[dict[str, list[Applicant]], dict[str, str]]:
    """vacancy -> whom it holds; and pseudonym -> county of those held."""
    table = tables.cards
    statement = select(table).where(table.c.run == run, table.c.number == number, table.c.seat.is_not(None))
    if at is not None:
        statement = statement.where(among(table.c.vacancy, [UUID(vacancy) for vacancy in at]))
    holding: dict[str, list[Applicant]] = {}
    counties: dict[str, str] = {}
    for row in (await tx.execute(statement)).all():
        applicant = Applicant(row.pseudonym, key_of(row.priority, lottery(seed, row.pseudonym)), frozenset(row.groups))
        holding.setdefault(str(row.vacancy), []).append(applicant)
        counties[row.pseudonym] = row.county
    return holding, counties


async def seats(tx: Transaction, run: UUID, number: int) -> dict[str, dict[str, str]]:
    """vacancy -> pseudonym -> seat, of those held."""
    table = tables.cards
    where = (table.c.run == run, table.c.number == number, table.c.seat.is_not(None))
    seated: dict[str, dict[str, str]] = {}
    for row in (await tx.execute(select(table.c.pseudonym, table.c.vacancy, table.c.seat).where(*where))).all():
        seated.setdefault(str(row.vacancy), {})[row.pseudonym] = row.seat
    return seated


async def seat(tx: Transaction, run: UUID, number: int, vacancy: str, seated: Mapping[str, str]) -> None:
    """Who sits where at one vacancy; whoever is not named is refused."""
    table = tables.cards
    where = (table.c.run == run, table.c.number == number, table.c.vacancy == UUID(vacancy))
    await tx.execute(update(table).where(*where, table.c.seat.is_not(None), table.c.pseudonym.not_in(list(seated))).values(seat=None))
    for pseudonym, name in seated.items():
        changed = (*where, table.c.pseudonym == pseudonym, table.c.seat.is_distinct_from(name))
        await tx.execute(update(table).where(*changed).values(seat=name))


async def count_held(tx: Transaction, run: UUID, number: int) -> int:
    table = tables.cards
    where = (table.c.run == run, table.c.number == number, table.c.seat.is_not(None))
    return int((await tx.execute(select(func.count()).select_from(table).where(*where))).scalar_one())
