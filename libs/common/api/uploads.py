"""A file that came with a form (上传的文件): on disk, and its turn to be read come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO, Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends, UploadFile

from libs.common.problems import Unavailable
from libs.common.sheets.limits import READERS, TURN_SECONDS
from libs.common.values import sound_filename

# Each loop has its own: a semaphore belongs to the loop that waits for it.
_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Busy(Unavailable):
    title = "正在读取其他文件 Other files are being read"


@dataclass(frozen=True)
class Upload:
    """One uploaded file: its content on disk, and the name that the sender gave it."""

    content: IO[bytes]
    filename: str


async def take_turn(file: UploadFile) -> AsyncIterator[Upload]:
    """The file when it may be read: few at once, whatever else the node does; 503 when others take too long."""
    turns = _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(READERS))
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await turns.acquire()
    except TimeoutError as error:
        raise Busy(
            "请稍后再传 Other files are being read: send it again later.", headers={"Retry-After": "10"}
        ) from error
    try:
        yield Upload(file.file, sound_filename(file.filename))
    finally:
        turns.release()


# Declared before the transaction: who waits for a turn holds no connection of the database.
File = Annotated[Upload, Depends(take_turn, scope="function")]
