"""Personal data kept unreadable: field encryption, a blind index to find by, cards sealed to one node."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.jwk import KeySet

from libs.common.key_rings import FieldKeys, SealKeys

_NONCE = 12
_SEAL = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}


class Vault:
    """The node's keys for personal fields.

    A stored field is `key id (1 byte) | nonce (12) | ciphertext | tag (16)`; the context (`registry.person.name`) is
    authenticated, so a value moved to another column does not open. Field keys are derived for each context by HKDF.
    """

    def __init__(self, field_keys: FieldKeys, index_key: bytes, seal_keys: SealKeys):
        self.field_keys = field_keys
        self.seal_keys = seal_keys
        self._index = hmac.new(index_key, digestmod="sha256")
        self._ciphers: dict[tuple[int, str], tuple[AESGCM, bytes]] = {}
        self._newest: int | None = None

    @classmethod
    def read(cls, keys: Path) -> Self:
        """Open the vault from the node's key directory."""
        return cls(FieldKeys(keys), (keys / "index.key").read_bytes(), SealKeys(keys))

    def for_many(self) -> Self:
        """The same for the fields of one portion: which key is the newest is looked up now and not for each field, which costs as much
        as enciphering it."""
        many = copy(self)
        many._newest = self.field_keys.newest()[0]
        return many

    def encrypt(self, text: str, *, context: str) -> bytes:
        nonce, key = os.urandom(_NONCE), self._newest or self.field_keys.newest()[0]
        cipher, bound = self._cipher(key, context)
        return bytes([key]) + nonce + cipher.encrypt(nonce, text.encode(), bound)

    def decrypt(self, blob: bytes, *, context: str) -> str:
        cipher, bound = self._cipher(blob[0], context)
        return cipher.decrypt(blob[1 : 1 + _NONCE], blob[1 + _NONCE :], bound).decode()

    def blind_index(self, text: str, *, purpose: str) -> bytes:
        """HMAC-SHA-256 by this node's key: equal texts of one purpose are found, none can be read or tried elsewhere."""
        keyed = self._index.copy()  # the key worked in once: a person has some thirty tokens
        keyed.update(f"{purpose}\0{text}".encode())
        return keyed.digest()

    def open_sealed(self, card: str) -> dict[str, Any]:
        """Open a card that was sealed to this node: SealKeyGone for a key that is not here, joserfc's JoseError for a forged card."""
        opened = jwe.decrypt_compact(
            card, lambda sealed: self.seal_keys.get(sealed.headers().get("kid")), algorithms=list(_SEAL.values())
        )
        return dict(json.loads(opened.plaintext or b"{}"))

    @property
    def seal_jwks(self) -> KeySet:
        """This node's own sealing key as a set: for a card that stays in the county."""
        return KeySet([self.seal_keys.newest()[1]])

    def _cipher(self, key: int, context: str) -> tuple[AESGCM, bytes]:
        found = self._ciphers.get((key, context))
        if found is None:
            bound = context.encode()
            derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=bound).derive(self.field_keys.get(key))
            found = self._ciphers[key, context] = (AESGCM(derived), bound)
        return found


def seal(payload: Mapping[str, Any], jwks: KeySet) -> str:
    """Seal a payload to the node whose public keys are given (JWE compact, ECDH-ES+A256KW, A256GCM)."""
    key = next(key for key in jwks.keys if key.as_dict().get("use") == "enc")
    header = {**_SEAL, "kid": key.kid}
    plain = json.dumps(payload, ensure_ascii=False, default=str).encode()
    return jwe.encrypt_compact(header, plain, key, algorithms=list(_SEAL.values()))
