"""Reveal (显示): name one person to whoever says for what, or many when a second officer has approved; nothing else shows a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import Conflict, Forbidden, Gone, Invalid
from libs.common.telemetry import log
from services.registry.operations import guests, labourers
from services.registry.store import people, reveals
from services.registry.store.people import PersonNotFound
from services.registry.store.reveals import RevealsNotFound

LABOURER_FIELDS = ("name", "number", "phone", "household_phone", "birth_date", "fellows")


class TooMany(Invalid):
    title = "申请人数超过上限 More people than may be named at once"


class Nobody(Invalid):
    title = "没有符合条件的人 Nobody to name"


class SecondOfficerNeeded(Forbidden):
    title = "须由另一位经办人员批准 A second officer approves"


class NotApproved(Conflict):
    title = "尚未批准 Not approved yet"


class AlreadyDecided(Conflict):
    title = "已批准 Approved already"


@dataclass(frozen=True)
class Wanted:
    """Whom somebody wants named at once: by id, or everybody of a township or with a verdict; and why."""

    purpose: str
    reference: str
    as_of: date
    ids: Sequence[UUID] | None = None
    township: str | None = None
    labourer: bool | None = None


async def reveal_labourer(
    tx: Transaction, caller: Caller, one: UUID, as_of: date, *, purpose: str, reference: str
) -> Row[Any]:
    """One person of the register in plain; 404 when there is none whom the caller may see."""
    row = await labourers.show_labourer(tx, one, as_of)
    tx.trail.note(purpose=purpose, reference=reference, persons=[one], fields=LABOURER_FIELDS)
    log.info("reveal_labourer", caller=caller.subject, purpose=purpose, person=str(one))
    return row


async def reveal_guest(tx: Transaction, caller: Caller, one: UUID, *, purpose: str, reference: str) -> Row[Any]:
    """One guest in plain; to whoever may not see this one, there is none."""
    row = await guests.show_guest(tx, one)
    tx.trail.note(purpose=purpose, reference=reference, persons=[one], fields=guest_fields(caller))
    log.info("reveal_guest", caller=caller.subject, purpose=purpose, guest=str(one))
    return row


def guest_fields(caller: Caller) -> tuple[str, ...]:
    """An employer is told the name and the phone of whoever was introduced to it."""
    return ("name", "phone", "number", "birth_date") if "number" in caller.fields else ("name", "phone")


async def request_reveals(tx: Transaction, caller: Caller, wanted: Wanted, limit: int) -> Row[Any]:
    """Ask for many at once. Who they are is settled here, so that a second officer approves just them."""
    persons = await _people_of(tx, wanted, limit)
    row = await reveals.insert_reveals(
        tx,
        {
            "id": new_id(),
            "purpose": wanted.purpose,
            "reference": wanted.reference,
            "as_of": wanted.as_of,
            "persons": persons,
            "state": "requested",
            "requested_by": caller.subject,
            "requested_at": tx.node.clock.now(),
        },
    )
    tx.trail.note(purpose=wanted.purpose, reference=wanted.reference, people=len(persons))
    log.info("request_reveals", caller=caller.subject, purpose=wanted.purpose, people=len(persons))
    return row


async def _people_of(tx: Transaction, wanted: Wanted, limit: int) -> list[UUID]:
    if wanted.ids is None:
        rows = await labourers.list_labourers(
            tx, wanted.as_of, township=wanted.township, labourer=wanted.labourer, limit=limit + 1
        )
    else:
        rows = await people.states_of(tx, wanted.ids[: limit + 1], wanted.as_of)
        _check_all_seen(wanted.ids[: limit + 1], rows)
    if len(rows) > limit:
        raise TooMany(f"一次最多 {limit} 人 At most {limit} people at once.")
    if not rows:
        raise Nobody()
    return [row.id for row in rows]


def _check_all_seen(ids: Sequence[UUID], rows: Sequence[Row[Any]]) -> None:
    """Somebody who is not there, or not to this caller, is named instead of left out in silence."""
    missing = set(ids) - {row.id for row in rows}
    if missing:
        raise PersonNotFound(str(min(missing)))


async def show_reveals(tx: Transaction, caller: Caller, one: UUID) -> Row[Any]:
    """One request; a cadre sees the own ones."""
    return _seen(caller, await reveals.get_reveals(tx, one))


async def list_reveals(tx: Transaction, caller: Caller, *, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Requests in the order of entry; a cadre sees the own ones."""
    return await reveals.list_reveals(
        tx, requested_by=caller.subject if caller.reach.kind != "node" else None, after=after, limit=limit
    )


async def approve_reveals(
    tx: Transaction, caller: Caller, one: UUID, *, version: Versions | int, lifetime: timedelta
) -> Row[Any]:
    """A second officer of the whole county says yes; from then on it can be collected for some hours."""
    row = await reveals.lock_reveals(tx, one)
    if row.requested_by == caller.subject:
        raise SecondOfficerNeeded("申请人不能批准自己的申请 Nobody approves the own request.")
    check_version(version, row.version)
    if row.state != "requested":
        raise AlreadyDecided(str(one))
    now = tx.node.clock.now()
    log.info("approve_reveals", caller=caller.subject, request=str(one))
    return await reveals.update_reveals(
        tx, one, state="approved", approved_by=caller.subject, approved_at=now, expires_at=now + lifetime
    )


async def collect_reveals(tx: Transaction, caller: Caller, one: UUID) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """The people of an approved request in plain, to whoever asked for them, once."""
    row = await reveals.lock_reveals(tx, one)
    if row.requested_by != caller.subject:
        raise RevealsNotFound(str(one))
    _check_open(row, tx)
    found = await people.states_of(tx, row.persons, row.as_of)
    collected = await reveals.update_reveals(tx, one, state="collected", collected_at=tx.node.clock.now())
    tx.trail.note(
        purpose=row.purpose, reference=row.reference, persons=[each.id for each in found], fields=LABOURER_FIELDS
    )
    log.info("collect_reveals", caller=caller.subject, purpose=row.purpose, people=len(found))
    return collected, found


def _check_open(row: Row[Any], tx: Transaction) -> None:
    if row.state == "requested":
        raise NotApproved("请另一位经办人员先批准 A second officer has to approve it first.")
    if row.state == "collected":
        raise Gone("已领取，需要时请重新申请 Collected already; make another request if need be.")
    if row.expires_at <= tx.node.clock.now():
        raise Gone("批准已过期，请重新申请 The approval has expired; make another request.")


def _seen(caller: Caller, row: Row[Any]) -> Row[Any]:
    if caller.reach.kind != "node" and row.requested_by != caller.subject:
        raise RevealsNotFound(str(row.id))
    return row
