"""The door to an agreement's figures: how far it is, how far it will get, and the list behind each of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, after_id, after_number, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.calendar import is_quarter_end, last_quarter_end
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.small_numbers import EXACT
from libs.common.values import Asked, Day, Division, Uscc
from services.jobs.operations.progress import progress_of_agreement
from services.jobs.rules.agreements import AgreementKind
from services.jobs.rules.counting import CountedWanted
from services.jobs.rules.progress import ProgressWanted
from services.jobs.schemas.agreements import AgreementProgressShown, CountedShown, Year
from services.jobs.schemas.list_sheets import COUNTED, PROGRESS
from services.jobs.store import agreements, counting

router = APIRouter(prefix="/jobs/v1/agreements", tags=["agreements"])

_LINES = AgreementProgressShown.__name__
OfYear = Annotated[Asked[Year] | None, Query(description="one year; the whole term when left out")]
OfCounty = Annotated[Division | None, Query(description="one county's part")]


@router.get("/{agreement}/progress", summary="协议进度 Progress of an agreement")
async def list_progress(
    caller: Annotated[Caller, allow("jobs.agreement.progress")],
    tx: Reading,
    agreement: UUID,
    after: After = None,
    limit: Limit = 50,
    year: OfYear = None,
    county: OfCounty = None,
    kind: Annotated[AgreementKind | None, Query(description="one kind of target")] = None,
    as_of: Annotated[Day | None, Query(description="months through this day's count; today when left out")] = None,
) -> Page[AgreementProgressShown]:
    """The whole, each county, each firm that has a part: target, reached, forecast and gap. Counted from events alone.

    To a role without `exact`: at ends of quarters, not by firm, counts of 1 to 4 as `<5` and others to the nearest five."""
    wanted, begin = ProgressWanted(year=year, county=county, kind=kind), after_number(after, _LINES)
    exact = EXACT in caller.fields
    lines = await progress_of_agreement(tx, agreement, wanted, _day(as_of, tx.node.today(), exact=exact))
    shown = [
        AgreementProgressShown.exactly(agreement, each)
        if exact
        else AgreementProgressShown.told(agreement, each, lines)
        for each in lines
    ]
    return page_of(shown[begin : begin + limit + 1], limit, lambda _: begin + limit)


def _day(asked: date | None, today: date, *, exact: bool) -> date:
    """Counts of two days that lie close together differ by a few: whoever may not see those asks for ends of quarters."""
    day = asked or (today if exact else last_quarter_end(today))
    if not exact and not is_quarter_end(day):
        raise refuse_field("/query/as_of", "quarter_end", "须为季度末日 The day must be the end of a quarter")
    return day


export_list(router, "/{agreement}/progress.xlsx", list_progress, PROGRESS)


@router.get("/{agreement}/counted", summary="协议计数清单 The list behind a figure")
async def list_counted(
    caller: Annotated[Caller, allow("jobs.agreement.counted")],
    tx: Reading,
    agreement: UUID,
    after: After = None,
    limit: Limit = 50,
    kind: Annotated[AgreementKind, Query(description="which figure")] = "posts",
    county: OfCounty = None,
    year: OfYear = None,
    employer: Annotated[Uscc | None, Query(description="credit code of a firm")] = None,
) -> Page[CountedShown]:
    """Who and what counts, each once, by introduction: no name. As many as the figure says."""
    await agreements.get_agreement(tx, agreement)
    position = after_id(after, CountedShown)
    narrowed = CountedWanted(kind=kind, county=county, year=year, employer_uscc=employer)
    rows = await counting.list_counted(tx, agreement, narrowed, after=position, limit=limit)
    return page_of([CountedShown.model_validate(row) for row in rows], limit, lambda shown: shown.reference)


export_list(router, "/{agreement}/counted.xlsx", list_counted, COUNTED)
