"""Rounds (轮次): how far one is, drawn by township and village; its villages given away; its list, a press for each person; its signatures."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response
from pydantic import Field

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.pages import go_to
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.rounds import ListNarrowed, village_of

pages = APIRouter(include_in_schema=False)

ROUNDS = "/registry/v1/rounds"
Word = Annotated[Text, Form(max_length=200)]
Words = Annotated[list[Annotated[Text, Field(max_length=200)]], Form(default_factory=list, max_length=500)]


async def narrowed_by(
    state: Filter = "", township: Filter = "", village: Filter = "", mine: Filter = ""
) -> ListNarrowed:
    return ListNarrowed(state, township, village, mine)


@pages.get("/rounds/{round}")
async def show_round(visitor: Annotated[Visitor, visits("registry.round.list")], round: UUID) -> Response:
    return await _round_page(visitor, round)


@pages.post("/rounds/{round}/villages")
async def assign_villages(
    visitor: Annotated[Visitor, visits("registry.round.assign")],
    round: UUID,
    village: Words,
    township: Words,
    cadre: Words,
) -> Response:
    """The ticked villages, and those of the ticked townships, are the ticked cadres' from now on."""
    progress = await visitor.ask(f"{ROUNDS}/{round}/progress") if township else None
    listed = progress.data["villages"] if progress and progress.ok else []
    whole = [f"{each['township']}/{each['village']}" for each in listed if each["township"] in township]
    villages = [village_of(each) for each in dict.fromkeys([*village, *whole])]
    body = {"villages": villages, "cadres": cadre}
    answer = await visitor.send("PUT", f"{ROUNDS}/{round}/villages", body)
    return await _done(visitor, round, answer, N_("已分工。"))


@pages.post("/rounds/{round}/sign")
async def sign(
    visitor: Annotated[Visitor, visits("registry.round.sign")], round: UUID, township: Word = "", rest: Word = ""
) -> Response:
    """A township's part, with one reason for all who are still open; without a township the whole."""
    body = {"township": township or None, "rest": rest or None}
    answer = await visitor.send("POST", f"{ROUNDS}/{round}/signatures", body)
    return await _done(visitor, round, answer, N_("已签收。"))


@pages.post("/rounds/{round}/take-back")
async def take_back(
    visitor: Annotated[Visitor, visits("registry.round.take_back")], round: UUID, township: Word = "", reason: Word = ""
) -> Response:
    body = {"township": township or None, "reason": reason}
    answer = await visitor.send("POST", f"{ROUNDS}/{round}/signatures/take-back", body)
    return await _done(visitor, round, answer, N_("已撤回签收。"))


@pages.post("/rounds/{round}/withdraw")
async def withdraw_round(
    visitor: Annotated[Visitor, visits("registry.round.withdraw")], round: UUID, reason: Word = ""
) -> Response:
    """Back to the rounds, of which it is none any more."""
    answer = await visitor.send("POST", f"{ROUNDS}/{round}/withdraw", {"reason": reason})
    return go_to("/rounds", said=N_("轮次已撤销。")) if answer.ok else await _round_page(visitor, round, answer)


@pages.get("/rounds/{round}/people")
async def list_round_people(
    visitor: Annotated[Visitor, visits("registry.round.list_labourers")],
    round: UUID,
    asked: Annotated[ListNarrowed, Depends(narrowed_by)],
) -> Response:
    """The list, as a cadre goes: on a phone a card for each person, with the press that settles."""
    return await _people_page(visitor, round, asked)


@pages.post("/rounds/{round}/people/{person}/unchanged")
async def settle_unchanged(
    visitor: Annotated[Visitor, visits("registry.visit.record")], round: UUID, person: UUID
) -> Response:
    """无变化: one press, and the list as it was left."""
    answer = await visitor.send("POST", f"{ROUNDS}/{round}/labourers/{person}/no-change", {})
    return await _pressed(visitor, round, answer, N_("已记为无变化。"))


@pages.post("/rounds/{round}/people/{person}/as-last")
async def answer_as_last(
    visitor: Annotated[Visitor, visits("registry.visit.record")], round: UUID, person: UUID
) -> Response:
    """同上月: one press."""
    answer = await visitor.send("PUT", f"{ROUNDS}/{round}/labourers/{person}/work", {"as_last": True})
    return await _pressed(visitor, round, answer, N_("已记为同上月。"))


@pages.post("/rounds/{round}/people/{person}/reason")
async def give_reason(
    visitor: Annotated[Visitor, visits("registry.visit.record")], round: UUID, person: UUID, reason: Word = ""
) -> Response:
    """未走访原因, of one person."""
    body = {"reason": reason or None}
    answer = await visitor.send("PUT", f"{ROUNDS}/{round}/labourers/{person}/reason", body)
    return await _pressed(visitor, round, answer, N_("已记下未走访的原因。"))


async def _pressed(visitor: Visitor, round: UUID, answer: Answer, said: str) -> Response:
    """Back to the list with its filters; or the list with what was refused."""
    if answer.ok:
        return go_to(visitor.frame.back_to(f"/rounds/{round}/people"), said=said)
    return await _people_page(visitor, round, ListNarrowed(state="open"), answer)


async def _people_page(visitor: Visitor, round: UUID, asked: ListNarrowed, refused: Answer | None = None) -> Response:
    answer, found = await asyncio.gather(
        visitor.ask_list(f"{ROUNDS}/{round}/labourers", **vars(asked)), visitor.ask(f"{ROUNDS}/{round}")
    )
    known = found.data if found.ok else {}
    may_settle = known.get("state") == "open" and visitor.frame.may("registry.visit.record")
    return await visitor.show_list(
        "round_people.html", answer, refused, asked=vars(asked), known=known, round=round, may_settle=may_settle
    )


async def _done(visitor: Visitor, round: UUID, answer: Answer, said: str) -> Response:
    """Back to the round; or the round with what was refused."""
    return go_to(f"/rounds/{round}", said=said) if answer.ok else await _round_page(visitor, round, answer)


async def _round_page(visitor: Visitor, round: UUID, refused: Answer | None = None) -> Response:
    answer, signatures, cadres = await asyncio.gather(
        visitor.ask(f"{ROUNDS}/{round}/progress"),
        visitor.ask(f"{ROUNDS}/{round}/signatures"),
        visitor.ask_if("console.cadre.list", "/console/v1/cadres"),
    )
    return visitor.show(
        "round.html",
        answer,
        refused,
        round=round,
        signatures=(signatures.data or {}).get("signatures", []) if signatures.ok else [],
        cadres=(cadres.data or {}).get("cadres", []) if cadres is not None and cadres.ok else [],
        may={each: visitor.frame.may(f"registry.round.{each}") for each in ("assign", "sign", "take_back", "withdraw")},
    )
