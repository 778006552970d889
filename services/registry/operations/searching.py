"""Find somebody (检索) by a part of the name, the end of a number or phone, or a household's number, without opening everybody's."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.privacy import Vault
from libs.common.telemetry import log
from services.registry.operations.labourers import check_filters
from services.registry.operations.same_person import pair_alike
from services.registry.operations.sealing import HOUSEHOLD, index_number, open_plain
from services.registry.operations.search_tokens import likeness_of, tokens_everywhere, tokens_of
from services.registry.rules.listing import Filters
from services.registry.rules.people import ListedPerson, Person
from services.registry.rules.same_person import Alike
from services.registry.rules.search import Term
from services.registry.store import households, people, people_lists, search_index
from services.registry.store.people_lists import Sought


async def search_labourers(
    tx: Transaction, as_of: date, term: Term, filters: Filters, *, after: UUID | None, limit: int
) -> list[ListedPerson]:
    """Whom a term means among those that the caller may see: also who was merged into somebody is found, as that person.

    Only who has the tokens is opened, to leave out whom they mean by chance.
    """
    await check_filters(tx, filters)
    sought = await _sought(tx, term)
    ids = await people_lists.list_found(tx, sought)
    became = {one.merged_into for one in await people.list_merged(tx, ids) if _is_meant(tx, one, term, sought)}
    ids = [*ids, *(one for one in became if one)]
    meant: list[ListedPerson] = []
    while len(meant) < limit:
        found = await people_lists.list_people(tx, as_of, filters, found=ids, after=after, limit=limit)
        meant += [one for one in found if one.id in became or _is_meant(tx, one, term, sought)]
        if len(found) < limit:
            break
        after = found[-1].id
    return meant[:limit]


async def fill_tokens(tx: Transaction, most: int) -> int:
    """Make the tokens and keys of some who have none yet, and pair who is alike; answers how many."""
    vault, waiting = tx.node.vault, await search_index.lock_unfilled(tx, most)
    plain = {one.id: open_plain(vault, one) for one in waiting}
    alike = {one.id: _alike(vault, one, plain[one.id].name) for one in waiting}
    found_by = {one: (tokens_of(vault, one, each), sorted(alike[one].keys)) for one, each in plain.items()}
    await search_index.upsert_found_by(tx, found_by)
    await pair_alike(tx, list(alike.values()), by="registry", way="register")
    if waiting:
        log.info("fill_tokens", people=len(waiting))
    return len(waiting)


def _alike(vault: Vault, one: Person, name: str) -> Alike:
    keys = likeness_of(vault, name, one.birth_date, one.township, one.village)
    return Alike(one.id, one.household, one.birth_date, frozenset(keys))


async def _sought(tx: Transaction, term: Term) -> Sought:
    vault = tx.node.vault
    household = vault.blind_index(term.household, purpose=HOUSEHOLD) if term.household else None
    return Sought(
        first=tokens_everywhere(vault, term.first),
        second=tokens_everywhere(vault, term.second) if term.second != term.first else None,
        number=index_number(vault, term.number) if term.number else None,
        home=await households.find_household_id(tx, household) if household else None,
    )


def _is_meant(tx: Transaction, one: ListedPerson | Person, term: Term, sought: Sought) -> bool:
    return one.household == sought.home or term.is_met_by(open_plain(tx.node.vault, one))
