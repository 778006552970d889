"""The keys of a node (节点密钥), made once with access for their owner alone, and the public ones that partners exchange."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from joserfc.jwk import ECKey

from deploy.local.places import write_private
from libs.common.key_rings import FieldKeys, SealKeys

PUBLIC = {"sign.jwk": {"use": "sig", "alg": "ES256"}, "seal.jwk": {"use": "enc", "alg": "ECDH-ES+A256KW"}}


def make_keys(node: str, keys: Path) -> None:
    """Signing key, sealing key, field key, index key and jwks.json; what is there already stays as it is."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    turned = {name for name, ring in (("field.key", FieldKeys(keys)), ("seal.jwk", SealKeys(keys))) if ring.all()}
    for name, facts in PUBLIC.items():
        kid = f"{node}-{name.removesuffix('.jwk')}-1"
        if name not in turned:
            _write_once(keys / name, partial(elliptic_key, kid, facts))
    for name in {"field.key", "index.key"} - turned:
        _write_once(keys / name, partial(os.urandom, 32))
    _write_once(keys / "jwks.json", partial(_public_part, keys))


def _write_once(path: Path, make: Callable[[], bytes]) -> None:
    if not path.exists():
        write_private(path, make())


def elliptic_key(kid: str, facts: dict[str, str]) -> bytes:
    key = ECKey.generate_key("P-256", {"kid": kid, **facts}, private=True)  # type: ignore[arg-type]
    return json.dumps(key.as_dict(private=True)).encode()


def _public_part(keys: Path) -> bytes:
    both = [ECKey.import_key(json.loads((keys / name).read_text())) for name in PUBLIC]
    return json.dumps({"keys": [key.as_dict(private=False) for key in both]}, indent=1).encode()
