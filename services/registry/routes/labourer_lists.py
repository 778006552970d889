"""The door to lists of people, masked: the register filtered, counted, and searched without a list being opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Strict, StringConstraints

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.masks import year_end
from libs.common.problems import refuse_field
from libs.common.values import Asked, Day, Flag, Kind, Label
from services.registry.operations import labourers
from services.registry.operations.searching import search_labourers
from services.registry.routes.callers import AsOf
from services.registry.routes.labourers import show_masked
from services.registry.rules.listing import Filters, Group, Sort, Willing
from services.registry.rules.people import ListedPerson
from services.registry.rules.search import Term, read_term
from services.registry.schemas import LabourerShown
from services.registry.schemas.list_sheets import LABOURERS
from services.registry.schemas.searches import LabourersCounted, Search, SearchIndexShown
from services.registry.store import search_index

_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
Ids = Annotated[str, Strict(), StringConstraints(pattern=f"^{_ID}(,{_ID}){{0,99}}$", max_length=3699), Kind("ids")]

router = APIRouter(prefix="/registry/v1", tags=["labourers"])


async def filters_of(
    township: Annotated[Label | None, Query(description="乡镇")] = None,
    village: Annotated[Label | None, Query(description="村")] = None,
    labourer: Annotated[Asked[Flag] | None, Query(description="labourers by the verdict shown, or the others")] = None,
    employed: Annotated[Asked[Flag] | None, Query(description="in work on that day, or not")] = None,
    willing: Annotated[
        Willing | None, Query(description="意愿 said at the last visit before that day; none: nothing was said yet")
    ] = None,
    visited_before: Annotated[
        Day | None, Query(description="last visited before this day, or never: whom this quarter has not seen")
    ] = None,
    no_phone: Annotated[Asked[Flag] | None, Query(description="neither an own phone nor one of the household")] = None,
    group: Annotated[
        Group | None,
        Query(
            description="one of the reserve groups, or 零转移就业家庭 as computed on that day by rule zero-transfer-1"
        ),
    ] = None,
    household: Annotated[UUID | None, Query(description="one household by its id")] = None,
    ids: Annotated[
        Ids | None, Query(description="these people alone, by their ids with commas between, at most 100")
    ] = None,
    leaver: Annotated[
        Asked[Flag] | None,
        Query(description="两后生 by the rule of that day, judged at the quarter's end, or all others"),
    ] = None,
    departed: Annotated[
        Asked[Flag], Query(description="减员: those who have left by that day, and nobody else")
    ] = False,
) -> Filters:
    return Filters(
        township=township,
        village=village,
        labourer=labourer,
        employed=employed,
        willing=willing,
        visited_before=visited_before,
        no_phone=no_phone,
        group=group,
        household=household,
        ids=None if ids is None else tuple(map(UUID, ids.split(","))),
        departed=departed,
        leaver=leaver,
    )


Filtered = Annotated[Filters, Depends(filters_of)]


@router.get("/labourers", summary="人员名册 List the people of the register")
async def list_labourers(
    caller: Annotated[Caller, allow("registry.labourer.list")],
    tx: Reading,
    trail: Tx,
    filters: Filtered,
    q: Annotated[
        Label | None, Query(description="part of a name, its pinyin or initials; the last digits of a number or phone")
    ] = None,
    sort: Annotated[
        Sort, Query(description="entry; place: township and village; visited: who was visited longest ago first")
    ] = "entry",
    after: After = None,
    limit: Limit = 50,
    as_of: AsOf = None,
) -> Page[LabourerShown]:
    """Everybody in the register whom the caller may see and who meets all that is asked for; a cadre sees the own township.

    Whole numbers and phones are searched for by `POST …/searches`, for addresses stand in logs. A search stays on record. There is no
    order by name: names are kept unreadable, and an order of them would be a key to them.
    """
    day, position = as_of or tx.node.today(), after_id(after, LabourerShown)
    asked = filters if sort == "entry" else Filters(**vars(filters) | {"sort": sort})
    if q is None:
        found = await labourers.list_labourers(tx, day, asked, after=position, limit=limit + 1)
        return _page(tx, found, limit)
    term = _of_address(read_term(q))
    found = await search_labourers(trail, day, term, asked, after=position, limit=limit + 1)
    return _remembered(trail, found, limit, term)


export_list(router, "/labourers.xlsx", list_labourers, LABOURERS)


@router.get("/labourers/counts", summary="人数 How many people there are")
async def count_labourers(
    caller: Annotated[Caller, allow("registry.labourer.list")], tx: Reading, filters: Filtered, as_of: AsOf = None
) -> LabourersCounted:
    """How many a list with the same filters holds, counted without showing anybody."""
    day = as_of or tx.node.today()
    return LabourersCounted(as_of=day, people=await labourers.count_labourers(tx, day, filters))


@router.post("/labourers/searches", summary="检索 Find people by a term that stands in no address")
async def search(
    caller: Annotated[Caller, allow("registry.labourer.search")], tx: Tx, body: Search
) -> Page[LabourerShown]:
    """By part of a name, its pinyin or initials, the end or the whole of a number or phone, or a household's number.

    What is asked for stays on record without the term itself, with those who were found by digits.
    """
    term, day = read_term(body.q), body.as_of or tx.node.today()
    position = after_id(body.after, LabourerShown)
    found = await search_labourers(tx, day, term, body.filters(), after=position, limit=body.limit + 1)
    return _remembered(tx, found, body.limit, term)


@router.get("/search-index", summary="检索索引 How far the search index is")
async def show_search_index(caller: Annotated[Caller, allow("node.backlog.show")], tx: Reading) -> SearchIndexShown:
    """How many people can be found, and how many cannot yet: after an upgrade those of before follow in portions."""
    return SearchIndexShown(found=await search_index.count_filled(tx), waiting=await search_index.count_unfilled(tx))


def _of_address(term: Term) -> Term:
    if term.names_one:
        raise refuse_field(
            "/query/q",
            "whole_number",
            "完整号码请用 POST /registry/v1/labourers/searches Send a whole number or phone in a body: POST …/searches.",
        )
    return term


def _remembered(tx: Transaction, found: Sequence[ListedPerson], limit: int, term: Term) -> Page[LabourerShown]:
    """Whoever tries digits in turn, to learn those of somebody, is seen by whom he finds."""
    people = found[:limit]
    tx.trail.note(searched="digits" if term.is_of_digits else "name", found=len(people))
    if term.is_of_digits:
        tx.trail.note(persons=[one.id for one in people])
    return _page(tx, found, limit)


def _page(tx: Transaction, found: Sequence[ListedPerson], limit: int) -> Page[LabourerShown]:
    today = tx.node.today()
    shown = [show_masked(each, tx.node.vault, today, year_end(today)) for each in found]
    return page_of(shown, limit, lambda each: each.id)
