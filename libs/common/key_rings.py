"""Key rings (密钥环): a node's field keys by id and its sealing keys by period; the newest writes, older ones still open.

Field keys: `field.key` is id 1, `field/<id>.key` the others. Sealing keys: `seal.jwk` is the first, `seal/<kid>.jwk` those of later
periods. A ring that others turn while a service runs is read again as soon as its directory has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from joserfc.jwk import ECKey

from libs.common.problems import Gone
from libs.common.telemetry import log

Name = TypeVar("Name", int, str)
Key = TypeVar("Key")

FIRST_ID, LAST_ID = 1, 255  # one byte before every stored field


class FieldKeyGone(Gone):
    title = "字段密钥已销毁 The field key has been destroyed"


class SealKeyGone(Gone):
    title = "卡片封给的密钥不在本节点 The key that the card was sealed to is not at this node (any more)"


class KeyFile(Generic[Key]):
    """Keys in one file, read again when it has been written anew. A look is one `stat`: whoever asks in vain costs no reading."""

    def __init__(self, path: Path, read: Callable[[Path], Key]):
        self._path, self._read = path, read
        self._seen, self._keys = self._stamp(), read(path)

    def __call__(self) -> Key:
        try:
            stamp = self._stamp()
            if stamp != self._seen:
                self._keys = self._read(self._path)
                self._seen = stamp
        except (OSError, ValueError, KeyError) as error:
            log.warning(
                "keys_unreadable", file=self._path.name, error=f"{type(error).__name__}: {error}"[:200]
            )  # those of before hold
        return self._keys

    def _stamp(self) -> tuple[int, int]:
        found = os.stat(self._path)
        return found.st_mtime_ns, found.st_ino


class Ring(Generic[Name, Key]):
    """Files of one kind in a directory, and the one from before there was a directory."""

    def __init__(self, keys: Path, first: str, folder: str):
        self.first, self.folder = keys / first, keys / folder
        self._seen: int | None = None
        self._keys: dict[Name, Key] = {}

    def all(self) -> dict[Name, Key]:
        """Every key there is, the oldest first."""
        changed = self._changed_at()
        if changed != self._seen:
            self._keys = dict(sorted(self._read().items()))
            self._seen = changed
        return self._keys

    def newest(self) -> tuple[Name, Key]:
        return next(reversed(self.all().items()))

    def _changed_at(self) -> int:
        try:
            return os.stat(self.folder).st_mtime_ns
        except FileNotFoundError:
            return 0

    def _read(self) -> dict[Name, Key]:
        raise NotImplementedError


class FieldKeys(Ring[int, bytes]):
    """The keys under which personal fields are stored, by the id in front of each field."""

    def __init__(self, keys: Path):
        super().__init__(keys, "field.key", "field")

    def get(self, key: int) -> bytes:
        """Raises FieldKeyGone for an id that has been retired."""
        try:
            return self.all()[key]
        except KeyError:
            raise FieldKeyGone(f"没有密钥「{key}」 There is no key {key}.") from None

    def path(self, key: int) -> Path:
        return self.first if key == FIRST_ID and self.first.exists() else self.folder / f"{key}.key"

    def _read(self) -> dict[int, bytes]:
        found = {int(path.stem): path.read_bytes() for path in self.folder.glob("*.key")}
        return found | ({FIRST_ID: self.first.read_bytes()} if self.first.exists() else {})


class SealKeys(Ring[str, ECKey]):
    """The keys that cards are sealed to, by key id: `n433124-seal-1`, and by month `n433124-seal-2026-11`."""

    def __init__(self, keys: Path):
        super().__init__(keys, "seal.jwk", "seal")

    def get(self, kid: Any) -> ECKey:
        """Raises SealKeyGone for a key that its period's end has destroyed, or that was never this node's."""
        key = self.all().get(kid) if isinstance(kid, str) else None
        if key is None:
            raise SealKeyGone(f"没有密钥「{str(kid)[:80]}」 There is no key {str(kid)[:80]}.")
        return key

    def path(self, kid: str) -> Path:
        return self.folder / f"{kid}.jwk"

    def _read(self) -> dict[str, ECKey]:
        found = [_jwk(path) for path in [*self.folder.glob("*.jwk"), *([self.first] if self.first.exists() else [])]]
        return {str(key.kid): key for key in found}


def _jwk(path: Path) -> ECKey:
    return ECKey.import_key(json.loads(path.read_text()))
