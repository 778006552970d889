"""A partner's system as another organisation would write it: authlib's client with its own key, at the token endpoint of a node."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from services.console.rules.assertions import TYPE

KEYS: dict[str, Key] = {
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "ed-1"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ec-1"}),
    "RS256": RSAKey.generate_key(2048, {"kid": "rsa-1"}),
}
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "ed-1"})
SCOPES = ["jobs.vacancy.list", "jobs.vacancy.show", "jobs.vacancy.create"]


def public(*keys: Key) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys or KEYS.values()]}


def new_system(**other: Any) -> dict[str, Any]:
    return {
        "name": "花垣县人社信息系统",
        "organisation": "",
        "regions": ["433124"],
        "scopes": SCOPES,
        "jwks": public(),
        **other,
    }


@dataclass(frozen=True)
class Partner:
    """Who it is registered as, and for whom it makes assertions."""

    client_id: str
    audience: str

    def claims(self, **other: Any) -> dict[str, Any]:
        now = int(datetime.now(UTC).timestamp())
        said = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.audience,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid4()),
            **other,
        }
        return {name: value for name, value in said.items() if value is not None}

    def assertion(
        self, alg: str = "Ed25519", key: Key | None = None, header: dict[str, Any] | None = None, **other: Any
    ) -> str:
        key = key or KEYS.get(alg, KEYS["EdDSA"])
        head = {"alg": alg, "kid": key.kid, **(header or {})}
        registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
        return jws.serialize_compact(head, json.dumps(self.claims(**other)).encode(), key, registry=registry)

    def form(self, assertion: str = "", **other: str) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": TYPE,
            "client_assertion": assertion or self.assertion(),
            **other,
        }
