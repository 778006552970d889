"""Servers in processes of their own, and connections that ask as soon as they are answered: what benches over HTTP share."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil

from deploy.local.ports import free_ports


class Server(NamedTuple):
    """A server that listens."""

    port: int
    process: psutil.Process


class Question(NamedTuple):
    """One request as it goes over the wire, without the headers that all of a load share."""

    path: str
    body: bytes = b""
    headers: Mapping[str, str] = {}
    method: str = ""


class Load(NamedTuple):
    """What a load came to: answers a second, the server's processor seconds for each, and how long each answer took."""

    rate: float
    cost: float
    seconds: list[float]


@contextmanager
def served(module: str, what: str, home: Path, *given: str) -> Iterator[Server]:
    """`python -m MODULE WHAT HOME PORT GIVEN…` in a process of its own, from the moment when it listens; its log is in `home`."""
    port = free_ports(1)[0]
    command = [sys.executable, "-P", "-m", module, what, str(home), str(port), *given]
    with (home / f"{what}.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            while not _listens(port):
                assert process.poll() is None, f"{what} ended: {(home / f'{what}.log').read_text()[-2000:]}"
                time.sleep(0.1)
            yield Server(port, psutil.Process(process.pid))
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/")
    except httpx.TransportError:
        return False
    return True


def taken(port: int) -> socket.socket:
    """Nobody else's from now on; it listens when the server runs."""
    # Of a socket that does not say that it is TCP, asyncio would not send small parts of an answer at once: 40 ms each.
    found = socket.socket(proto=socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("127.0.0.1", port))
    return found


def load(server: Server, token: str, questions: Iterable[Question], connections: int) -> Load:
    """Ask everything over so many connections; anything but 2xx ends the bench."""
    before = sum(server.process.cpu_times()[:2])
    begun = time.perf_counter()
    seconds = asyncio.run(_all_at_once(server.port, token, questions, connections))
    took, spent = time.perf_counter() - begun, sum(server.process.cpu_times()[:2]) - before
    return Load(len(seconds) / took, spent / len(seconds), seconds)


async def _all_at_once(port: int, token: str, questions: Iterable[Question], connections: int) -> list[float]:
    waiting = iter(questions)
    each = await asyncio.gather(*(_ask(port, token, waiting) for _ in range(connections)))
    return [seconds for one in each for seconds in one]


async def _ask(port: int, token: str, waiting: Iterator[Question]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    seconds = []
    for question in waiting:
        begun = time.perf_counter()
        writer.write(_wire(question, token))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        body = await reader.readexactly(int(length.partition(b":")[2]))
        seconds.append(time.perf_counter() - begun)
        assert head.startswith(b"HTTP/1.1 2"), head + body
    writer.close()
    return seconds


def _wire(question: Question, token: str) -> bytes:
    said = {"Host": "node", "Authorization": f"Bearer {token}", **question.headers}
    if question.body:
        said |= {"Content-Type": "application/json", "Content-Length": str(len(question.body))}
    method = question.method or ("POST" if question.body else "GET")
    return (
        "\r\n".join(
            [f"{method} {question.path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
        ).encode()
        + question.body
    )
