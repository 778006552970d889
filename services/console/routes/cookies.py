"""The two cookies of the console: the session's word, and the word of a browser that somebody has come in from before."""

from __future__ import annotations

from typing import cast

from fastapi import Response

from libs.common.runtime import Office
from services.console.routes.asking import cookie_of, device_cookie_of
from services.console.rules.guessing import DEVICE_KNOWN_FOR
from services.console.settings import ConsoleSettings


def hand_word(answer: Response, office: Office, word: str) -> None:
    answer.set_cookie(cookie_of(office), word, httponly=True, samesite="lax", secure=is_secure(office), path="/")


def hand_device(answer: Response, office: Office, device: str) -> None:
    longest = int(DEVICE_KNOWN_FOR.total_seconds())
    answer.set_cookie(
        device_cookie_of(office),
        device,
        httponly=True,
        samesite="lax",
        secure=is_secure(office),
        path="/",
        max_age=longest,
    )


def drop_word(answer: Response, office: Office) -> None:
    answer.delete_cookie(cookie_of(office), path="/", secure=is_secure(office), httponly=True, samesite="lax")


def is_secure(office: Office) -> bool:
    """Whether cookies are tied to https."""
    return cast(ConsoleSettings, office.settings).secure
