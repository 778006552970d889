"""How the kernel becomes machine code: by numba, once for this machine and these sources, kept in `.cache`.

numba looks only at the file of a function to see whether its kept code is old, not at the files of what it calls; so the
directory is named after all sources of this room together.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., object])
_ROOM = Path(__file__).parent
_CACHE = Path(os.environ.get("XIELI_CACHE") or _ROOM.parents[2] / ".cache").absolute()


def _digest() -> str:
    sources = b"".join(path.read_bytes() for path in sorted(_ROOM.glob("*.py")))
    return hashlib.sha256(sources).hexdigest()[:12]


DIRECTORY = _CACHE / "numba" / f"kernel-{_digest()}"


_ALL = DIRECTORY / "complete"


def is_kept() -> bool:
    """Whether this machine has compiled all of these sources before."""
    return _ALL.is_file()


def mark_kept() -> None:
    """Says that every function has been compiled once."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    _ALL.touch()


# Without numba's counting of references (`_nrt`): the kernel is handed all its arrays and makes none, and counting them at
# each use in a loop cost more than the work itself.
_OPTIONS: dict[str, Any] = {"nogil": True, "boundscheck": False, "_nrt": False}


def compiled(function: Function) -> Function:
    """Machine code, kept between runs, that lets other threads run meanwhile."""
    numba.config.CACHE_DIR = str(DIRECTORY)  # type: ignore[attr-defined]
    made: Function = numba.njit(function, cache=True, **_OPTIONS)
    return made


def inlined(function: Function) -> Function:
    """Machine code that becomes part of its caller: a call would hand over hundreds of words of arrays each time."""
    made: Function = numba.njit(function, forceinline=True, **_OPTIONS)
    return made
