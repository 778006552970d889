"""A form half filled when the session ended (草稿): sealed with the node's key in a cookie of the browser, and shown again after signing in.

Nothing of it is kept here, so that nobody who has no session can fill the node's disk; and only the account that has filled
it in sees it again.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from fastapi import Request, Response

from libs.common.service import ServiceContext
from services.console.rendering.words import N_
from services.console.routes.cookies import is_secure
from services.console.routes.pages import say
from services.console.rules.drafts import KEPT_FOR, MOST_BYTES, Draft, pack, unpack

COOKIE = "xieli-draft"
# The field of every form that says who fills it in.
WHOSE = "whose"
_CONTEXT = "console.draft"
_FORM = "application/x-www-form-urlencoded"


async def draft_in(request: Request) -> Draft | None:
    """What was sent by a form that can be shown again: it says who has filled it in."""
    if request.method != "POST" or not request.headers.get("content-type", "").startswith(_FORM):
        return None
    posted = await request.form()
    filled = {name: [text for text in posted.getlist(name) if isinstance(text, str)] for name in posted}
    login = "".join(filled.pop(WHOSE, []))
    return Draft(request.url.path, login, filled) if login else None


def keep_draft(answer: Response, context: ServiceContext, draft: Draft) -> None:
    """For as long as signing in may take; what is too long for a browser to keep is said to be lost."""
    sealed = _seal(context, draft)
    if len(sealed) > MOST_BYTES:
        say(answer, N_("会话已结束。填写的内容太长，没有保留，请登录后重新填写。"))
        return
    say(answer, N_("会话已结束。您填的内容还在，登录后继续。"))
    longest = int(KEPT_FOR.total_seconds())
    answer.set_cookie(
        COOKIE, sealed, max_age=longest, httponly=True, samesite="lax", secure=is_secure(context), path="/"
    )


def find_draft(request: Request, context: ServiceContext, login: str) -> Mapping[str, Sequence[str]] | None:
    """What this account had filled in on this page; one that somebody else has sealed or filled in is none."""
    sealed = request.cookies.get(COOKIE)
    if not sealed:
        return None
    try:
        draft = unpack(context.node.vault.decrypt(base64.urlsafe_b64decode(sealed), context=_CONTEXT))
    except (InvalidTag, ValueError, KeyError, IndexError, TypeError):
        return None
    return draft.filled if (draft.path, draft.login) == (request.url.path, login) else None


def drop_draft(answer: Response, context: ServiceContext) -> None:
    answer.delete_cookie(COOKIE, path="/", secure=is_secure(context), httponly=True, samesite="lax")


def _seal(context: ServiceContext, draft: Draft) -> str:
    return base64.urlsafe_b64encode(context.node.vault.encrypt(pack(draft), context=_CONTEXT)).decode()
