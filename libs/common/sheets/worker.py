"""The process that reads files (隔离进程): one that stays and forks a child with hard limits for each file, and nothing else.

`python -m libs.common.sheets.worker`, with a socket as standard input. Each message is a request as JSON together with two
file descriptors: the file, and a pipe for the answer. It has one thread, so that forking it is safe, and it has everything
loaded, so that a child is there in milliseconds. It gets no environment, no keys, and no connection of the node.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from typing import IO, Any

from libs.common.sheets.characters import simplified
from libs.common.sheets.errors import FileTooLarge, WrongFile
from libs.common.sheets.limits import MEMORY_BYTES, WHOLE_BYTES, processor_seconds
from libs.common.sheets.model import Layout, Table
from libs.common.sheets.pieces import NotPlain, is_long, read_pieces
from libs.common.sheets.reader import read_grids_into_table
from libs.common.sheets.wire import answer_lines, refusal_lines


def main() -> None:
    """Serve until the node's end of the socket is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that have ended leave nothing behind
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the node's affair; it closes the socket
    simplified("表")
    gc.freeze()
    with socket.socket(fileno=sys.stdin.fileno()) as requests:
        while True:
            message, descriptors, _, _ = socket.recv_fds(requests, 1 << 20, 2)
            if not message:
                return
            if os.fork() == 0:
                requests.close()
                _read_one(json.loads(message), *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)


def _read_one(request: dict[str, Any], file: int, answer: int) -> None:
    """In the child: read one file under limits, answer, and end whatever happens."""
    status = 1
    try:
        _confine(os.fstat(file).st_size)
        with os.fdopen(file, "rb") as content, os.fdopen(answer, "wb") as told:
            told.write(f"{os.getpid()}\n".encode())
            told.flush()
            _tell(request, content, told)
        status = 0
    finally:
        os._exit(status)


def _confine(size: int) -> None:
    """No more memory, processor, files or processes than one file may cost; last in line for the processor; no core dump."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, processor_seconds(size)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(what, (limit, limit))
    os.nice(10)


def _tell(request: dict[str, Any], content: IO[bytes], told: IO[bytes]) -> None:
    content.seek(0)
    try:
        told.writelines(answer_lines(_tables(content, request["filename"], Layout(**request["layout"]))))
    except WrongFile as wrong:
        told.writelines(refusal_lines(wrong))
    except MemoryError:
        raise  # without an answer the node says that it took too much
    except Exception as error:
        told.writelines(refusal_lines(WrongFile(f"文件内容无法理解 The file makes no sense ({type(error).__name__})")))


def _tables(content: IO[bytes], filename: str, layout: Layout) -> Iterator[Table | None]:
    """A long plain file in pieces; any other one whole."""
    if is_long(content, filename):
        try:
            yield from read_pieces(content, filename, layout)
            return
        except NotPlain:
            yield None
    content.seek(0)
    whole = content.read(WHOLE_BYTES + 1)
    if len(whole) > WHOLE_BYTES:
        raise FileTooLarge(
            f"超过 {WHOLE_BYTES} 字节的文件请存为 CSV，只含一张表 Save a file of more than {WHOLE_BYTES} bytes as CSV with one table"
        )
    yield read_grids_into_table(whole, filename, layout)


if __name__ == "__main__":
    main()
