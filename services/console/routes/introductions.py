"""Introductions (介绍上岗): where each one stands and why, and why somebody did not get another vacancy."""

from __future__ import annotations

from asyncio import gather
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.forms.matching import CONSENT, DECLINED, NOT_COME, REJECTED
from services.console.routes.offering import offered_steps
from services.console.routes.pages import PageContext, go_to
from services.console.routes.people_named import names_of
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.levels import Level
from services.console.rules.listings import Step

pages = APIRouter(include_in_schema=False)

INTRODUCTIONS = "/matching/v1/introductions"
PROMISES = "/retention/v1/promises/stated"
_PAGE = "/introductions/{introduction}"
# Who takes which step from where: the county speaks with the person, the city with the employer.
STEPS = (
    Step(f"{_PAGE}/offer", "state", ("proposed", "held"), "county"),
    Step(f"{_PAGE}/agree", "state", ("offered",), "county"),
    Step(f"{_PAGE}/decline", "state", ("proposed", "held", "offered"), "county"),
    Step(f"{_PAGE}/cancel", "state", ("agreed", "introduced", "hired"), "county"),
    Step(f"{_PAGE}/withdraw-consent", "state", ("agreed", "introduced"), "county"),
    Step(f"{_PAGE}/hire", "state", ("introduced",), "city"),
    Step(f"{_PAGE}/reject", "state", ("introduced",), "city"),
    Step("/spells/new", "state", ("hired",), "city", (("introduction", "introduction"),)),
    Step(f"{_PAGE}/no-show", "state", ("hired",), "city"),
    Step(f"{_PAGE}/rescind", "state", ("hired",), "city"),
    Step(f"{_PAGE}/undo", "state", ("proposed", "offered", "agreed", "declined"), "county"),
    Step(f"{_PAGE}/undo", "state", ("hired", "rejected", "no_show", "rescinded"), "city"),
    Step("/services/new", "", (), "county", (("introduction", "introduction"),)),
)


@dataclass(frozen=True)
class ManyStep:
    """A step that the ticked rows of a list take together, where the list is narrowed to a state in which it is possible."""

    verb: str
    title: str
    states: tuple[str, ...]
    level: Level
    reasons: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        return f"matching.introduction.{self.verb.replace('-', '_')}"


_MANY = (
    ManyStep("offer", N_("已通知本人"), ("proposed", "held"), "county"),
    ManyStep("agree", N_("本人同意"), ("offered",), "county"),
    ManyStep("decline", N_("本人不接受"), ("proposed", "held", "offered"), "county", DECLINED),
    ManyStep("hire", N_("录用"), ("introduced",), "city"),
    ManyStep("reject", N_("不录用"), ("introduced",), "city", REJECTED),
    ManyStep("no-show", N_("未到岗"), ("hired",), "city", NOT_COME),
)


def many_steps(frame: PageContext, state: str) -> list[ManyStep]:
    """What may be done with many rows of a list at once: nothing where they stand at different states."""
    return [each for each in _MANY if state in each.states and frame.level == each.level and frame.may(each.action)]


@pages.get("/introductions")
async def list_introductions(
    visitor: Annotated[Visitor, visits("matching.introduction.list")],
    state: Filter = "",
    city: Filter = "",
    run: Filter = "",
    warned: Filter = "",
    second_yes: Filter = "",
) -> Response:
    asked = {"state": state, "city": city, "run": run, "warned": warned, "second_yes": second_yes}
    answer = await visitor.ask_list(INTRODUCTIONS, **asked)
    people = await names_of(visitor, answer.items)
    return await visitor.show_list(
        "introductions.html",
        answer,
        asked=asked,
        people=people,
        cities=visitor.cities,
        many=many_steps(visitor.frame, state),
    )


@pages.post("/introductions/bulk")
async def take_many(
    visitor: Annotated[Visitor, visits("matching.introduction.list")],
    verb: Annotated[Text, Form(max_length=20)],
    introduction: Annotated[list[UUID] | None, Form(max_length=200)] = None,
    reason: Annotated[Text, Form(max_length=40)] = "",
) -> Response:
    """The ticked ones take the same step; whoever did not is shown with the reason."""
    if not introduction:
        return go_to(visitor.frame.back_to("/introductions"), said=N_("没有勾选。"))
    more = {"consent": CONSENT} if verb == "agree" else {"reason": reason} if reason else {}
    body = {"introductions": [str(each) for each in introduction], **more}
    done = await visitor.send("POST", f"{INTRODUCTIONS}/bulk/{quote(verb, safe='')}", body)
    refused = [each for each in done.items if each["problem"]]
    if done.ok and not refused:
        return go_to(visitor.frame.back_to("/introductions"), said=N_("勾选的都已办理。"))
    asked = [visitor.ask(f"{INTRODUCTIONS}/{each['introduction']}") for each in refused]
    rows = [answer.data if answer.ok else {} for answer in await gather(*asked)]
    people = await names_of(visitor, rows)
    return visitor.show("introductions_taken.html", done, refused=list(zip(refused, rows, strict=True)), people=people)


@pages.get("/introductions/{introduction}")
async def show_introduction(
    visitor: Annotated[Visitor, visits("matching.introduction.show")], introduction: UUID
) -> Response:
    answer = await visitor.ask(f"/matching/v1/introductions/{introduction}")
    row = {**(answer.data if answer.ok else {}), "introduction": introduction}
    people = await names_of(visitor, [row])
    offered = offered_steps(visitor.frame, STEPS, row) if answer.ok else []
    kept = await promises_of(visitor, answer)
    return visitor.show("introduction.html", answer, people=people, offered=offered, kept=kept)


async def promises_of(visitor: Visitor, introduction: Answer) -> Answer | None:
    """What the offered post has published beside what was paid and kept; None where there is no post or it may not be seen."""
    vacancy = introduction.data["vacancy"] if introduction.ok else None
    return await visitor.ask_if("retention.promise_statement.list", PROMISES, vacancy=vacancy) if vacancy else None


@pages.get("/explanations/{person}/{vacancy}")
async def explain(
    visitor: Annotated[Visitor, visits("matching.explanation.show")], person: UUID, vacancy: UUID, run: Filter = ""
) -> Response:
    """为什么是(不是)这个岗位: the rule, the cutoff or the lottery, with every number used."""
    answer = await visitor.ask(f"/matching/v1/people/{person}/explanations/{vacancy}", run=run)
    return visitor.show("explanation.html", answer)
