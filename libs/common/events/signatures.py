"""Signatures of events: Ed25519 by the announcing node over the canonical JSON of the attributes and the data."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from libs.common.events.canonical import canonical

# Of one node, by key id: more than one while keys are turned.
PublicKeys = Mapping[str, Ed25519PublicKey]


class FalseSignature(ValueError):
    """A signature that is not the node's; `reason` is a stable code."""

    def __init__(self, reason: str, detail: str):
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True)
class Announcer:
    """The node's announcing key."""

    keyid: str
    key: Ed25519PrivateKey

    @classmethod
    def read(cls, keys: Path) -> Self:
        jwk = json.loads((keys / "announce.jwk").read_text())
        return cls(jwk["kid"], Ed25519PrivateKey.from_private_bytes(decode(jwk["d"])))

    def sign(self, attributes: Mapping[str, Any], data: str) -> str:
        """The signature in base64url, over the attributes with this key's id and the data (JSON text)."""
        return encode(self.key.sign(signed_bytes({**attributes, "keyid": self.keyid}, json.loads(data), data)))


def attributes_of(
    *,
    id: str,
    source: str,
    type: str,
    time: str,
    topic: str,
    partition: int,
    partitionkey: str,
    sequence: str,
    traceparent: str | None,
) -> dict[str, Any]:
    """What is signed besides the data: an event's attributes as a line of the feed has them."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": type,
        "time": time,
        "topic": topic,
        "partition": partition,
        "partitionkey": partitionkey,
        "sequence": sequence,
        "traceparent": traceparent,
        "datacontenttype": "application/json",
    }


def signed_bytes(attributes: Mapping[str, Any], value: Any, text: str) -> bytes:
    """The bytes under a signature: attributes and data as one object in canonical form."""
    return canonical({**attributes, "data": value}, text)


def check_signature(keys: PublicKeys, attributes: Mapping[str, Any], value: Any, text: str, signature: str) -> None:
    """Raises FalseSignature unless the key that `attributes` name is one of these and has signed this."""
    key = keys.get(str(attributes["keyid"]))
    if key is None:
        raise FalseSignature("unknown_key", f"{attributes['keyid']} is no announcing key of {attributes['source']}")
    try:
        key.verify(decode(signature), signed_bytes(attributes, value, text))
    except (InvalidSignature, ValueError) as error:
        raise FalseSignature("false_signature", "the signature does not belong to this event") from error


def announcing_keys(jwks: Iterable[Mapping[str, Any]]) -> dict[str, Ed25519PublicKey]:
    """The announcing keys among a node's public keys (RFC 8037)."""
    return {
        str(jwk["kid"]): Ed25519PublicKey.from_public_bytes(decode(jwk["x"]))
        for jwk in jwks
        if jwk.get("kty") == "OKP" and jwk.get("crv") == "Ed25519" and jwk.get("use") == "sig"
    }


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Base64url without padding, in its only form; ValueError otherwise."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64url") from error
    if encode(raw) != text:
        raise ValueError("no base64url")
    return raw
