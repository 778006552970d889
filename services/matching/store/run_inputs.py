"""SQL of what a run is about: who seeks, what is allotted, a county's people and what they declare in each pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, among, insert_all, rows_given
from libs.common.events.matching import Allotted
from libs.common.events.registry import Wish
from services.matching.rules.couples import Choice
from services.matching.rules.entry import Candidate
from services.matching.rules.facts import Person, Vacancy, as_data, person_of, vacancy_of
from services.matching.rules.fellows import Gathering
from services.matching.rules.introductions.steps import SIGNED
from services.matching.rules.joint_applicants import Stand
from services.matching.rules.runs import PLAYED
from services.matching.store.runs import HINT
from services.matching.tables import introductions, lists
from services.matching.tables import runs as tables


async def list_candidates(tx: Transaction) -> list[Candidate]:
    """Whom `rules.lists.seeks` describes: the people of the list enter the run, whether or not they have work now."""
    table, taken = lists.people, introductions.introductions
    signed = select(taken.c.introduction).where(taken.c.person == table.c.person, taken.c.state.in_(SIGNED)).exists()
    where = (table.c.labourer, table.c.willing, ~signed)
    facts = (table.c.person, table.c.county, table.c.birth_date, table.c.education, table.c.groups, table.c.burden)
    # The wish as text: what reads it into its shape reads JSON faster than anything could hand it over.
    wish = cast(table.c.wish, Text).label("wish")
    rows = (await tx.execute(select(*facts, wish).where(*where).order_by(table.c.person))).all()
    return [
        Candidate(
            row.person,
            row.county,
            row.birth_date,
            row.education,
            frozenset(row.groups),
            row.burden,
            Wish.model_validate_json(row.wish),
        )
        for row in rows
    ]


async def list_own_vacancies(tx: Transaction, node: str, wanted: Iterable[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """This node's own announced vacancies, those of them that are asked for and not withdrawn."""
    table = lists.vacancies
    where = (table.c.node == node, among(table.c.vacancy, wanted), table.c.withdrawn_on.is_(None))
    return {row["vacancy"]: dict(row) for row in (await tx.execute(select(table).where(*where))).mappings()}


async def insert_allotment_if_absent(
    tx: Transaction, run: UUID, number: int, city: str, batch: int, batches: int, allotted: Iterable[Allotted]
) -> None:
    values = {"run": run, "number": number, "city": city, "batch": batch, "batches": batches}
    data = [each.model_dump(mode="json") for each in allotted]
    await tx.execute(insert(tables.allotments).values(**values, allotted=data).on_conflict_do_nothing())
    tx.hint(HINT)


async def list_allotments(tx: Transaction, run: UUID, number: int) -> dict[str, dict[str, Vacancy]]:
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


async def insert_people(tx: Transaction, run: UUID, people: Mapping[UUID, Person]) -> None:
    rows = [
        {"run": run, "person": person, "pseudonym": facts.person, "facts": as_data(facts)}
        for person, facts in people.items()
    ]
    if rows:
        await tx.execute(insert_all(tables.people, list(rows[0])), {"rows": rows})


async def list_people(tx: Transaction, run: UUID) -> dict[str, Person]:
    """This county's people by pseudonym, with the facts they entered with."""
    table = tables.people
    rows = (await tx.execute(select(table.c.pseudonym, table.c.facts).where(table.c.run == run))).all()
    return {row.pseudonym: person_of(row.facts) for row in rows}


async def list_stands(tx: Transaction, run: UUID) -> dict[str, Stand]:
    """Where those stand who go with somebody and have moved, by pseudonym."""
    table = tables.people
    rows = (
        await tx.execute(
            select(table.c.pseudonym, table.c.choice).where(table.c.run == run, table.c.choice.is_not(None))
        )
    ).all()
    return {row.pseudonym: _stand(row.choice) for row in rows}


def _stand(data: Mapping[str, Any]) -> Stand:
    return Choice(**{**data, "struck": tuple(data["struck"])}) if "struck" in data else Gathering(**data)


