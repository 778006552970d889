"""Turning keys (密钥轮换): the files of a node's rings: a further field key, the sealing key of a month, a further signing key.

Each step leaves files that a service can work with, and done again it goes on where it was.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from joserfc.jwk import ECKey

from deploy.local.keys import PUBLIC, elliptic_key
from deploy.local.paths import write_private
from libs.common.key_rings import LAST_ID, FieldKeys, SealKeys

# A card may be on its way so long, and a partner may take so long to take in the new card of this node.
MONTHS_KEPT = 3


def add_field_key(keys: Path) -> int:
    """A further key under which everything is written from now on. A turn that is under way is gone on with instead."""
    ring = FieldKeys(keys)
    if len(ring.all()) > 1:
        return ring.newest()[0]
    new = ring.newest()[0] + 1
    if new > LAST_ID:
        raise OverflowError("the one byte for the key id is used up")
    ring.folder.mkdir(mode=0o700, exist_ok=True)
    write_private(ring.path(new), os.urandom(32))
    return new


def field_key_since(keys: Path) -> datetime:
    """When the newest field key was made."""
    ring = FieldKeys(keys)
    return _written_at(ring.path(ring.newest()[0]))


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)


def retire_field_keys(keys: Path, used: Iterable[int]) -> list[int]:
    """Destroy the older keys under which nothing is any more."""
    ring = FieldKeys(keys)
    gone = [key for key in ring.all() if key != ring.newest()[0] and key not in set(used)]
    for key in gone:
        ring.path(key).unlink()
    if gone:
        os.utime(ring.folder)  # services see by it that the ring has changed
    return gone


def turn_seal_key(node: str, keys: Path, today: date, months: int = MONTHS_KEPT) -> tuple[str, list[str]]:
    """The sealing key of this month, and which older ones have been destroyed."""
    ring = SealKeys(keys)
    kid = f"{node}-seal-{today:%Y-%m}"
    ring.folder.mkdir(mode=0o700, exist_ok=True)
    if not ring.path(kid).exists():
        write_private(ring.path(kid), elliptic_key(kid, PUBLIC["seal.jwk"]))
    publish_keys(keys)
    gone = [one for one in ring.all() if one != kid and _month_of(one, ring) < _months_before(today, months)]
    for one in gone:
        (ring.path(one) if ring.path(one).exists() else ring.first).unlink()
    if gone:
        os.utime(ring.folder)
    return kid, gone


def _month_of(kid: str, ring: SealKeys) -> str:
    """The month of a key; of the first one, that in which its file was written."""
    found = re.search(r"\d{4}-\d{2}$", kid)
    return found[0] if found else f"{_written_at(ring.first):%Y-%m}"


def _months_before(today: date, months: int) -> str:
    first = today.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return f"{first:%Y-%m}"


def turn_sign_key(node: str, keys: Path) -> str:
    """A further signing key. Its public part is known before anything is signed by it; the one before stays known."""
    old = ECKey.import_key(json.loads((keys / "sign.jwk").read_text()))
    kid = f"{node}-sign-{int(str(old.kid).rsplit('-', 1)[1]) + 1}"
    coming = keys / "sign.next.jwk"
    if not coming.exists():
        write_private(coming, elliptic_key(kid, PUBLIC["sign.jwk"]))
    publish_keys(keys)
    coming.rename(keys / "sign.jwk")
    return kid


def publish_keys(keys: Path, signing: int = 2) -> None:
    """jwks.json: the newest sealing key, and the newest signing keys with the one that comes; what was signed stays readable."""
    known = json.loads((keys / "jwks.json").read_text())["keys"]
    private = [path for path in (keys / "sign.next.jwk", keys / "sign.jwk") if path.exists()]
    own = [ECKey.import_key(json.loads(path.read_text())).as_dict(private=False) for path in private]
    announcing, signed = (
        [key for key in known if key["use"] == "sig" and (key["kty"] == "OKP") is okp] for okp in (True, False)
    )
    before = [key for key in signed if key["kid"] not in {one["kid"] for one in own}]
    sign = [*own, *before][: max(signing, len(own))]
    seal = SealKeys(keys).newest()[1].as_dict(private=False)
    write_private(keys / "jwks.json", json.dumps({"keys": [*sign, seal, *announcing]}, indent=1).encode())
