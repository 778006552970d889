"""Signatures (签收) in the database: whoever writes of a township's people holds its part, and a signature waits for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import exists, insert, select, text, update

from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of
from services.registry.rules.round_signatures import WHOLE, RoundSignature, SignedVillage
from services.registry.tables import round_person, round_signature

_COLUMNS = columns_of(round_signature, RoundSignature)
_ALONE = text("SELECT pg_advisory_xact_lock(registry.round_part(:round, :township))")
_TELL = text("SELECT registry.note_people(:people)")
_CATCH_UP = text("""
SELECT registry.note_people(ARRAY(
  SELECT id FROM person WHERE township = :township UNION SELECT person FROM round_person WHERE round = :round AND township = :township
))
""")


async def lock_part(tx: Transaction, one: UUID, township: str) -> None:
    """Nobody writes of this township's people meanwhile; of the whole, of anybody."""
    await tx.execute(_ALONE, {"round": one, "township": township})


async def insert_signature(tx: Transaction, given: RoundSignature) -> None:
    await tx.execute(
        insert(round_signature).values(vars(given) | {"figures": [asdict(each) for each in given.figures]})
    )


async def find_signed(tx: Transaction, one: UUID, township: str) -> bool:
    """Whether a signature stands for the township."""
    same = round_signature.c.round == one, round_signature.c.township == township
    return bool((await tx.execute(select(exists().where(*same, _STANDS)))).scalar_one())


_STANDS = round_signature.c.taken_back_at.is_(None)


async def list_signatures(tx: Transaction, one: UUID) -> list[RoundSignature]:
    """Also those that were taken back, in their order."""
    query = select(*_COLUMNS).where(round_signature.c.round == one).order_by(round_signature.c.id)
    return [_signature(row._mapping) for row in await tx.execute(query)]


async def find_standing(tx: Transaction, one: UUID, township: str = WHOLE) -> RoundSignature | None:
    """The one that holds for a township, or for the whole."""
    same = round_signature.c.round == one, round_signature.c.township == township, _STANDS
    row = (await tx.execute(select(*_COLUMNS).where(*same))).one_or_none()
    return None if row is None else _signature(row._mapping)


def _signature(row: Mapping[Any, Any]) -> RoundSignature:
    return RoundSignature(**{**row, "figures": [SignedVillage(**each) for each in row["figures"]]})


async def update_taken_back(tx: Transaction, given: RoundSignature) -> None:
    told = {name: getattr(given, name) for name in ("taken_back_by", "taken_back_at", "taken_back_reason")}
    await tx.execute(update(round_signature).where(round_signature.c.id == given.id).values(told))


async def update_caught_up(tx: Transaction, one: UUID, township: str) -> None:
    """The part stands as if it had never been signed."""
    await tx.execute(_CATCH_UP, {"round": one, "township": township})


async def update_told(tx: Transaction, people: Collection[UUID]) -> None:
    """Phones hear that nobody waits for these people any more."""
    await tx.execute(_TELL, {"people": list(people)})


async def list_open(tx: Transaction, one: UUID, township: str) -> dict[UUID, str | None]:
    """Whom nobody has settled there, with why as far as somebody has said it."""
    wanted = round_person.c.round == one, round_person.c.township == township, round_person.c.state == "open"
    query = select(round_person.c.person, round_person.c.reason).where(*wanted).order_by(round_person.c.person)
    return {row.person: row.reason for row in await tx.execute(query)}


async def update_reasons(tx: Transaction, one: UUID, people: Collection[UUID], reason: str | None) -> None:
    """Why nobody has settled these people."""
    wanted = round_person.c.round == one, among(round_person.c.person, people)
    await tx.execute(update(round_person).where(*wanted).values(reason=reason))
