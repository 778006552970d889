"""The people of the register (劳动力名单), masked by registry; for a name, a page asks registry with a purpose (`reveals`)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, Response

from libs.common.calendar import first_of_quarter
from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.forms.registry import NEW, VISIT
from services.console.routes.offering import offered_steps
from services.console.routes.pages import ROWS, go_to
from services.console.routes.people_named import PEOPLE, household_of
from services.console.routes.quality import FINDINGS, form_of
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.forms import Field, filled_from
from services.console.rules.listings import Step

pages = APIRouter(include_in_schema=False)

Term = Annotated[Text, Form(max_length=60)]
LEDGER = "/retention/v1/ledger"
HERE, GONE = "", "gone"
# Of a person who was merged into another.
GONE_STATUS = 410
STEPS = (
    Step("/people/{person}/visit", "whereabouts", (HERE,)),
    Step("/people/{person}/correct", "whereabouts", (HERE,)),
    Step("/services/new", "whereabouts", (HERE,), given=(("person", "person"),)),
    Step("/applications/new", "whereabouts", (HERE,), given=(("person", "person"),)),
    Step("/people/{person}/move", "whereabouts", (HERE,)),
    Step("/help/new", "whereabouts", (HERE,), given=(("person", "person"),)),
    Step("/people/{person}/same", "whereabouts", (HERE,)),
    Step("/people/{person}/depart", "whereabouts", (HERE,)),
    Step("/people/{person}/return", "whereabouts", (GONE,)),
)


@dataclass(frozen=True)
class View:
    """A list that is asked for so often that it has a name (常用名单)."""

    title: str
    narrowed: Mapping[str, str]


def views_on(day: date) -> list[View]:
    """The lists of a county's day: a quarter's visits, who could leave, whom nobody can call."""
    return [
        View(N_("未走访本季"), {"visited_before": str(first_of_quarter(day)), "labourer": "true"}),
        View(N_("未就业愿意外出"), {"labourer": "true", "employed": "false", "willing": "true"}),
        View(N_("没有电话"), {"labourer": "true", "no_phone": "true"}),
        View(N_("零就业家庭"), {"group": "zero_employment"}),
        View(N_("零转移就业家庭"), {"group": "zero_transfer"}),
        View(N_("两后生"), {"leaver": "true"}),
    ]


@dataclass(frozen=True)
class Narrowed:
    """What the list of people is narrowed to, as the address takes it."""

    township: Filter = ""
    village: Filter = ""
    labourer: Filter = ""
    employed: Filter = ""
    willing: Filter = ""
    visited_before: Filter = ""
    no_phone: Filter = ""
    group: Filter = ""
    leaver: Filter = ""


@pages.get("/people")
async def list_people(
    visitor: Annotated[Visitor, visits("registry.labourer.list")],
    narrowed: Annotated[Narrowed, Depends()],
    sort: Filter = "",
) -> Response:
    """The register narrowed and counted, with the lists that are asked for every day a press away."""
    today, asked = visitor.context.node.today(), vars(narrowed)
    answer, counted, villages = await asyncio.gather(
        visitor.ask_list(PEOPLE, **asked, sort=sort, as_of=str(today)),
        visitor.ask(f"{PEOPLE}/counts", **asked, as_of=str(today)),
        visitor.ask("/registry/v1/places"),
    )
    return await visitor.show_list(
        "people.html",
        answer,
        asked=asked,
        sort=sort,
        counted=counted,
        villages=villages,
        views=views_on(today),
        as_of=str(today),
        offered=[("/people/enter", NEW.title)] if visitor.frame.may(NEW.action) else [],
    )


@pages.post("/people/found")
async def find_people(
    visitor: Annotated[Visitor, visits("registry.labourer.search")], q: Term = "", after: Term = ""
) -> Response:
    """Whom a term finds: it is sent in a body and stands in no address, for it may be somebody's number."""
    body = {"q": q, "limit": int(ROWS), **({"after": after} if after else {})}
    answer = await visitor.send("POST", f"{PEOPLE}/searches", body)
    return visitor.show("found.html", answer, term=q)


@pages.get("/people/{person}")
async def show_person(visitor: Annotated[Visitor, visits("registry.labourer.show")], person: UUID) -> Response:
    return await person_page(visitor, person)


@pages.post("/people/{person}/unchanged")
async def note_unchanged(visitor: Annotated[Visitor, visits("registry.visit.record")], person: UUID) -> Response:
    """Visited today and nothing is other than before: one press."""
    body = {"on": str(visitor.context.node.today()), "found": "no_change"}
    said = await visitor.send("POST", f"{PEOPLE}/{person}/visits", body, key=str(uuid4()))
    return (
        go_to(f"/people/{person}", said=N_("走访已记录：没有变化。"))
        if said.ok
        else await person_page(visitor, person, said)
    )


def visit_said(fact: str, text: str) -> list[tuple[Field, list[str]]]:
    """What a visit or a wish was, by the fields of the visit's form; nothing where the text is neither."""
    if fact not in ("visit", "wish") or not text:
        return []
    told = json.loads(text)
    filled = filled_from(VISIT, told if fact == "visit" else {"wish": told})
    return [(each, filled[each.name]) for each in VISIT.fields if filled[each.name]]


async def person_page(visitor: Visitor, person: UUID, refused: Answer | None = None) -> Response:
    """One person as the register shows them to this role, with the introductions and who has looked, where the role may see those."""
    here = f"{PEOPLE}/{person}"
    answer, history, introductions, accesses, findings, paid = await asyncio.gather(
        visitor.ask(here),
        visitor.ask_if("registry.labourer.history", f"{here}/history", limit=ROWS),
        visitor.ask("/matching/v1/introductions", person=str(person), limit=ROWS),
        visitor.ask_if("registry.labourer.accesses", f"{here}/accesses", limit=ROWS),
        visitor.ask_if("registry.quality.show", FINDINGS, person=str(person), limit=ROWS),
        visitor.ask_if("retention.ledger.list", LEDGER, person=str(person), limit=ROWS),
    )
    if (
        answer.status == GONE_STATUS
        and answer.problem
        and (now := (answer.problem.model_extra or {}).get("merged_into"))
    ):
        return go_to(f"/people/{str(now).rpartition('/')[2]}", said=N_("此人已并入这条登记。"))
    known = answer.data if answer.ok else {}
    row = {**known, "person": person, "whereabouts": GONE if known.get("left") else HERE}
    return visitor.show(
        "person.html",
        answer,
        refused,
        offered=offered_steps(visitor.frame, STEPS, row) if answer.ok else [],
        household=await household_of(visitor, answer),
        introductions=introductions,
        history=history,
        visit_said=visit_said,
        accesses=accesses,
        findings=findings,
        paid=paid,
        form_of=form_of,
    )
