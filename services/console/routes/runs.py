"""Matching runs (匹配轮次) as a workbench: convened, given openings, watched, read and gone on with; and the versions of the weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Response

from services.console.routes.offering import offered_steps
from services.console.routes.session import Visitor, visits
from services.console.rules.listings import Step

pages = APIRouter(include_in_schema=False)

# The way of a run, as its page shows it; one that was stopped has left it.
STATES = ("announced", "committed", "open", "closed", "settled")
UNDER_WAY = STATES[:-1]
_PAGE = "/runs/{run}"
# Each where the run's row says so of this node.
STEPS = (
    Step(f"{_PAGE}/allot", "allots", ("True",), "city"),
    Step(f"{_PAGE}/passes", "goes_on", ("True",)),
    Step(f"{_PAGE}/stop", "stops", ("True",)),
)
BESIDE = (Step("/runs/new"),)


class Ours(NamedTuple):
    """The pages of what the run came to for this node; empty where there is none for this person. Whether introductions may be listed."""

    people: str
    vacancies: str
    introductions: bool


@pages.get("/runs")
async def list_runs(visitor: Annotated[Visitor, visits("matching.run.list")]) -> Response:
    offered = offered_steps(visitor.frame, BESIDE, {})
    return await visitor.show_list("runs.html", await visitor.ask_list("/matching/v1/runs"), offered=offered)


@pages.get("/weights")
async def list_weights(visitor: Annotated[Visitor, visits("matching.weights.list")]) -> Response:
    """For whoever convenes runs and for whoever publishes weights."""
    return await visitor.show_list("weights.html", await visitor.ask_list("/matching/v1/weights"))


@pages.get("/runs/{run}")
async def show_run(visitor: Annotated[Visitor, visits("matching.run.show")], run: UUID) -> Response:
    answer = await visitor.ask(f"/matching/v1/runs/{run}")
    row = answer.data if answer.ok else {}
    here = visitor.context.node.id
    return visitor.show(
        "run.html",
        answer,
        offered=offered_steps(visitor.frame, STEPS, {**row, **may_do(row, here)}) if row else [],
        ours=_ours(visitor, row, here),
        steps=STATES,
        under_way=row.get("state") in UNDER_WAY,
    )


def may_do(row: Mapping[str, Any], here: str) -> dict[str, bool]:
    """What this node has to do in a run now: give openings, open a further pass, stop it."""
    convenes, state = row.get("convener") == here, row.get("state")
    waited_for = here in (row.get("waiting") or ()) and here in (row.get("cities") or ())
    return {
        "allots": state == "announced" and waited_for,
        "goes_on": convenes and state == "settled",
        "stops": convenes and state in UNDER_WAY,
    }


def _ours(visitor: Visitor, row: Mapping[str, Any], here: str) -> Ours:
    """Only who takes part has people or vacancies in it, from the first pass on."""
    may, begun = visitor.frame.may, bool(row.get("pass"))
    county, city = (begun and here in (row.get(side) or ()) for side in ("counties", "cities"))
    return Ours(
        f"/runs/{row['run']}/people" if county and may("matching.run.people") else "",
        f"/runs/{row['run']}/vacancies" if city and may("matching.run.vacancies") else "",
        (county or city) and may("matching.introduction.list"),
    )
