"""What a token (令牌) must be before anybody believes it: its form, its header, its signature, its life, the type of every claim."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any

from annotated_types import Len
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

# No token lives longer, whoever asks for it: what has leaked is worth nothing tomorrow.
LONGEST = timedelta(hours=12)
# Clocks of two machines differ by so much at most.
SKEW = timedelta(seconds=60)
# RFC 9068: an access token says that it is one, so nothing else that the same key signs (a certificate) passes for it.
TYPE = "at+jwt"
_HEADER = frozenset({"alg", "kid", "typ"})
# Claims in base64 have room for a scope of 8,000 signs, which names every action there is.
_FORM = re.compile(r"[A-Za-z0-9_-]{2,1000}\.[A-Za-z0-9_-]{2,12000}\.[A-Za-z0-9_-]{2,700}", re.ASCII)


class BadToken(ValueError):
    """A token that is not believed; the text says why, for the log and not for whoever sent it."""


def _printable(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("holds signs that nobody can read")
    return text


Word = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Name = Annotated[Word, StringConstraints(min_length=1)]
# RFC 8693: the actions that a system may, with spaces between them.
Scope = Annotated[str, StringConstraints(max_length=8000), AfterValidator(_printable)]
Region = Annotated[Word, StringConstraints(pattern=r"^[1-9][0-9]{5}(:[^:\s]+){0,2}$")]


@dataclass(frozen=True)
class Revoked:
    """Tokens that are good no longer: by id, and by issuer and subject until a moment. Seconds are all that a token tells of its own."""

    ids: Set[str] = frozenset()
    subjects: Mapping[tuple[str, str], datetime] = field(default_factory=dict)

    def holds(self, issuer: str, subject: str, token_id: str, issued: int) -> bool:
        until = self.subjects.get((issuer, subject))
        return token_id in self.ids or (until is not None and issued <= until.timestamp())


class Claims(BaseModel):
    """What a token of a node says: who, as what, for which divisions (433124, or a township of it, 433124:花垣镇), until when."""

    model_config = ConfigDict(strict=True, frozen=True)

    iss: Name
    aud: Name
    sub: Name
    role: Name
    regions: Annotated[list[Region], Len(max_length=500)]
    org: Word = ""
    purpose: Word = ""
    iat: int
    exp: int
    jti: Name
    scope: Scope = ""


def read_claims(token: str, keys: KeySet, now: datetime, *, issuer: str, audience: str) -> Claims:
    """The claims of a token that these keys have signed for this audience and that lives now; BadToken otherwise."""
    check_header(token)
    try:
        claims = Claims.model_validate(jwt.decode(token, keys, algorithms=["ES256"]).claims)
    except (JoseError, ValidationError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadToken(f"{type(error).__name__}: {error}"[:300]) from error
    if (claims.iss, claims.aud) != (issuer, audience):
        raise BadToken(f"issued by {claims.iss} for {claims.aud}")
    check_life(claims.iat, claims.exp, now)
    return claims


def check_header(token: str) -> None:
    """Exactly an algorithm, a key's name and the type: no key brought along, nothing `crit`ical, no other encoding."""
    if not _FORM.fullmatch(token):
        raise BadToken("no compact JWS")
    head = token.split(".", 1)[0]
    header = _parse(head)
    plain = (
        isinstance(header, dict) and set(header) == _HEADER and all(isinstance(value, str) for value in header.values())
    )
    if not plain or header["typ"] != TYPE:
        raise BadToken("not the header of an access token")


def _parse(head: str) -> Any:
    try:
        return json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError) as error:
        raise BadToken("the header is no JSON") from error


def check_life(issued: int, expires: int, now: datetime) -> None:
    """Not from the future, not over, and never longer than the longest."""
    if issued > (now + SKEW).timestamp():
        raise BadToken("issued in the future")
    if not issued < expires <= issued + LONGEST.total_seconds():
        raise BadToken(f"lives for {expires - issued} s")
    if expires <= now.timestamp():
        raise BadToken("has expired")
