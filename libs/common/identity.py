"""Who is asking, and for which regions: ES256 tokens. What each role may do stands in `access`. There is no "auth off"."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from cachetools import LRUCache
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet

from libs.common.access.policy import ROLES
from libs.common.access.reach import NOTHING, Reach
from libs.common.issuers import ForeignIssuer
from libs.common.key_rings import KeyFile
from libs.common.problems import Forbidden, Unauthenticated
from libs.common.telemetry import log
from libs.common.tokens import LONGEST, TYPE, BadToken, Claims, Revoked, read_claims

NOT_VALID = "令牌无效：须由本节点签发、供本节点使用且未过期 The token is not valid here: it must be issued by this node, for it, and live."


def prefix_of(division: str) -> str:
    """A division as the prefix of everything inside it: 440300 -> 4403, 430000 -> 43, 433124 -> 433124."""
    for end in (2, 4):
        if len(division) == 6 and division[end:] == "0" * (6 - end):
            return division[:end]
    return division


@dataclass(frozen=True)
class Caller:
    """The person or system behind a request. Regions are divisions; `433124:花垣镇` is one township, `433124:花垣镇/扪岱村` one village.

    What the table grants for the action at hand is `reach` and `fields`; before that, nothing.
    """

    subject: str
    organisation: str
    role: str
    regions: tuple[str, ...]
    node: str
    purpose: str = ""
    token: str = field(default="", repr=False)
    issuer: str = ""
    token_id: str = ""
    issued_at: int = 0
    # The actions that a partner system's token names.
    scopes: frozenset[str] = frozenset()
    reach: Reach = NOTHING
    fields: frozenset[str] = frozenset()

    def granted(self, reach: Reach, fields: frozenset[str]) -> Self:
        return replace(self, reach=reach, fields=fields)

    def covers(self, division: str) -> bool:
        return any(division.startswith(prefix_of(region.split(":", 1)[0])) for region in self.regions)

    def check(self, division: str) -> None:
        """Refuse a division outside the caller's regions (403)."""
        if not self.covers(division):
            raise Forbidden(f"地区 {division} 不在授权范围内 Division {division} is outside the caller's regions.")


class Signer:
    """The node's signing key: issues tokens of the embedded issuer and signs certificates. Turned, it signs with the one that came."""

    def __init__(self, node: str, keys: Callable[[], list[ECKey]]):
        self.node = node
        self._keys = keys

    @classmethod
    def read(cls, node: str, keys: Path) -> Self:
        return cls(node, KeyFile(keys / "sign.jwk", _read_signing_keys))

    def issue(
        self,
        now: datetime,
        *,
        subject: str,
        role: str,
        regions: Iterable[str],
        organisation: str = "",
        purpose: str = "",
        lifetime: timedelta = LONGEST,
        scopes: Iterable[str] = (),
    ) -> str:
        """A token for one person at this node, or for a system, whose scopes it names. No token lives longer than `LONGEST`."""
        issued, key = int(now.timestamp()), self._keys()[0]
        claims = {
            "iss": self.node,
            "aud": self.node,
            "sub": subject,
            "role": role,
            "regions": list(regions),
            "org": organisation,
            "purpose": purpose,
            "iat": issued,
            "exp": issued + int(min(lifetime, LONGEST).total_seconds()),
            "jti": secrets.token_urlsafe(12),
            "scope": " ".join(scopes),
        }
        return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": TYPE}, claims, key)

    @property
    def jwks(self) -> KeySet:
        """The key as a set, with the one before, to read back what this node itself has signed."""
        return KeySet([*self._keys()])

    def sign(self, payload: bytes) -> str:
        """A compact JWS over bytes."""
        key = self._keys()[0]
        return jws.serialize_compact({"alg": "ES256", "kid": key.kid}, payload, key)


