"""Another issuer (外部签发方) whose access tokens this node takes: described by a file, its keys fetched beside the requests, its claims as rights here."""

from __future__ import annotations

import asyncio
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

import httpx
from annotated_types import Len
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from libs.common.access.policy import ROLES
from libs.common.telemetry import log
from libs.common.tokens import SKEW, BadToken, Name, Region, Scope, check_header, check_life

FRESH_SECONDS, AGAIN_AFTER_SECONDS, ANSWER_SECONDS = 3600.0, 5.0, 10.0
Rights = TypeVar("Rights")


def secure_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("it is reached over https")
    return address


def rights_for(rights: Mapping[str, Rights], said: Any) -> Rights | None:
    """The rights of the first value in the file's order that a claim has; None for somebody whom this node does not know."""
    values: Iterable[Any] = said if isinstance(said, list) else [said]
    return next((given for value, given in rights.items() if value in values), None)


def _foreign_role(role: str) -> str:
    """The node's own services sign by its own key, and a person of the register has an id that no other issuer knows."""
    if role not in ROLES or role in ("service", "labourer"):
        raise ValueError(f"no role for another issuer's tokens: {role}")
    return role


class ForeignRights(BaseModel):
    """What a value of the claim gives."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Annotated[str, AfterValidator(_foreign_role)]
    regions: tuple[Region, ...] = Field(min_length=1)
    organisation: str = ""


class TrustedIssuer(BaseModel):
    """issuer.json: who signs, what its tokens name as their audience, where its keys are, and the claim whose values give rights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: Annotated[str, AfterValidator(secure_address)]
    audience: Annotated[str, Field(min_length=1)]
    jwks_uri: Annotated[str, AfterValidator(secure_address)]
    algorithms: tuple[Literal["RS256", "PS256", "ES256"], ...] = Field(default=("RS256", "ES256"), min_length=1)
    claim: str = "groups"
    rights: dict[str, ForeignRights]


class ForeignClaims(BaseModel):
    """An access token of RFC 9068; what else it says is looked at where the file names it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="allow")

    iss: Name
    aud: Name | Annotated[list[Name], Len(1, 20)]
    sub: Name
    jti: Name
    iat: int
    exp: int
    nbf: int | None = None
    scope: Scope = ""


class ForeignIssuer:
    """The issuer as a process knows it. Tokens are judged by keys at hand: no request waits for the issuer."""

    def __init__(self, trusted: TrustedIssuer):
        self.trusted = trusted
        self.keys: KeySet | None = None
        self._wanted = asyncio.Event()

    @classmethod
    def read(cls, path: Path) -> Self:
        """As the file describes it; a file that does not stops the start."""
        return cls(TrustedIssuer.model_validate_json(path.read_bytes()))

    def issued(self, token: str) -> bool:
        """Whether a token says that it is from here; nothing of it is believed yet."""
        try:
            part = token.split(".")[1]
            said = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            return isinstance(said, dict) and said.get("iss") == self.trusted.issuer
        except (ValueError, IndexError, RecursionError):
            return False

    def read_claims(self, token: str, now: datetime) -> tuple[ForeignClaims, ForeignRights]:
        """The claims of a token that this issuer has signed for this node and that lives now, and their rights; BadToken otherwise."""
        check_header(token)
        claims = self._signed(token)
        audience = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if claims.iss != self.trusted.issuer or self.trusted.audience not in audience:
            raise BadToken(f"issued by {claims.iss} for {claims.aud}")
        check_life(claims.iat, claims.exp, now)
        if claims.nbf is not None and claims.nbf > (now + SKEW).timestamp():
            raise BadToken("not yet good")
        rights = rights_for(self.trusted.rights, (claims.model_extra or {}).get(self.trusted.claim))
        if rights is None:
            raise BadToken(f"its {self.trusted.claim} gives no rights here")
        return claims, rights

    def subject_of(self, claims: ForeignClaims) -> str:
        """As no account of this node is called by itself: with the issuer's host behind it."""
        return f"{claims.sub}@{urlsplit(self.trusted.issuer).hostname}"

    def _signed(self, token: str) -> ForeignClaims:
        if self.keys is None:
            self._wanted.set()
            raise BadToken("the issuer's keys are not at hand")
        try:
            return ForeignClaims.model_validate(
                jwt.decode(token, self.keys, algorithms=list(self.trusted.algorithms)).claims
            )
        except (JoseError, ValidationError, ValueError, TypeError, KeyError, RecursionError) as error:
            self._wanted.set()  # the issuer may have turned its keys
            raise BadToken(f"{type(error).__name__}: {error}"[:300]) from error

    async def keep_keys(self) -> None:
        """Fetch the keys each hour, and a few seconds after a token that they do not fit, until cancelled; those at hand serve on."""
        while True:
            self._wanted.clear()
            begun = time.monotonic()
            await self._fetch()
            with suppress(TimeoutError):  # nobody has wanted them meanwhile
                await asyncio.wait_for(self._wanted.wait(), FRESH_SECONDS)
            await asyncio.sleep(max(0.0, AGAIN_AFTER_SECONDS - (time.monotonic() - begun)))

    async def _fetch(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
                self.keys = KeySet.import_key_set((await client.get(self.trusted.jwks_uri)).raise_for_status().json())
        except (httpx.HTTPError, JoseError, ValueError, TypeError, KeyError) as error:
            log.warning("issuer_away", address=self.trusted.jwks_uri, error=type(error).__name__)
