"""A certificate that somebody was given (证书) stands in what is known of the person, with who has told it, so that matching sees it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people
from services.registry.operations.visits import wish_stated
from services.registry.operations.wishes import state_wishes
from services.registry.rules.changes import Origin
from services.registry.store import people


async def note_certificate(tx: Transaction, one: UUID, certificate: str, by: str, on: date) -> None:
    """In the newest wish, on its own day: nobody was visited. Of whoever has said nothing yet it stands in the application alone."""
    person = await people.lock_person(tx, one)
    before = await people.get_person(tx, person.id)
    facts = before.facts
    known = list((facts or {}).get("certificates") or [])
    if facts is None or before.said_on is None or certificate in known or person.left_on is not None:
        return
    said = {**facts, "certificates": [*known, certificate]}
    await state_wishes(tx, [wish_stated(before, said, None, before.said_on)], Origin(by, "event"))
    await announce_people(tx, [person.id], on)
    log.info("note_certificate", person=str(person.id), certificate=certificate)
