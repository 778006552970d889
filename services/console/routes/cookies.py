"""The two cookies of the console: the session's word, and the word of a browser that somebody has come in from before."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from fastapi import Response

from libs.common.service import ServiceContext
from services.console.routes.session import cookie_of, device_cookie_of
from services.console.rules.guessing import DEVICE_KNOWN_FOR
from services.console.settings import ConsoleSettings


def hand_word(
    answer: Response, context: ServiceContext, word: str, lasting: timedelta | None = None, *, next: str = ""
) -> None:
    """Until the browser is closed, or for a time that outlasts it; `next` is where the sign-in leads."""
    answer.set_cookie(
        cookie_of(context, next),
        word,
        httponly=True,
        samesite="lax",
        secure=is_secure(context),
        path="/",
        max_age=int(lasting.total_seconds()) if lasting else None,
    )


def hand_device(answer: Response, context: ServiceContext, device: str) -> None:
    longest = int(DEVICE_KNOWN_FOR.total_seconds())
    answer.set_cookie(
        device_cookie_of(context),
        device,
        httponly=True,
        samesite="lax",
        secure=is_secure(context),
        path="/",
        max_age=longest,
    )


def drop_word(answer: Response, context: ServiceContext, next: str = "") -> None:
    answer.delete_cookie(cookie_of(context, next), path="/", secure=is_secure(context), httponly=True, samesite="lax")


def is_secure(context: ServiceContext) -> bool:
    """Whether cookies are tied to https."""
    return cast(ConsoleSettings, context.settings).secure
