"""Free ports on the loopback address, remembered by the node, and who holds one that is not free."""

from __future__ import annotations

import socket
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from zlib import crc32

import psutil

from deploy.local.errors import OperatorError

LOOPBACK = "127.0.0.1"
FIRST, LAST = 18100, 28000


class PortTaken(OperatorError):
    """A port that a node must have is held by another process."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody holds at this moment, all different, for servers that live as long as a test."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def lasting_ports(count: int, avoid: Collection[int], home: Path) -> list[int]:
    """Free ports that a node can keep: below those which the system hands to outgoing connections.

    Where the search begins is a matter of the home: two that are settled at the same moment see the same ports free.
    """
    begin = FIRST + crc32(bytes(home)) % (LAST - FIRST)
    found = (port for port in (*range(begin, LAST), *range(FIRST, begin)) if port not in avoid and is_free(port))
    chosen = list(islice(found, count))
    if len(chosen) < count:
        raise PortTaken(f"no {count} free ports between {FIRST} and {LAST}")
    return chosen


def is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Who listens on a port, in words; another user's process may not show its name."""
    try:
        listening = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return "another process"
    for one in listening:
        if one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == port and one.pid:
            return f"{psutil.Process(one.pid).name()} (pid {one.pid})"
    return "another process"


def require_free(port: int, purpose: str) -> None:
    """Refuse with the port and its holder named."""
    if not is_free(port):
        raise PortTaken(
            f"port {port}, needed for {purpose}, is held by {holder(port)}: end it, or remove the node's data"
        )
