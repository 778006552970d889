"""An offered place and my answer (岗位答复): yes with the consent that is read before, or no with a reason, and back again before
work begins; by the cadre's own steps."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.forms.matching import CONSENT, DECLINED
from services.console.routes.introductions import promises_of
from services.console.routes.pages import go_to
from services.console.routes.session import Visitor, visits

pages = APIRouter(include_in_schema=False)

INTRODUCTIONS = "/matching/v1/introductions"
Said = Annotated[Text, Form(max_length=100)]


@pages.get("/my/offers/{introduction}")
async def show_offer(visitor: Annotated[Visitor, visits("matching.introduction.show")], introduction: UUID) -> Response:
    return await _page(visitor, introduction)


@pages.post("/my/offers/{introduction}/agree")
async def agree(
    visitor: Annotated[Visitor, visits("matching.introduction.agree")], introduction: UUID, version: Said = ""
) -> Response:
    return await _answer(visitor, introduction, "agree", {"consent": CONSENT}, version, N_("已记下：您同意去。"))


@pages.post("/my/offers/{introduction}/decline")
async def decline(
    visitor: Annotated[Visitor, visits("matching.introduction.decline")],
    introduction: UUID,
    reason: Said = "",
    version: Said = "",
) -> Response:
    return await _answer(visitor, introduction, "decline", {"reason": reason}, version, N_("已记下：您不去。"))


@pages.post("/my/offers/{introduction}/cancel")
async def cancel(
    visitor: Annotated[Visitor, visits("matching.introduction.cancel")],
    introduction: UUID,
    reason: Said = "",
    version: Said = "",
) -> Response:
    return await _answer(visitor, introduction, "cancel", {"reason": reason}, version, N_("已记下：您取消了。"))


@pages.post("/my/offers/{introduction}/withdraw-consent")
async def withdraw_consent(
    visitor: Annotated[Visitor, visits("matching.introduction.withdraw_consent")],
    introduction: UUID,
    version: Said = "",
) -> Response:
    """Why is hers to say or not."""
    said = N_("已记下：您撤回了同意，对方城市将删除您的资料。")
    return await _answer(visitor, introduction, "withdraw-consent", {}, version, said)


async def _answer(
    visitor: Visitor, introduction: UUID, verb: str, body: dict[str, str], version: str, said: str
) -> Response:
    done = await visitor.send("POST", f"{INTRODUCTIONS}/{introduction}/{verb}", body, version=version)
    return go_to("/my", said=said) if done.ok else await _page(visitor, introduction, done)


async def _page(visitor: Visitor, introduction: UUID, refused: Answer | None = None) -> Response:
    answer = await visitor.ask(f"{INTRODUCTIONS}/{introduction}")
    kept = await promises_of(visitor, answer)
    return visitor.show("my_offer.html", answer, refused, declined=DECLINED, kept=kept)
