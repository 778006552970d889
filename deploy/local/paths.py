"""Where things are kept on this machine: the repository, its state (var) and its cache (.cache)."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import OperatorError

REPOSITORY = Path(__file__).resolve().parents[2]

# A socket address holds about 100 bytes on every system; PostgreSQL appends `/.s.PGSQL.5432.lock`.
LONGEST_SOCKET_DIRECTORY = 70


class PlaceTaken(OperatorError):
    """A directory that must be ours alone belongs to another user."""


def state_directory() -> Path:
    """All state of the nodes: XIELI_HOME, or `var` in the repository."""
    return Path(os.environ.get("XIELI_HOME") or REPOSITORY / "var").absolute()


def cache_directory() -> Path:
    """What can be fetched or made again: XIELI_CACHE, or `.cache` in the repository."""
    return Path(os.environ.get("XIELI_CACHE") or REPOSITORY / ".cache").absolute()


@dataclass(frozen=True)
class NodePaths:
    """The directories of one node below `<state>/nodes/<node>`."""

    root: Path

    @classmethod
    def of(cls, node: str, state: Path | None = None) -> NodePaths:
        return cls((state or state_directory()) / "nodes" / node)

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def wires(self) -> Path:
        return self.root / "wires"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def kafka(self) -> Path:
        return self.root / "kafka"

    @property
    def mirror(self) -> Path:
        return self.root / "mirror"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def run(self) -> Path:
        return self.root / "run"

    def create(self) -> None:
        """All directories, with this user alone let in: keys, logs and events say much about people."""
        for directory in (self.keys, self.wires, self.log, self.run, self.kafka, self.mirror):
            directory.mkdir(parents=True, exist_ok=True)
            directory.chmod(0o700)


def socket_directory(data: Path) -> Path:
    """A short directory for the socket of a server whose data may lie in a very long path; always the same one."""
    name = "xieli-" + hashlib.sha256(f"{os.getuid()}:{data.resolve()}".encode()).hexdigest()[:12]
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):
        if len(os.fsencode(base / name)) <= LONGEST_SOCKET_DIRECTORY:
            return base / name
    raise PlaceTaken(
        f"no directory short enough for a socket: set TMPDIR to a shorter one than {tempfile.gettempdir()}"
    )


def read_if_there(path: Path) -> str:
    """What a file holds, or nothing: whoever wrote it may be removing it at this moment, so that asking first would not help."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def own_directory(directory: Path, owner: int, group: int) -> None:
    """Make sure the directory exists and belongs to this owner alone (0700); refuse somebody else's."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = directory.lstat()
    if found.st_uid not in (owner, os.getuid()) or directory.is_symlink():
        raise PlaceTaken(f"{directory} belongs to another user: remove it or set TMPDIR")
    if found.st_uid != owner:
        os.chown(directory, owner, group)
    directory.chmod(0o700)


def write_private(path: Path, content: bytes) -> None:
    """Write a file for its owner alone, beside and moved into place: half a key must never be taken for one."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    beside.rename(path)
