"""Partner systems (伙伴系统): which keys they may show themselves by, and which actions of the table their scopes may name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from libs.common.access.policy import POLICY

ROLE = "system"
MOST_KEYS = 5
# RFC 7518 and 8037: what of a key nobody but its owner knows; `k` is a key that both sides would have.
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_PUBLIC = frozenset({"kty", "crv", "x", "y", "n", "e"})
_RSA_BITS = range(2048, 4097)


class NoSuchScope(ValueError):
    """An action that the table does not give to systems."""


class NoPublicKeys(ValueError):
    """What was given cannot serve as a system's public keys; the text says why."""


@dataclass(frozen=True)
class System:
    """A program of another organisation that gets tokens by its key. Closed for good once it is closed."""

    id: UUID
    name: str
    organisation: str
    regions: tuple[str, ...]
    scopes: tuple[str, ...]
    jwks: Mapping[str, Any]
    created_at: datetime
    closed_at: datetime | None = None
    version: int = 1

    @property
    def client_id(self) -> str:
        return client_id_of(self.id)

    @property
    def keys(self) -> KeySet:
        return KeySet.import_key_set({"keys": list(self.jwks["keys"])})

    @property
    def rights(self) -> dict[str, Any]:
        """What an operator may change."""
        return {
            "name": self.name,
            "organisation": self.organisation,
            "regions": list(self.regions),
            "scopes": list(self.scopes),
        }


def client_id_of(id: UUID) -> str:
    """As a URI, which no login of a person can be."""
    return f"urn:uuid:{id}"


def id_of(client_id: str) -> UUID | None:
    """The system behind a client_id in its one spelling."""
    try:
        id = UUID(client_id.removeprefix("urn:uuid:"))
    except ValueError:
        return None
    return id if client_id_of(id) == client_id else None


def grantable() -> tuple[str, ...]:
    """The actions that a scope may name: what the table gives to systems."""
    return tuple(name for name, action in POLICY.items() if ROLE in action.cells)


def check_scopes(scopes: Sequence[str]) -> list[str]:
    """In the table's order, each once; NoSuchScope for what it does not give to any system."""
    if beyond := sorted(set(scopes) - set(grantable())):
        names = ", ".join(beyond)[:300]
        raise NoSuchScope(f"权限表未给合作系统这些事项「{names}」 The table gives no system: {names}")
    return [name for name in grantable() if name in scopes]


def read_public_keys(given: Mapping[str, Any]) -> dict[str, Any]:
    """A JWK Set (RFC 7517) of public signing keys as it is kept: each with a name, nothing private, no kind that is not taken."""
    listed = given["keys"]
    if not 0 < len(listed) <= MOST_KEYS:
        raise NoPublicKeys(f"须有 1 至 {MOST_KEYS} 把公钥 One to {MOST_KEYS} public keys.")
    if any(PRIVATE & key.keys() for key in listed):
        raise NoPublicKeys(
            "含有私钥：该私钥已泄露，请换新密钥，只提交公钥 This holds a private key, which is no secret any more: make another, give its public part."
        )
    keys = [_read_key(key) for key in listed]
    if len({key["kid"] for key in keys}) < len(keys):
        raise NoPublicKeys("kid 重复 Two keys have the same kid.")
    return {"keys": keys}


def _read_key(given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        key = KeySet.import_key_set({"keys": [dict(given)]}).keys[0]
        if given.get("use", "sig") != "sig" or not algorithms_of(key):
            raise NoPublicKeys(
                "签名公钥须为 Ed25519、P-256 或 2048 至 4096 位 RSA Signing keys are Ed25519, P-256, or RSA of 2048 to 4096 bits."
            )
        public = {name: value for name, value in key.as_dict(private=False).items() if name in _PUBLIC}
        return {**public, "kid": given.get("kid") or key.thumbprint(), "use": "sig"}
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise (
            error
            if isinstance(error, NoPublicKeys)
            else NoPublicKeys(f"公钥无法读取 A key cannot be read: {type(error).__name__}")
        ) from error


def algorithms_of(key: Key) -> tuple[str, ...]:
    """How a key signs here, and under no other name; nothing for a key that is not taken. `EdDSA` is what Ed25519 was called before RFC 9864."""
    if isinstance(key, OKPKey) and key.curve_name == "Ed25519":
        return ("Ed25519", "EdDSA")
    if isinstance(key, ECKey) and key.curve_name == "P-256":
        return ("ES256",)
    if isinstance(key, RSAKey) and key.public_key.key_size in _RSA_BITS:
        return ("RS256",)
    return ()
