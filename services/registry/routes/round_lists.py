"""The door to the lists of a round (轮次名单): who is still open, and who is settled with one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.masks import year_end
from libs.common.values import Asked, Flag, Label
from services.registry.operations import rounds
from services.registry.routes.labourers import show_masked
from services.registry.rules.round_lists import RoundFilters, RoundPerson
from services.registry.rules.rounds import Round, Standing
from services.registry.schemas import LabourerShown
from services.registry.schemas.round_sheets import ROUND_LIST
from services.registry.schemas.rounds import ListedShown, OpenBecause, StandsShown, Unchanged
from services.registry.store import people, round_lists, work_checks
from services.registry.store import rounds as store

router = APIRouter(prefix="/registry/v1/rounds/{round}/labourers", tags=["rounds"])
waiting = APIRouter(prefix="/registry/v1/round-visits", tags=["rounds"])
_OF_PERSON = ("household", "name", "sex", "age_band", "kinship", "phone", "employed", "work_place", "willing")


async def filters_of(
    caller: Annotated[Caller, allow("registry.round.list_labourers")],
    state: Annotated[Standing | None, Query(description="open, settled, left")] = None,
    township: Annotated[Label | None, Query(description="乡镇")] = None,
    village: Annotated[Label | None, Query(description="村")] = None,
    cadre: Annotated[Label | None, Query(description="the villages that this cadre has, by login")] = None,
    mine: Annotated[Asked[Flag], Query(description="the villages that the caller has")] = False,
) -> RoundFilters:
    return RoundFilters(state=state, township=township, village=village, cadre=caller.subject if mine else cadre)


@router.get("", summary="轮次名单 Who is on the list of a round")
async def list_round_labourers(
    caller: Annotated[Caller, allow("registry.round.list_labourers")],
    tx: Reading,
    round: UUID,
    filters: Annotated[RoundFilters, Depends(filters_of)],
    after: After = None,
    limit: Limit = 50,
) -> Page[ListedShown]:
    """By township and village, as a cadre goes; also who has left the list, with how. Masked as every list is."""
    of = await store.get_round(tx, round)
    position = after_id(after, ListedShown)
    found = await round_lists.list_round_people(tx, round, filters, after=position, limit=limit + 1)
    return page_of(await _shown(tx, of, found), limit, lambda each: each.person)


export_list(router, ".xlsx", list_round_labourers, ROUND_LIST)


@waiting.get("", summary="待走访 Whom a quarter's round still waits for")
async def list_waiting(
    caller: Annotated[Caller, allow("registry.round.list_labourers")],
    tx: Reading,
    filters: Annotated[RoundFilters, Depends(filters_of)],
    after: After = None,
    limit: Limit = 50,
) -> Page[ListedShown]:
    """Of the newest round of a quarter that is not signed, as its list with `state` open; nobody where there is none."""
    found = await store.find_quarter(tx)
    if found is None:
        return Page(items=[])
    return await list_round_labourers(caller, tx, found.id, replace(filters, state="open"), after, limit)


export_list(waiting, ".xlsx", list_waiting, ROUND_LIST)


@router.post("/{person}/no-change", summary="无变化 Nothing new: settled with one press")
async def settle_unchanged(
    caller: Annotated[Caller, allow("registry.visit.record")], tx: Tx, round: UUID, person: UUID, body: Unchanged
) -> StandsShown:
    """A visit of that day that found nothing new; what was said before still holds. Pressed twice, it counts once."""
    stands = await rounds.settle_unchanged(tx, caller, round, person, body.on or tx.node.today())
    return StandsShown.model_validate(stands)


@router.put("/{person}/reason", summary="未走访原因 Why nobody has settled this person")
async def give_reason(
    caller: Annotated[Caller, allow("registry.visit.record")], tx: Tx, round: UUID, person: UUID, body: OpenBecause
) -> StandsShown:
    """Kept with the person until a visit settles them; whoever signs has it already. 409 where nobody waits."""
    return StandsShown.model_validate(await rounds.give_reason(tx, caller, round, person, body.reason))


async def _shown(tx: Transaction, of: Round, found: Sequence[RoundPerson]) -> list[ListedShown]:
    """Whoever has moved on may be beyond the caller's reach: then the list says no more than that."""
    today = tx.node.today()
    ids = [each.person for each in found]
    answered = await work_checks.list_answered_before(tx, ids, of.period) if of.kind == "month" else set()
    known = await people.list_people_by_id(tx, ids)
    masked = {each.id: show_masked(each, tx.node.vault, today, year_end(today)) for each in known}
    return [_listed(each, masked.get(each.person), as_last=each.person in answered) for each in found]


def _listed(stands: RoundPerson, shown: LabourerShown | None, *, as_last: bool) -> ListedShown:
    told = {name: getattr(shown, name, None) for name in _OF_PERSON}
    return ListedShown(**vars(stands), **told, as_last=as_last)
