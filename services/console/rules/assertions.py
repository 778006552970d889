"""A client's assertion (RFC 7523, `private_key_jwt`): who it says it is, and whether its own key says so for this node and now."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Any

from annotated_types import Len
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from libs.common.tokens import SKEW, Name
from services.console.rules.systems import algorithms_of

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST = timedelta(minutes=5)
_HEADER = frozenset({"alg", "kid", "typ"})


class BadAssertion(ValueError):
    """An assertion that is not believed; the text is for the log."""


class Assertion(BaseModel):
    """Its claims. One audience alone, so that what is said to another server is never taken as said to this one."""

    model_config = ConfigDict(strict=True, frozen=True)

    iss: Name
    sub: Name
    aud: Name | Annotated[list[Name], Len(1, 1)]
    exp: int
    jti: Name
    iat: int | None = None
    nbf: int | None = None


def claimed_client(assertion: str) -> str:
    """The client_id that an assertion says it is from, before anything of it is believed; empty where it says none."""
    try:
        said = _read_part(assertion.split(".")[1])["iss"]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return ""
    return said if isinstance(said, str) else ""


def check_assertion(
    assertion: str, keys: KeySet, client_id: str, audiences: Collection[str], now: datetime
) -> Assertion:
    """The claims of an assertion by one of the client's keys, for this node, living and short; BadAssertion otherwise."""
    try:
        said = Assertion.model_validate(json.loads(_verified(assertion, keys)))
    except (JoseError, ValidationError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadAssertion(f"{type(error).__name__}: {error}"[:300]) from error
    audience = said.aud if isinstance(said.aud, str) else said.aud[0]
    seconds, skew = now.timestamp(), SKEW.total_seconds()
    faults = {
        "iss or sub": (said.iss, said.sub) != (client_id, client_id),
        "aud": audience not in audiences,
        "exp, over": said.exp <= seconds,
        "exp, too far": said.exp > seconds + LONGEST.total_seconds() + skew,
        "iat": (said.iat or 0) > seconds + skew,
        "nbf": (said.nbf or 0) > seconds + skew,
    }
    if wrong := [name for name, fault in faults.items() if fault]:
        raise BadAssertion(f"wrong {', '.join(wrong)}")
    return said


def _verified(assertion: str, keys: KeySet) -> bytes:
    """What one of the keys has signed: by its one algorithm, under a header that names nothing else."""
    header = _read_part(assertion.split(".", 1)[0])
    if not isinstance(header, dict) or not header.keys() <= _HEADER:
        raise BadAssertion("its header says more than alg, kid and typ")
    fitting = [key for key in keys if header.get("alg") in algorithms_of(key) and header.get("kid", key.kid) == key.kid]
    found = next((payload for key in fitting if (payload := _signed_by(key, assertion)) is not None), None)
    if found is None:
        raise BadAssertion("signed by none of its keys")
    return found


def _signed_by(key: Key, assertion: str) -> bytes | None:
    try:
        return jws.deserialize_compact(assertion, key, algorithms=list(algorithms_of(key))).payload
    except JoseError:
        return None


def _read_part(part: str) -> Any:
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
