"""People whom an OpenID provider vouches for (统一身份认证): which of its claims give which rights here, and under which login."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from libs.common.issuers import rights_for, secure_address
from services.console.rules.accounts import REGION, check_role

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


class WrongProvider(ValueError):
    """What a provider says cannot be believed; the text is for the log."""


class GivenRights(BaseModel):
    """What a value of the claim gives."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Annotated[str, AfterValidator(check_role)]
    regions: tuple[Annotated[str, Field(pattern=REGION)], ...] = Field(min_length=1)
    organisation: str = ""


class Provider(BaseModel):
    """openid.json: the provider, this node as its client, and the claim whose values give rights; the first one found counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: Annotated[str, AfterValidator(secure_address)]
    client_id: str
    client_secret: str = ""
    scope: str = "openid profile"
    claim: str = "groups"
    rights: dict[str, GivenRights]

    def rights_of(self, claims: Mapping[str, Any]) -> GivenRights | None:
        """The rights of the first value in the file's order; None for somebody whom this node does not know."""
        return rights_for(self.rights, claims.get(self.claim))

    def login_of(self, claims: Mapping[str, Any]) -> str:
        """The subject at the provider, as a login that no local account is taken for."""
        subject = claims["sub"]
        plain = subject if _PLAIN.fullmatch(subject) else hashlib.sha256(subject.encode()).hexdigest()[:32]
        return f"{plain}@{urlsplit(self.issuer).hostname}"[:64]


def check_claims(claims: Mapping[str, Any], provider: Provider, nonce: str, now: float) -> Mapping[str, Any]:
    """An ID token's claims (OpenID Connect Core 3.1.3.7): by this provider, for this node, for this visit, and living."""
    audience = claims.get("aud")
    subject, expires = claims.get("sub"), claims.get("exp")
    faults = {
        "issuer": claims.get("iss") != provider.issuer,
        "audience": audience not in (provider.client_id, [provider.client_id]),
        "azp": claims.get("azp", provider.client_id) != provider.client_id,
        "nonce": claims.get("nonce") != nonce,
        "expiry": type(expires) is not int or expires <= now,
        "subject": not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable(),
    }
    if wrong := [name for name, fault in faults.items() if fault]:
        raise WrongProvider(f"the ID token has the wrong {', '.join(wrong)}")
    return claims
