"""Is somebody in the register already (查重)? Asked over the whole county, told as far as the caller reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.privacy import Vault
from libs.common.sheets.text import tidy_name
from services.registry.operations.sealing import NAME, index_number, open_field
from services.registry.rules.across import is_nearly_equal
from services.registry.rules.duplicates import Likeness, refuse_taken
from services.registry.rules.people import Person
from services.registry.store import people


async def check_number_free(tx: Transaction, number: str, *, but: UUID | None = None) -> None:
    """Refuse the number of another person; widens the reach, and tells no more than the caller's own."""
    index = index_number(tx.node.vault, number)
    seen = await people.list_people_by_numbers(tx, [index])
    await tx.widen()
    known = seen or await people.list_people_by_numbers(tx, [index])
    if any(each.id != but for each in known.values()):
        raise refuse_taken(next((each.id for each in seen.values()), None))


async def find_likeness(tx: Transaction, number: str, birth: date, name: str, township: str, village: str) -> Likeness:
    """Who has the number; else who was born on that day and has the same name, or nearly the same in the same village.

    Widens the reach, and tells no more than the caller's own.
    """
    index, seen = index_number(tx.node.vault, number), {each.id for each in await people.list_born_on(tx, birth)}
    own = await people.list_people_by_numbers(tx, [index])
    await tx.widen()
    if known := own or await people.list_people_by_numbers(tx, [index]):
        return Likeness(True, next((each.id for each in known.values() if own), None))
    alike = _alike(tx.node.vault, await people.list_born_on(tx, birth), tidy_name(name), (township, village))
    shown = [each for each in alike if each.id in seen]
    return Likeness(candidates=shown, elsewhere=len(alike) - len(shown))


def _alike(vault: Vault, born: Sequence[Person], name: str, place: tuple[str, str]) -> list[Person]:
    index = vault.blind_index(name, purpose=NAME)
    return [
        each
        for each in born
        if each.name_index == index or ((each.township, each.village) == place and _is_called(vault, each, name))
    ]


def _is_called(vault: Vault, person: Person, name: str) -> bool:
    known = open_field(vault, "person.name", person.name_sealed)
    return len(known) == len(name) and is_nearly_equal(known, name)
