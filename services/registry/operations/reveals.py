"""Reveal (显示): name one person to whoever says for what, or many when a second officer has approved; nothing else shows a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import Conflict, Forbidden, Gone, Invalid
from libs.common.telemetry import log
from services.registry.operations import labourers
from services.registry.rules.guests import Guest
from services.registry.rules.listing import Filters
from services.registry.rules.people import ListedPerson, PersonState
from services.registry.rules.reveals import RevealRequest
from services.registry.store import guests, people, reveals
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
) -> PersonState:
    """One person of the register in plain; 404 when there is none whom the caller may see."""
    person = await people.get_person(tx, one, as_of)
    tx.trail.note(purpose=purpose, reference=reference, persons=[one], fields=LABOURER_FIELDS)
    log.info("reveal_labourer", caller=caller.subject, purpose=purpose, person=str(one))
    return person


async def reveal_own(tx: Transaction, one: UUID, as_of: date) -> PersonState:
    """Oneself in plain: whoever asks is the person."""
    person = await people.get_person(tx, one, as_of)
    tx.trail.note(persons=[one], fields=LABOURER_FIELDS)
    return person


async def reveal_guest(tx: Transaction, caller: Caller, one: UUID, *, purpose: str, reference: str) -> Guest:
    """One guest in plain; to whoever may not see this one, there is none."""
    guest = await guests.get_guest(tx, one)
    tx.trail.note(purpose=purpose, reference=reference, persons=[one], fields=guest_fields(caller))
    log.info("reveal_guest", caller=caller.subject, purpose=purpose, guest=str(one))
    return guest


def guest_fields(caller: Caller) -> tuple[str, ...]:
    """An employer is told the name and the phone of whoever was introduced to it."""
    return ("name", "phone", "number", "birth_date") if "number" in caller.fields else ("name", "phone")


async def request_reveals(tx: Transaction, caller: Caller, wanted: Wanted, limit: int) -> RevealRequest:
    """Ask for many at once. Who they are is settled here, so that a second officer approves just them."""
    persons = await _people_of(tx, wanted, limit)
    request = RevealRequest(
        id=new_id(),
        purpose=wanted.purpose,
        reference=wanted.reference,
        as_of=wanted.as_of,
        persons=persons,
        requested_by=caller.subject,
        requested_at=tx.node.clock.now(),
    )
    await reveals.insert_reveals(tx, request)
    tx.trail.note(purpose=wanted.purpose, reference=wanted.reference, people=len(persons))
    log.info("request_reveals", caller=caller.subject, purpose=wanted.purpose, people=len(persons))
    return request


async def _people_of(tx: Transaction, wanted: Wanted, limit: int) -> list[UUID]:
    if wanted.ids is None:
        found: Sequence[ListedPerson] = await labourers.list_labourers(
            tx, wanted.as_of, Filters(township=wanted.township, labourer=wanted.labourer), limit=limit + 1
        )
    else:
        found = await people.list_people_by_id(tx, wanted.ids[: limit + 1], wanted.as_of)
        _check_all_seen(wanted.ids[: limit + 1], found)
    if len(found) > limit:
        raise TooMany(f"一次最多 {limit} 人 At most {limit} people at once.")
    if not found:
        raise Nobody()
    return [each.id for each in found]


def _check_all_seen(ids: Sequence[UUID], found: Sequence[ListedPerson]) -> None:
    """Somebody who is not there, or not to this caller, is named instead of left out in silence."""
    missing = set(ids) - {each.id for each in found}
    if missing:
        raise PersonNotFound(str(min(missing)))


async def show_reveals(tx: Transaction, caller: Caller, one: UUID) -> RevealRequest:
    """One request; a cadre sees the own ones."""
    return _seen(caller, await reveals.get_reveals(tx, one))


async def list_reveals(tx: Transaction, caller: Caller, *, after: UUID | None, limit: int) -> list[RevealRequest]:
    """Requests in the order of entry; a cadre sees the own ones."""
    return await reveals.list_reveals(
        tx, requested_by=caller.subject if caller.reach.kind != "node" else None, after=after, limit=limit
    )


async def approve_reveals(
    tx: Transaction, caller: Caller, one: UUID, *, version: Versions | int, lifetime: timedelta
) -> RevealRequest:
    """A second officer of the whole county says yes; from then on it can be collected for some hours."""
    request = await reveals.lock_reveals(tx, one)
    if request.requested_by == caller.subject:
        raise SecondOfficerNeeded("申请人不能批准自己的申请 Nobody approves the own request.")
    check_version(version, request.version)
    if request.state != "requested":
        raise AlreadyDecided(str(one))
    now = tx.node.clock.now()
    log.info("approve_reveals", caller=caller.subject, request=str(one))
    approved = replace(
        request, state="approved", approved_by=caller.subject, approved_at=now, expires_at=now + lifetime
    )
    return await reveals.update_reveals(tx, approved)


async def collect_reveals(tx: Transaction, caller: Caller, one: UUID) -> tuple[RevealRequest, list[PersonState]]:
    """The people of an approved request in plain, to whoever asked for them, once."""
    request = await reveals.lock_reveals(tx, one)
    if request.requested_by != caller.subject:
        raise RevealsNotFound(str(one))
    now = tx.node.clock.now()
    _check_open(request, now)
    found = await people.list_people_by_id(tx, request.persons, request.as_of)
    collected = await reveals.update_reveals(tx, replace(request, state="collected", collected_at=now))
    tx.trail.note(
        purpose=request.purpose,
        reference=request.reference,
        persons=[each.id for each in found],
        fields=LABOURER_FIELDS,
    )
    log.info("collect_reveals", caller=caller.subject, purpose=request.purpose, people=len(found))
    return collected, found


def _check_open(request: RevealRequest, now: datetime) -> None:
    if request.state == "requested":
        raise NotApproved("请另一位经办人员先批准 A second officer has to approve it first.")
    if request.state == "collected":
        raise Gone("已领取，需要时请重新申请 Collected already; make another request if need be.")
    if request.expired(now):
        raise Gone("批准已过期，请重新申请 The approval has expired; make another request.")


def _seen(caller: Caller, request: RevealRequest) -> RevealRequest:
    if caller.reach.kind != "node" and request.requested_by != caller.subject:
        raise RevealsNotFound(str(request.id))
    return request
