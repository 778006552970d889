"""People who are perhaps the same (疑似重复): the queue, both side by side with a choice for each fact, and two again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.pages import go_to
from services.console.routes.people_named import PEOPLE
from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)

DUPLICATES, MERGES = "/registry/v1/duplicates", "/registry/v1/merges"
# What a page sends of a fact: the name under which it is taken over, after this.
CHOICE = "fact."
SIDES = ("one", "other")
Typed = Annotated[Text, Form(max_length=400)]


@pages.get("/duplicates")
async def list_duplicates(
    visitor: Annotated[Visitor, visits("registry.duplicate.list")],
    state: Filter = "",
    township: Filter = "",
    batch: Filter = "",
    person: Filter = "",
) -> Response:
    """Those that wait, unless something else was asked for."""
    asked = {"state": state or ("" if batch or person else "open"), "township": township}
    answer = await visitor.ask_list(DUPLICATES, **asked, batch=batch, person=person)
    return await visitor.show_list("duplicates.html", answer, asked=asked, offered=[])


@pages.get("/duplicates/{pair}")
async def show_duplicate(visitor: Annotated[Visitor, visits("registry.duplicate.list")], pair: UUID) -> Response:
    return await _page(visitor, pair)


@pages.post("/duplicates/{pair}/different")
async def decide_different(
    visitor: Annotated[Visitor, visits("registry.duplicate.decide")],
    pair: UUID,
    version: Typed = "",
    reason: Typed = "",
) -> Response:
    return await _decide(visitor, pair, {"decision": "different", "reason": reason}, version)


@pages.post("/duplicates/{pair}/same")
async def decide_same(
    request: Request,
    visitor: Annotated[Visitor, visits("registry.duplicate.decide")],
    pair: UUID,
    stays: Typed = "",
    version: Typed = "",
    reason: Typed = "",
) -> Response:
    """Whatever was chosen of the one who does not stay is taken over."""
    form = await request.form()
    chosen = {name.removeprefix(CHOICE): value for name, value in form.items() if name.startswith(CHOICE)}
    taken = sorted(name for name, whose in chosen.items() if whose != stays)
    said = {"decision": "same", "stays": stays, "taken": taken}
    return await _decide(visitor, pair, said | ({"reason": reason} if reason else {}), version)


@pages.post("/duplicates/{pair}/undo")
async def undo_merge(
    visitor: Annotated[Visitor, visits("registry.duplicate.decide")], pair: UUID, merge: Typed = "", reason: Typed = ""
) -> Response:
    done = await visitor.send("POST", f"{MERGES}/{merge}/undo", {"reason": reason})
    return go_to(f"/duplicates/{pair}", said=N_("已撤销合并。")) if done.ok else await _page(visitor, pair, done)


@pages.post("/duplicates/{pair}/reveal")
async def reveal_both(
    visitor: Annotated[Visitor, visits("registry.labourer.reveal")],
    pair: UUID,
    purpose: Typed = "",
    reference: Typed = "",
) -> Response:
    """Both in plain beside each other, for this one answer: whoever decides has to see what differs."""
    answer, why = await visitor.ask(f"{DUPLICATES}/{pair}"), {"purpose": purpose, "reference": reference}
    if not answer.ok:
        return await _page(visitor, pair)
    both = [answer.data[side]["id"] for side in SIDES]
    told = [await visitor.send("POST", f"{PEOPLE}/{one}/reveal", why) for one in both]
    refused = next((one for one in told if not one.ok), None)
    plain = {one: each.data for one, each in zip(both, told, strict=True) if each.ok}
    return await _page(visitor, pair, refused, plain)


@pages.get("/people/{person}/same")
async def ask_other(visitor: Annotated[Visitor, visits("registry.duplicate.decide")], person: UUID) -> Response:
    """Of two records that no search has found alike: the other one is looked for."""
    return await _other_page(visitor, person)


@pages.post("/people/{person}/same")
async def find_other(
    visitor: Annotated[Visitor, visits("registry.duplicate.decide")], person: UUID, q: Typed = ""
) -> Response:
    return await _other_page(visitor, person, q, await visitor.send("POST", f"{PEOPLE}/searches", {"q": q}))


@pages.post("/people/{person}/same/{other}")
async def state_pair(
    visitor: Annotated[Visitor, visits("registry.duplicate.decide")], person: UUID, other: UUID
) -> Response:
    """They wait as a pair from now on, and are decided like any other."""
    made = await visitor.send("POST", DUPLICATES, {"one": str(person), "other": str(other)}, key=str(uuid4()))
    return go_to(f"/duplicates/{made.data['id']}") if made.ok else await _other_page(visitor, person, refused=made)


async def _other_page(
    visitor: Visitor, person: UUID, term: str = "", found: Answer | None = None, refused: Answer | None = None
) -> Response:
    answer, listed = await visitor.ask(f"{PEOPLE}/{person}"), found.items if found and found.ok else None
    refused = refused or (found if found and not found.ok else None)
    return visitor.show("same.html", answer, refused, person=str(person), term=term, found=listed)


async def _decide(visitor: Visitor, pair: UUID, said: Mapping[str, object], version: str) -> Response:
    done = await visitor.send("POST", f"{DUPLICATES}/{pair}/decision", said, version=version)
    return go_to(f"/duplicates/{pair}", said=N_("已登记裁决。")) if done.ok else await _page(visitor, pair, done)


async def _page(
    visitor: Visitor, pair: UUID, refused: Answer | None = None, plain: Mapping[str, Mapping[str, object]] | None = None
) -> Response:
    """Both side by side; of a pair that became one also how, and what was written since it became two again."""
    answer = await visitor.ask(f"{DUPLICATES}/{pair}")
    merge = await visitor.ask(f"{MERGES}/{answer.data['merge']}") if answer.ok and answer.data["merge"] else None
    return visitor.show("duplicate.html", answer, refused, merge=merge, choice=CHOICE, plain=plain or {})
