"""Households (户): those of a file settled, and their points worked out anew when somebody in them is other than before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.problems import refuse_field, said_in_both
from services.registry.operations.sealing import HOUSEHOLD
from services.registry.rules import household_burden
from services.registry.rules.heads import HEAD
from services.registry.rules.households import Household
from services.registry.rules.report import PersonRow
from services.registry.rules.wording import WORDS
from services.registry.store import households, people


async def settle_households(tx: Transaction, rows: Sequence[PersonRow], as_of: date, batch: UUID) -> dict[str, UUID]:
    """Household number -> id; a household lies where its first row says."""
    vault = tx.node.vault
    first: dict[str, PersonRow] = {}
    for row in rows:
        first.setdefault(row.household_no, row)
    indexes = {number: vault.blind_index(number, purpose=HOUSEHOLD) for number in first}
    given = [
        Household(
            id=new_id(),
            number_sealed=vault.encrypt(number, context=HOUSEHOLD),
            number_index=indexes[number],
            township=row.township,
            village=row.village,
            burden=0,
            as_of=as_of,
            batch=batch,
        )
        for number, row in first.items()
    ]
    ids = await households.insert_households_if_absent(tx, given)
    return {number: ids[index] for number, index in indexes.items()}


async def weigh_households(tx: Transaction, homes: Collection[UUID], as_of: date) -> list[UUID]:
    """Work out each household's points anew; answers the members of those whose points are others than before."""
    members = await households.list_members(tx, homes)
    burdens = {home: household_burden(each, as_of) for home, each in members.items()}
    changed = await households.update_burdens(tx, burdens, as_of)
    return await people.list_ids_in_households(tx, changed) if changed else []


async def check_single_head(tx: Transaction, home: UUID, but: Collection[UUID]) -> None:
    """Refuse a second head of a household; those who are said to be it themselves do not count."""
    kin = await households.list_kin(tx, home)
    if any(each.kinship == HEAD for each in kin if each.key not in but):
        raise refuse_field("/kinship", "head_multiple", said_in_both(*WORDS["head_multiple"]))


async def close_empty(tx: Transaction, left: Collection[UUID], on: date) -> None:
    """Whatever nobody lives in any more; its row stays, and so does its number."""
    for home in sorted(left):
        if not await people.list_ids_in_households(tx, [home]):
            found = (await households.lock_households(tx, [home]))[home]
            await households.update_household(tx, replace(found, closed_on=found.closed_on or on))


async def reopen(tx: Transaction, home: UUID) -> None:
    """Somebody has come back to it."""
    await households.update_reopened(tx, [home])
