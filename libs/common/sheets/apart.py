"""Reading a file apart from the node (在隔离进程中读取): whatever it does to its reader, this upload alone is refused."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import IO

from libs.common.sheets.errors import FileTooDemanding, FileTooLarge
from libs.common.sheets.limits import WALL_SECONDS, answer_bytes, processor_seconds
from libs.common.sheets.model import Layout, Table
from libs.common.sheets.wire import Garbled, read_lines

MAX_FILE = 256 * 1024 * 1024
_ROOT = Path(__file__).parents[3]
_PART = 1 << 18


def read_table(
    content: bytes | IO[bytes], filename: str, layout: Layout, seen: Callable[[], None] = lambda: None
) -> Table:
    """Read one sheet of the given layout. Raises a WrongFile problem; the file's content decides, its name is a hint.

    `seen` is called for each row as it comes.
    """
    with ExitStack() as stack:
        file = _as_file(content, stack)
        size = os.fstat(file.fileno()).st_size
        if size > MAX_FILE:
            raise FileTooLarge(f"文件超过 {MAX_FILE} 字节 The file is larger than {MAX_FILE} bytes")
        answer, told = os.pipe()
        stack.callback(os.close, answer)
        request = {"filename": filename[:200], "layout": asdict(layout) | {"aliases": dict(layout.aliases)}}
        try:
            _WORKER.ask(json.dumps(request).encode(), [file.fileno(), told])
        finally:
            os.close(told)
        try:
            return read_lines(_lines(answer, size), seen)
        except Garbled as error:
            raise FileTooDemanding(
                "读取此文件所需的内存或时间超出上限 Reading this file took more memory or time than a file may"
            ) from error


def _as_file(content: bytes | IO[bytes], stack: ExitStack) -> IO[bytes]:
    """Something with a descriptor: a spooled upload moves to disk when it is asked for its own, bytes are put there without a name."""
    file = content
    if isinstance(file, bytes):
        file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 the stack closes it
        file.write(content)  # type: ignore[arg-type]
    file.fileno()
    file.flush()
    return file


def _lines(answer: int, size: int) -> Iterator[bytes]:
    """The child's lines after its number; when time or measure runs out it is killed, and what it said is no whole answer."""
    parts = _parts(answer, size)
    rest = b""
    child = 0
    try:
        for part in parts:
            *whole, rest = (rest + part).split(b"\n")
            for line in whole:
                if child:
                    yield line
                else:
                    child = int(line)
    finally:
        if child:
            _kill(child)


def _parts(answer: int, size: int) -> Iterator[bytes]:
    ends, left = time.monotonic() + WALL_SECONDS + 3 * processor_seconds(size), answer_bytes(size)
    waiting = select.poll()
    waiting.register(answer, select.POLLIN)
    while left > 0 and (seconds := ends - time.monotonic()) > 0:
        if waiting.poll(seconds * 1000):
            part = os.read(answer, _PART)
            if not part:
                return
            left -= len(part)
            yield part


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return  # the usual end: it has answered and gone


class Worker:
    """The process that forks the readers: started when the first file comes, started again when it has gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: bytes, descriptors: list[int]) -> None:
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            assert self._socket is not None
            try:
                socket.send_fds(self._socket, [request], descriptors)
            except (BrokenPipeError, ConnectionError):
                self._start()
                socket.send_fds(self._socket, [request], descriptors)

    def close(self) -> None:
        """It ends when its socket is closed."""
        with self._lock:
            if self._socket:
                self._socket.close()
            if self._process:
                self._process.kill()
                self._process.wait()
            self._socket = self._process = None

    def _start(self) -> None:
        if self._process:
            self._process.wait()
        if self._socket:
            self._socket.close()
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket = mine
        command = [sys.executable, "-m", "libs.common.sheets.worker"]
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=_ROOT,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                start_new_session=True,
            )


_WORKER = Worker()
atexit.register(_WORKER.close)
