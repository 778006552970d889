"""The door to names: one person with a purpose and a reference, many with a second officer's approval. No parameter opens another."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Response

from libs.common.api import (
    After,
    ContextOf,
    Idempotency,
    IfMatch,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    allow,
    answer_once,
    etag,
    made_at,
    page_of,
)
from libs.common.exports import HEADER, mark_export
from libs.common.identity import Caller
from libs.common.privacy import Vault
from services.registry.operations import reveals
from services.registry.operations.reveals import Wanted
from services.registry.operations.sealing import open_field
from services.registry.rules.guests import Guest
from services.registry.rules.identification import age_on
from services.registry.rules.people import PersonState
from services.registry.rules.reasons import explain_identification
from services.registry.rules.reveals import RevealRequest
from services.registry.schemas import ReasonShown
from services.registry.schemas.reveals import (
    GuestRevealed,
    LabourerRevealed,
    NewReveals,
    RevealedPeople,
    RevealsShown,
    Why,
    WhyLabourer,
)
from services.registry.settings import RegistrySettings

router = APIRouter(prefix="/registry/v1", tags=["reveals"])


@router.post("/labourers/{person}/reveal", summary="显示一人 Name one person of the register")
async def reveal_labourer(
    caller: Annotated[Caller, allow("registry.labourer.reveal")], tx: Tx, person: UUID, body: WhyLabourer
) -> LabourerRevealed:
    """Name, number, phones and birth date, with the age and the identification on a day; each asking stays on record."""
    day = body.as_of or tx.node.today()
    found = await reveals.reveal_labourer(tx, caller, person, day, purpose=body.purpose, reference=body.reference)
    return _labourer(found, tx.node.vault, day)


@router.post("/labourers/{person}/own", summary="本人查看 What is on record of oneself, in plain")
async def reveal_own(
    caller: Annotated[Caller, allow("registry.labourer.own")], tx: Tx, person: UUID
) -> LabourerRevealed:
    """To the labourer alone, who needs no purpose; that it was looked at is on record as everybody's looking is."""
    today = tx.node.today()
    return _labourer(await reveals.reveal_own(tx, person, today), tx.node.vault, today)


@router.post("/guests/{guest}/reveal", summary="显示来人 Name one guest")
async def reveal_guest(
    caller: Annotated[Caller, allow("registry.guest.reveal")], tx: Tx, guest: UUID, body: Why
) -> GuestRevealed:
    """Name and phone, to officers also the number and the birth date; each asking stays on record."""
    found = await reveals.reveal_guest(tx, caller, guest, purpose=body.purpose, reference=body.reference)
    return _guest(found, tx.node.vault, caller)


@router.post(
    "/reveals",
    status_code=201,
    responses=made_at("/registry/v1/reveals/{id}"),
    summary="批量申请 Ask for many names at once",
)
async def request_reveals(
    caller: Annotated[Caller, allow("registry.reveal.request")],
    tx: Tx,
    context: ContextOf,
    once: Idempotency,
    body: NewReveals,
) -> RevealsShown:
    """Some people by id, or everybody of a township or with a verdict. Told are their names after a second officer's approval alone."""
    wanted = Wanted(body.purpose, body.reference, body.as_of or tx.node.today(), body.ids, body.township, body.labourer)

    async def create() -> RevealsShown:
        made = await reveals.request_reveals(tx, caller, wanted, cast(RegistrySettings, context.settings).reveal_people)
        return _shown(made, tx.node.clock.now())

    answer: RevealsShown = await answer_once(tx, once, create)
    return answer


@router.get("/reveals", summary="批量申请清单 List requests for many names")
async def list_reveals(
    caller: Annotated[Caller, allow("registry.reveal.list")], tx: Reading, after: After = None, limit: Limit = 50
) -> Page[RevealsShown]:
    """Who asked for how many people and for what, in the order of entry; nobody's name."""
    found = await reveals.list_reveals(tx, caller, after=after_id(after, RevealsShown), limit=limit + 1)
    return page_of([_shown(each, tx.node.clock.now()) for each in found], limit, lambda each: each.id)


@router.get("/reveals/{number}", summary="一项批量申请 One request for many names")
async def show_reveals(
    caller: Annotated[Caller, allow("registry.reveal.show")], tx: Reading, number: UUID, response: Response
) -> RevealsShown:
    """How it stands, and the ETag that an approval needs."""
    request = await reveals.show_reveals(tx, caller, number)
    response.headers["ETag"] = etag(request.version)
    return _shown(request, tx.node.clock.now())


@router.post("/reveals/{number}/approve", summary="批准 Approve a request for many names")
async def approve_reveals(
    caller: Annotated[Caller, allow("registry.reveal.approve")],
    tx: Tx,
    context: ContextOf,
    number: UUID,
    version: IfMatch,
    response: Response,
) -> RevealsShown:
    """By an officer of the whole county who did not ask. Whoever asked has some hours to collect them, once."""
    lifetime = timedelta(hours=cast(RegistrySettings, context.settings).reveal_hours)
    request = await reveals.approve_reveals(tx, caller, number, version=version, lifetime=lifetime)
    response.headers["ETag"] = etag(request.version)
    return _shown(request, tx.node.clock.now())


@router.post("/reveals/{number}/collect", summary="领取 Collect the names of an approved request")
async def collect_reveals(
    caller: Annotated[Caller, allow("registry.reveal.collect")], tx: Tx, number: UUID, response: Response
) -> RevealedPeople:
    """To whoever asked, once, until the approval expires; then 410. Whoever saves the answer saves the mark of this export with it."""
    request, people = await reveals.collect_reveals(tx, caller, number)
    mark = mark_export(
        tx,
        caller,
        "registry.reveals",
        len(people),
        purpose=request.purpose,
        request=request.id,
        reference=request.reference,
        as_of=request.as_of,
    )
    response.headers[HEADER] = str(mark.export)
    return RevealedPeople(
        id=request.id, mark=mark, items=[_labourer(each, tx.node.vault, request.as_of) for each in people]
    )


def _labourer(person: PersonState, vault: Vault, day: date) -> LabourerRevealed:
    reasons = explain_identification(person.birth_date, person.ability, person.pupil, day)
    named = {
        name: open_field(vault, f"person.{name}", getattr(person, f"{name}_sealed")) or None
        for name in ("name", "number", "phone", "household_phone")
    }
    return LabourerRevealed.model_validate(
        {
            **named,
            "id": person.id,
            "birth_date": person.birth_date,
            "fellows": person.fellows,
            "as_of": day,
            "age": age_on(person.birth_date, day),
            "labourer_on_day": all(reason.holds for reason in reasons),
            "identification": [ReasonShown.model_validate(reason) for reason in reasons],
        }
    )


def _guest(guest: Guest, vault: Vault, caller: Caller) -> GuestRevealed:
    named = {
        name: open_field(vault, f"guest.{name}", getattr(guest, f"{name}_sealed")) or None
        for name in ("name", "number", "phone")
    }
    known = {"birth_date": guest.birth_date, **named}
    told = {name: known[name] if name in reveals.guest_fields(caller) else None for name in known}
    return GuestRevealed.model_validate({"id": guest.id, **told})


def _shown(request: RevealRequest, now: datetime) -> RevealsShown:
    state = "expired" if request.expired(now) else request.state
    return RevealsShown.model_validate(vars(request) | {"state": state, "people": len(request.persons)})
