"""A fair's desk and its list for the gate (招聘会现场): a person is found by number or name, comes, and signs for a post with consent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Form, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.forms.matching import CONSENT
from services.console.routes.pages import go_to
from services.console.routes.people_named import PEOPLE, names_of
from services.console.routes.session import Visitor, visits

pages = APIRouter(include_in_schema=False)

FAIRS = "/matching/v1/fairs"
# As many as the register finds that somebody still looks through, and as many posts as one page of a list has.
_FOUND, _POSTS = 8, "200"
# As many visitors as names are asked for at once, and as many pages as paper takes.
_PAGE_ROWS, _MOST_PAGES = "100", 40
NO_CONSENT = {"title": N_("请先向本人宣读同意书并勾选。"), "detail": ""}
Typed = Annotated[Text, Form(max_length=60)]


@dataclass(frozen=True)
class Filled:
    """The desk's form: what somebody is looked for by, who of those found it is, the post (none: came without signing), the yes.

    `entry` is the id under which it is signed, made when the page was opened: sent again, it is the same signing."""

    q: str = ""
    person: str = ""
    vacancy: str = ""
    consent: str = ""
    entry: str = ""


async def filled(
    q: Typed = "", person: Typed = "", vacancy: Typed = "", consent: Typed = "", entry: Typed = ""
) -> Filled:
    return Filled(q, person, vacancy, consent, entry)


@pages.get("/fairs/{fair}/desk")
async def open_desk(visitor: Annotated[Visitor, visits("matching.fair.sign")], fair: UUID) -> Response:
    return await _desk(visitor, fair, Filled())


@pages.post("/fairs/{fair}/desk")
async def use_desk(
    visitor: Annotated[Visitor, visits("matching.fair.sign")], fair: UUID, form: Annotated[Filled, Depends(filled)]
) -> Response:
    """First the person is found, then what is said of this one person is done; whoever looks for somebody else finds anew."""
    if not form.person:
        return await _desk(visitor, fair, form, found=await _find(visitor, form.q))
    known = await visitor.ask(f"{FAIRS}/{fair}")
    if form.vacancy and not form.consent:
        return await _desk(visitor, fair, form, found=await _find(visitor, form.q), problem=NO_CONSENT)
    done = await _note(visitor, known, form) if known.ok else known
    problem = _problem(done)
    if done.ok and problem is None:
        return go_to(f"/fairs/{fair}/desk", said=_said(visitor, known, form))
    return await _desk(visitor, fair, form, found=await _find(visitor, form.q), refused=done, problem=problem)


async def _find(visitor: Visitor, q: str) -> Answer | None:
    """In a body, for it may be somebody's number."""
    return await visitor.send("POST", f"{PEOPLE}/searches", {"q": q, "limit": _FOUND}) if q else None


async def _note(visitor: Visitor, fair: Answer, form: Filled) -> Answer:
    """Before the day they sign up; on it and after it they come, and sign where a post was chosen."""
    here, people = f"{FAIRS}/{fair.data['id']}", {"people": [form.person]}
    if _lies_ahead(visitor, fair):
        return await visitor.send("POST", f"{here}/sign-ups", people)
    if not form.vacancy:
        return await visitor.send("POST", f"{here}/arrivals", people)
    entry = {"entry": form.entry, "person": form.person, "vacancy": form.vacancy, "on": fair.data["day"]}
    return await visitor.send("POST", f"{here}/signings", {"entries": [{**entry, "consent": form.consent}]})


def _problem(done: Answer) -> Mapping[str, Any] | None:
    """Why the one person whom it was about was refused."""
    return next((each["problem"] for each in done.items if each["problem"]), None)


def _said(visitor: Visitor, fair: Answer, form: Filled) -> str:
    if _lies_ahead(visitor, fair):
        return N_("已登记报名。")
    return N_("已登记到场和签约，介绍已送往对方城市。") if form.vacancy else N_("已登记到场。")


def _lies_ahead(visitor: Visitor, fair: Answer) -> bool:
    return bool(str(visitor.context.node.today()) < fair.data["day"])


async def _desk(
    visitor: Visitor,
    fair: UUID,
    form: Filled,
    *,
    found: Answer | None = None,
    refused: Answer | None = None,
    problem: Mapping[str, Any] | None = None,
) -> Response:
    here = f"{FAIRS}/{fair}"
    answer, posts, results = await asyncio.gather(
        visitor.ask(here),
        visitor.ask(f"{here}/vacancies", limit=_POSTS),
        visitor.ask_if("matching.fair.results", f"{here}/results"),
    )
    return visitor.show(
        "fair_desk.html",
        answer,
        refused,
        form=form,
        entry=form.entry or str(uuid4()),
        consent=CONSENT,
        ahead=answer.ok and _lies_ahead(visitor, answer),
        posts=[each for each in posts.items if each["openings_left"]],
        found=found,
        results=results,
        problem=problem,
    )


@pages.get("/fairs/{fair}/gate")
async def print_gate(visitor: Annotated[Visitor, visits("matching.fair.list_visitors")], fair: UUID) -> Response:
    """入场名单: everybody who has signed up or come, by township, with room to sign; masked as every list."""
    answer = await visitor.ask(f"{FAIRS}/{fair}")
    visitors, cut = await _visitors(visitor, fair) if answer.ok else ([], False)
    return visitor.show(
        "print_fair_gate.html",
        answer,
        back=f"/fairs/{fair}",
        printed_at=visitor.context.node.clock.now().isoformat(),
        visitors=sorted(visitors, key=lambda row: (row["township"] or "", str(row["one"].get("village") or ""))),
        cut=cut,
    )


async def _visitors(visitor: Visitor, fair: UUID) -> tuple[Sequence[dict[str, Any]], bool]:
    """All pages with names as the register masks them; whether that was not all."""
    rows: list[dict[str, Any]] = []
    after: str | None = ""
    for _ in range(_MOST_PAGES):
        answer = await visitor.ask(f"{FAIRS}/{fair}/visitors", after=after, limit=_PAGE_ROWS)
        names = await names_of(visitor, answer.items)
        rows += [{**row, "one": names.get(row["person"], {})} for row in answer.items]
        after = answer.next
        if not after:
            break
    return rows, bool(after)
