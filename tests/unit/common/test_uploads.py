"""Few files are read at once: others wait their turn, and hear when it does not come."""

from __future__ import annotations

import io
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from fastapi import UploadFile

from libs.common.api import uploads
from libs.common.sheets.limits import READERS

turn = asynccontextmanager(uploads.take_turn)


def sent(name: str = "a.xlsx") -> UploadFile:
    return UploadFile(io.BytesIO(b"x"), filename=name)


async def test_who_waits_too_long_is_told_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "TURN_SECONDS", 0.01)
    async with AsyncExitStack() as stack:
        for _ in range(READERS):
            await stack.enter_async_context(turn(sent()))
        with pytest.raises(uploads.Busy) as caught:
            await stack.enter_async_context(turn(sent()))
    assert caught.value.status == 503
    assert int(caught.value.headers["Retry-After"]) > 0
    async with turn(sent()) as upload:
        assert upload.filename == "a.xlsx"


async def test_a_turn_is_given_back_by_a_request_that_fails() -> None:
    for _ in range(3 * READERS):
        with pytest.raises(RuntimeError):
            async with turn(sent()):
                raise RuntimeError
