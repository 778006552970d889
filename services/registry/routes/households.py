"""The door to households (户): listed by village, shown with who lives there, entered, corrected, split and joined."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import (
    After,
    Idempotency,
    IfMatch,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    allow,
    answer_once,
    made_at,
    page_of,
)
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.masks import age_band
from libs.common.node import NodeContext
from libs.common.values import Asked, Flag, Label
from services.registry.operations import household_entries, moves, visits
from services.registry.operations.household_entries import Home
from services.registry.operations.sealing import open_field
from services.registry.rules.heads import HEAD
from services.registry.rules.households import ListedHousehold, Resident
from services.registry.rules.masking import mask_fact
from services.registry.rules.wording import WORDS
from services.registry.schemas.households import (
    HouseholdCorrection,
    HouseholdFinding,
    HouseholdShown,
    HouseholdWithResidents,
    Join,
    NewHousehold,
    ResidentShown,
    Split,
)
from services.registry.schemas.list_sheets import HOUSEHOLDS
from services.registry.schemas.visits import HouseholdVisited, NewHouseholdVisit, VisitShown
from services.registry.store import households

router = APIRouter(prefix="/registry/v1/households", tags=["households"])
_MADE = made_at("/registry/v1/households/{id}")


@router.get("", summary="户名册 List households")
async def list_households(
    caller: Annotated[Caller, allow("registry.household.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    township: Annotated[Label | None, Query(description="乡镇")] = None,
    village: Annotated[Label | None, Query(description="村")] = None,
    closed: Annotated[Asked[Flag], Query(description="those that nobody lives in any more")] = False,
) -> Page[HouseholdShown]:
    """Households within the caller's reach in the order of entry, with the head and how many live there."""
    found = await households.list_households(
        tx, township=township, village=village, closed=closed, after=after_id(after, HouseholdShown), limit=limit + 1
    )
    return page_of([_listed(each, tx.node) for each in found], limit, lambda each: each.id)


export_list(router, ".xlsx", list_households, HOUSEHOLDS)


@router.get("/{household}", summary="一户 One household and who lives there")
async def show_household(
    caller: Annotated[Caller, allow("registry.household.show")], tx: Reading, household: UUID
) -> HouseholdWithResidents:
    """Who lives there, masked, what does not fit, and the ETag that a correction needs."""
    return _shown(await household_entries.show_household(tx, household), tx.node)


@router.post("", status_code=201, responses=_MADE, summary="新立户 Enter a household")
async def enter_household(
    caller: Annotated[Caller, allow("registry.household.enter")], tx: Tx, body: NewHousehold, once: Idempotency
) -> HouseholdWithResidents:
    """A number that another household has is a 409 whose `known_as` is that one, where the caller may see it."""

    async def create() -> HouseholdWithResidents:
        on = body.on or tx.node.today()
        facts = (body.number, body.township, body.village)
        made = await household_entries.enter_household(tx, caller, *facts, new_village=body.new_village, on=on)
        return _shown(made, tx.node)

    answer: HouseholdWithResidents = await answer_once(tx, once, create)
    return answer


@router.patch("/{household}", summary="更正 Correct a household")
async def correct_household(
    caller: Annotated[Caller, allow("registry.household.correct")],
    tx: Tx,
    household: UUID,
    body: HouseholdCorrection,
    version: IfMatch,
) -> HouseholdWithResidents:
    """Another number needs a `reason`. Where the household lies elsewhere, its members' township and village follow."""
    said = body.model_dump(exclude_none=True, exclude={"reason", "on"})
    on = body.on or tx.node.today()
    found = await household_entries.correct_household(
        tx, caller, household, said, reason=body.reason, version=version, on=on
    )
    return _shown(found, tx.node)


@router.post(
    "/{household}/splits", status_code=201, responses=_MADE, summary="分户 Members form a household of their own"
)
async def split_household(
    caller: Annotated[Caller, allow("registry.household.split")],
    tx: Tx,
    household: UUID,
    body: Split,
    once: Idempotency,
) -> HouseholdWithResidents:
    """The household that was formed. One that is left by all is closed and stays on record."""

    async def create() -> HouseholdWithResidents:
        made = await moves.split_household(
            tx,
            caller,
            household,
            body.number,
            {each.person: each.kinship for each in body.members},
            place=(body.township, body.village),
            on=body.on or tx.node.today(),
            reason=body.reason,
        )
        return _shown(made, tx.node)

    answer: HouseholdWithResidents = await answer_once(tx, once, create)
    return answer


@router.post("/{household}/joins", summary="并户 Everybody of another household comes in")
async def join_household(
    caller: Annotated[Caller, allow("registry.household.join")], tx: Tx, household: UUID, body: Join
) -> HouseholdWithResidents:
    """The household as it is now; the other one is closed, and its members' history tells of it."""
    kinships = {each.person: each.kinship for each in body.kinships if each.kinship}
    on = body.on or tx.node.today()
    found = await moves.join_household(tx, caller, household, body.household, kinships, on=on, reason=body.reason)
    return _shown(found, tx.node)


@router.post(
    "/{household}/visits",
    status_code=201,
    responses=made_at("/registry/v1/households/{household}"),
    summary="全户走访 Visit a household",
)
async def visit_household(
    caller: Annotated[Caller, allow("registry.visit.record")],
    tx: Tx,
    household: UUID,
    body: NewHouseholdVisit,
    once: Idempotency,
) -> HouseholdVisited:
    """One visit of each who was met, all of them or none. What they said before still holds with `no_change`."""

    async def create() -> HouseholdVisited:
        made = await visits.visit_household(
            tx, caller, household, body.people, body.found, on=body.on, next_visit=body.next_visit
        )
        return HouseholdVisited(household=household, visits=[VisitShown.model_validate(each) for each in made])

    answer: HouseholdVisited = await answer_once(tx, once, create)
    return answer


def _listed(found: ListedHousehold, node: NodeContext) -> HouseholdShown:
    name = open_field(node.vault, "person.name", found.head_sealed)
    told = {name: value for name, value in vars(found).items() if name != "head_sealed"}
    return HouseholdShown(**told, head=mask_fact("name", name) or None)


def _shown(home: Home, node: NodeContext) -> HouseholdWithResidents:
    residents = [_resident(each, node) for each in home.residents]
    head = next((each.name for each in residents if each.kinship == HEAD), None)
    told = {name: value for name, value in vars(home.household).items() if name in HouseholdShown.model_fields}
    findings = [
        HouseholdFinding(code=code, person=person, zh=WORDS[code][0], en=WORDS[code][1])
        for person, code in home.findings
    ]
    return HouseholdWithResidents(**told, head=head, members=len(residents), residents=residents, findings=findings)


def _resident(resident: Resident, node: NodeContext) -> ResidentShown:
    name = open_field(node.vault, "person.name", resident.name_sealed)
    told = {name: value for name, value in vars(resident).items() if name in ResidentShown.model_fields}
    return ResidentShown(**told, name=mask_fact("name", name), age_band=age_band(resident.birth_date, node.today()))
