"""Allotting openings to a run (配额): a city's vacancies with what is left, given in part or all at once; it binds."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response

from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.forms.showing import filled_in
from services.console.routes.pages import go_to
from services.console.routes.session import Visitor, visits
from services.console.rules.allotting import OPENINGS, Allotment, Row, body_of, errors_by_vacancy, everything
from services.console.rules.forms import Filled

pages = APIRouter(include_in_schema=False)

# As many as one page of a list has; whoever has more gives all at once, or over HTTP.
SHOWN = 200


@pages.get("/runs/{run}/allot")
async def open_allotment(visitor: Annotated[Visitor, visits("matching.run.allot")], run: UUID) -> Response:
    first = await _page_of(visitor, run, "")
    filled = {f"{OPENINGS}{row['vacancy']}": [str(row["openings_left"])] for row in first.items}
    return _show(visitor, run, first, filled)


@pages.post("/runs/{run}/allot")
async def send_allotment(
    visitor: Annotated[Visitor, visits("matching.run.allot")], run: UUID, request: Request
) -> Response:
    """`all` gives what is left of every vacancy; otherwise what stands in the fields of the page."""
    posted = await request.form()
    filled = filled_in(posted)
    first = await _page_of(visitor, run, "")
    body = everything(await _everybody(visitor, run, first)) if "all" in posted else body_of(first.items, filled)
    path = f"/matching/v1/runs/{run}/allotments"
    answer = await visitor.send("POST", path, body, key=str(posted.get("key", "")))
    if answer.ok:
        return go_to(f"/runs/{run}", said=N_("已提交本轮名额。"))
    return _show(visitor, run, first, filled, refused=answer, body=body)


async def _page_of(visitor: Visitor, run: UUID, after: str) -> Answer:
    return await visitor.ask(f"/matching/v1/runs/{run}/allotments", after=after, limit=str(SHOWN))


async def _everybody(visitor: Visitor, run: UUID, first: Answer) -> list[Row]:
    rows, answer = list(first.items), first
    while answer.next:
        answer = await _page_of(visitor, run, answer.next)
        rows += answer.items
    return rows


def _show(
    visitor: Visitor,
    run: UUID,
    answer: Answer,
    filled: Filled,
    *,
    refused: Answer | None = None,
    body: Allotment | None = None,
) -> Response:
    errors = refused.problem.errors if refused and refused.problem else ()
    beside, others = errors_by_vacancy(body or {"allotted": []}, errors)
    return visitor.show(
        "run_allot.html", answer, refused, run=run, filled=filled, beside=beside, others=others, key=str(uuid4())
    )
