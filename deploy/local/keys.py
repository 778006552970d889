"""The keys of a node (节点密钥), made once with access for their owner alone, and the public ones that partners exchange."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from joserfc.jwk import ECKey, OKPKey

from deploy.local.paths import write_private
from libs.common.key_rings import FieldKeys, SealKeys

PUBLIC = {"sign.jwk": {"use": "sig", "alg": "ES256"}, "seal.jwk": {"use": "enc", "alg": "ECDH-ES+A256KW"}}

ANNOUNCE = "announce.jwk"


def make_keys(node: str, keys: Path) -> None:
    """Signing, announcing, sealing, field and index key, and the public ones in jwks.json; what is there already stays as it is."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    turned = {name for name, ring in (("field.key", FieldKeys(keys)), ("seal.jwk", SealKeys(keys))) if ring.all()}
    for name, facts in PUBLIC.items():
        kid = f"{node}-{name.removesuffix('.jwk')}-1"
        if name not in turned:
            _write_once(keys / name, partial(elliptic_key, kid, facts))
    _write_once(keys / ANNOUNCE, partial(_announcing_key, node))
    for name in {"field.key", "index.key"} - turned:
        _write_once(keys / name, partial(os.urandom, 32))
    _write_once(keys / "jwks.json", partial(_public_part, keys))
    _publish_announcing_key(keys)


def _write_once(path: Path, make: Callable[[], bytes]) -> None:
    if not path.exists():
        write_private(path, make())


def elliptic_key(kid: str, facts: dict[str, str]) -> bytes:
    key = ECKey.generate_key("P-256", {"kid": kid, **facts}, private=True)  # type: ignore[arg-type]
    return json.dumps(key.as_dict(private=True)).encode()


def _public_part(keys: Path) -> bytes:
    both = [ECKey.import_key(json.loads((keys / name).read_text())) for name in PUBLIC]
    return json.dumps({"keys": [key.as_dict(private=False) for key in both]}, indent=1).encode()


def _announcing_key(node: str) -> bytes:
    """Named by its thumbprint, so that the next one has another name and both are known while partners learn of it."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, private=True)
    return json.dumps({**key.as_dict(private=True), "kid": f"{node}-announce-{key.thumbprint()[:8]}"}).encode()


def _publish_announcing_key(keys: Path) -> None:
    """Of a node from before there was one, or of one that has just got its next; the one before stays known."""
    path = keys / "jwks.json"
    known, own = json.loads(path.read_text())["keys"], json.loads((keys / ANNOUNCE).read_text())
    if own["kid"] not in {key["kid"] for key in known}:
        public = {name: value for name, value in own.items() if name != "d"}
        write_private(path, json.dumps({"keys": [*known, public]}, indent=1).encode())