async def update_stands(tx: Transaction, run: UUID, stands: Mapping[str, Stand]) -> None:
    table = tables.people
    given = rows_given(table, ("pseudonym", "choice"))
    changed = update(table).where(table.c.run == run, table.c.pseudonym == given.c.pseudonym)
    if stands:
        rows = [{"pseudonym": name, "choice": asdict(stand)} for name, stand in stands.items()]
        await tx.execute(changed.values(choice=given.c.choice), {"rows": rows})


async def list_frozen_people(tx: Transaction, run: UUID) -> set[str]:
    table = tables.people
    where = (table.c.run == run, table.c.frozen_in.is_not(None))
    return set((await tx.execute(select(table.c.pseudonym).where(*where))).scalars())


async def update_frozen_people(tx: Transaction, run: UUID, number: int, pseudonyms: Iterable[str]) -> None:
    """They have left the market with the place of pass `number`."""
    table = tables.people
    where = (table.c.run == run, among(table.c.pseudonym, pseudonyms))
    await tx.execute(update(table).where(*where).values(frozen_in=number))


async def find_pseudonym(tx: Transaction, run: UUID, person: UUID) -> str | None:
    table = tables.people
    found = await tx.execute(select(table.c.pseudonym).where(table.c.run == run, table.c.person == person))
    return found.scalar()


async def find_last_run_of(tx: Transaction, person: UUID) -> UUID | None:
    """The newest run (ids are in the order of creation) that a person is in."""
    table = tables.people
    found = await tx.execute(select(table.c.run).where(table.c.person == person).order_by(table.c.run.desc()).limit(1))
    return found.scalar()


async def find_last_run_offering(tx: Transaction, node: str, vacancy: UUID) -> UUID | None:
    """The newest run that is or has been played, to which a node has allotted a vacancy of its own."""
    table, run = tables.allotments, tables.runs
    offered = (table.c.run == run.c.run, table.c.city == node, table.c.allotted.contains([{"vacancy": str(vacancy)}]))
    where = (*offered, run.c.state.in_(PLAYED), run.c.dispute.is_(None))
    return (await tx.execute(select(run.c.run).where(*where).order_by(run.c.run.desc()).limit(1))).scalar()


async def list_person_ids(tx: Transaction, run: UUID) -> dict[str, UUID]:
    """pseudonym -> the registry's id; never leaves the county."""
    rows = (
        await tx.execute(select(tables.people.c.pseudonym, tables.people.c.person).where(tables.people.c.run == run))
    ).all()
    return {row.pseudonym: row.person for row in rows}


async def insert_roster(tx: Transaction, run: UUID, number: int, people: bytes) -> None:
    """The facts that this county's people declare in a pass, as the people file of matching v1."""
    await tx.execute(insert(tables.rosters).values(run=run, number=number, people=people))


async def find_roster(tx: Transaction, run: UUID, number: int) -> bytes | None:
    """The people file of a pass."""
    table = tables.rosters
    return (await tx.execute(select(table.c.people).where(table.c.run == run, table.c.number == number))).scalar()


async def get_roster(tx: Transaction, run: UUID, number: int) -> bytes:
    """The same; LookupError where this node has none."""
    found = await find_roster(tx, run, number)
    if found is None:
        raise LookupError(f"pass {number} of run {run} has no people here")
    return found


async def update_residue(tx: Transaction, run: UUID, number: int, cases: Mapping[str, str]) -> None:
    """pseudonym -> case, for whose couple the passes did not suffice."""
    table = tables.rosters
    await tx.execute(update(table).where(table.c.run == run, table.c.number == number).values(residue=dict(cases)))


async def list_residue(tx: Transaction, run: UUID, number: int) -> dict[str, str]:
    table = tables.rosters
    return (
        await tx.execute(select(table.c.residue).where(table.c.run == run, table.c.number == number))
    ).scalar() or {}