def _read_signing_keys(path: Path) -> list[ECKey]:
    """The one that signs, and from jwks.json beside it those before."""
    key = ECKey.import_key(json.loads(path.read_text()))
    known = json.loads((path.parent / "jwks.json").read_text())["keys"]
    return [
        key,
        *(
            ECKey.import_key(one)
            for one in known
            if one["use"] == "sig" and one["kty"] == "EC" and one["kid"] != key.kid
        ),
    ]


def _read_public_keys(path: Path) -> KeySet:
    return KeySet.import_key_set(json.loads(path.read_text()))


def read_signed(signed: str, jwks: KeySet) -> bytes:
    """The payload of a compact JWS by one of the given keys; raises JoseError when the signature is not theirs."""
    return jws.deserialize_compact(signed, jwks, algorithms=["ES256"]).payload


class Verifier:
    """Checks tokens against the keys that the node trusts; remembers verified ones until they expire (bounded).

    When the keys have turned, those that came are believed, and what keys that went have signed is forgotten.
    """

    def __init__(
        self, keys: Callable[[], KeySet], node: str, *, foreign: ForeignIssuer | None = None, remember: int = 2048
    ):
        self._keys = keys
        self._trusted: tuple[KeySet | None, ...] = ()
        self._node = node
        self.foreign = foreign
        self.revoked: dict[str, Revoked] = {}  # as each service of this process has it in its table
        self._known: LRUCache[bytes, tuple[int, Caller]] = LRUCache(remember)

    @classmethod
    def read(cls, node: str, keys: Path, issuer: Path | None = None) -> Self:
        return cls(
            KeyFile(keys / "jwks.json", _read_public_keys), node, foreign=ForeignIssuer.read(issuer) if issuer else None
        )

    def verify(self, token: str, now: datetime) -> Caller:
        """The caller behind a token, or 401."""
        if not token.isascii():
            raise _refuse(NOT_VALID)
        digest = hashlib.sha256(token.encode()).digest()
        expires, caller = self._known.get(digest) or self._check(token, digest, now)
        if expires <= now.timestamp():
            self._known.pop(digest, None)
            raise _refuse("令牌已过期 The token has expired.")
        if any(
            known.holds(caller.issuer, caller.subject, caller.token_id, caller.issued_at)
            for known in self.revoked.values()
        ):
            raise _refuse("令牌已吊销 The token has been revoked.")
        return caller

    def _check(self, token: str, digest: bytes, now: datetime) -> tuple[int, Caller]:
        trusted = (keys := self._keys(), self.foreign.keys if self.foreign else None)
        if trusted != self._trusted:
            self._known.clear()
            self._trusted = trusted
        try:
            expires, caller = self._read(token, keys, now)
        except BadToken as error:
            log.info("token_refused", why=str(error))
            raise _refuse(NOT_VALID) from error
        self._known[digest] = (expires, caller)
        return expires, caller

    def _read(self, token: str, keys: KeySet, now: datetime) -> tuple[int, Caller]:
        if self.foreign is not None and self.foreign.issued(token):
            said, rights = self.foreign.read_claims(token, now)
            return said.exp, Caller(
                subject=self.foreign.subject_of(said),
                organisation=rights.organisation,
                role=rights.role,
                regions=rights.regions,
                node=self._node,
                token=token,
                issuer=said.iss,
                token_id=said.jti,
                issued_at=said.iat,
                scopes=frozenset(said.scope.split()),
            )
        claims = read_claims(token, keys, now, issuer=self._node, audience=self._node)
        return claims.exp, _caller_of(claims, token)


def _refuse(why: str) -> Unauthenticated:
    return Unauthenticated(why, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


def _caller_of(claims: Claims, token: str) -> Caller:
    if claims.role not in ROLES:
        raise BadToken(f"unknown role {claims.role}")
    return Caller(
        subject=claims.sub,
        organisation=claims.org,
        role=claims.role,
        regions=tuple(claims.regions),
        node=claims.iss,
        purpose=claims.purpose,
        token=token,
        issuer=claims.iss,
        token_id=claims.jti,
        issued_at=claims.iat,
        scopes=frozenset(claims.scope.split()),
    )
