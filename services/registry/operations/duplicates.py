"""Is somebody in the register already (查重)? Asked over the whole county, told as far as the caller reaches."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from services.registry.operations.same_person import find_alike
from services.registry.operations.sealing import index_number
from services.registry.operations.search_tokens import likeness_of
from services.registry.rules.duplicates import Likeness, refuse_taken
from services.registry.rules.same_person import Alike
from services.registry.store import people

# Nobody has this id, and no household.
_NOBODY = UUID(int=0)


async def check_number_free(tx: Transaction, number: str, *, but: UUID | None = None) -> None:
    """Refuse the number of another person; widens the reach, and tells no more than the caller's own."""
    index = index_number(tx.node.vault, number)
    seen = await people.list_people_by_numbers(tx, [index])
    await tx.widen()
    known = seen or await people.list_people_by_numbers(tx, [index])
    if any(each.id != but or each.number_index != index for each in known.values()):
        raise refuse_taken(next((each.id for each in seen.values()), None))


async def find_likeness(
    tx: Transaction, number: str, birth: date, name: str, township: str, village: str, household: UUID = _NOBODY
) -> Likeness:
    """Who has the number; else who is perhaps the same by the rules of every way in.

    Widens the reach, and tells no more than the caller's own.
    """
    index, reach = index_number(tx.node.vault, number), tx.reach
    own = await people.list_people_by_numbers(tx, [index])
    await tx.widen()
    if known := own or await people.list_people_by_numbers(tx, [index]):
        return Likeness(True, next((each.id for each in known.values() if own), None))
    keys = frozenset(likeness_of(tx.node.vault, name, birth, township, village))
    alike = await find_alike(tx, Alike(_NOBODY, household, birth, keys))
    seen = await people.list_ids_within(tx, {each.id for each in alike}, reach)
    shown = [each for each in alike if each.id in seen]
    return Likeness(candidates=shown, elsewhere=len(alike) - len(shown))
