"""The shapes of partner systems, and of the tokens that they ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints

from libs.common.values import Kind, Label, Text, Token
from services.console.rules import assertions
from services.console.rules.systems import MOST_KEYS, check_scopes, grantable
from services.console.schemas import KeySetOut, Organisation, Regions

_KEY: dict[str, Any] = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "kid": "hr-2017",
}
_SYSTEM: dict[str, Any] = {
    "name": "花垣县人社信息系统",
    "organisation": "",
    "regions": ["433124"],
    "scopes": ["jobs.vacancy.list", "jobs.vacancy.show"],
}
Base64Url = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,1000}$", max_length=1000), Kind("base64url")
]
Scopes = Annotated[
    list[Token],
    AfterValidator(check_scopes),
    Field(
        min_length=1, max_length=len(grantable()), description="Actions of the table of rights that it gives to systems"
    ),
]


class PublicKey(BaseModel):
    """A public key (RFC 7517): Ed25519, P-256 or RSA of 2048 to 4096 bits. Other members are left aside, private ones refused."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": True, "examples": [_KEY]})

    kty: Token
    kid: Text | None = Field(default=None, max_length=200)
    use: Token | None = None
    alg: Token | None = None
    crv: Token | None = None
    x: Base64Url | None = None
    y: Base64Url | None = None
    n: Base64Url | None = None
    e: Base64Url | None = None


class PublicKeys(BaseModel):
    """A JWK Set with the public keys that a system signs its assertions by."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"keys": [_KEY]}]})

    keys: Annotated[list[PublicKey], Field(min_length=1, max_length=MOST_KEYS)]


class SystemNew(BaseModel):
    """A partner system to be registered."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{**_SYSTEM, "jwks": {"keys": [_KEY]}}]})

    name: Annotated[Label, Field(min_length=1)]
    organisation: Organisation = ""
    regions: Regions
    scopes: Scopes
    jwks: PublicKeys


class SystemPatch(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"scopes": ["jobs.vacancy.list"]}]})

    name: Annotated[Label, Field(min_length=1)] | None = None
    organisation: Organisation | None = None
    regions: Regions | None = None
    scopes: Scopes | None = None


class SystemOut(BaseModel):
    """A partner system as operators and auditors see it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    client_id: str = Field(
        description="`iss` and `sub` of its assertions", examples=["urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057"]
    )
    name: str
    organisation: str
    regions: list[str]
    scopes: list[str]
    jwks: KeySetOut
    created_at: datetime
    closed_at: datetime | None
    version: int


class TokenRequest(BaseModel):
    """Client credentials with `private_key_jwt` (RFC 6749, 7523). What else is sent is left aside, as the standard wants."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "grant_type": "client_credentials",
                    "client_assertion_type": assertions.TYPE,
                    "client_assertion": "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiIifQ.c2ln",
                    "scope": "jobs.vacancy.list",
                }
            ]
        }
    )

    grant_type: Token | None = Field(default=None, description="`client_credentials`")
    client_assertion_type: Token | None = Field(default=None, description=f"`{assertions.TYPE}`")
    client_assertion: (
        Annotated[
            str,
            Strict(),
            StringConstraints(max_length=8000, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"),
            Kind("jws"),
        ]
        | None
    ) = Field(
        default=None,
        description="A JWT by one of the system's keys: iss and sub its client_id, aud this endpoint or this node, exp within five minutes, jti used once",
    )
    client_id: Token | None = Field(default=None, description="Not needed; if given, that of the assertion")
    scope: Annotated[str, Strict(), StringConstraints(max_length=4000, pattern=r"^[ -~]*$"), Kind("scope")] = Field(
        default="", description="Fewer actions than it was registered with, with spaces between them; default: all"
    )


class TokenOut(BaseModel):
    """RFC 6749, 5.1."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "access_token": "eyJ0eXAiOiJhdCtqd3QifQ.e30.c2ln",
                    "token_type": "Bearer",
                    "expires_in": 3600,
                    "scope": "jobs.vacancy.list",
                }
            ]
        }
    )

    access_token: str
    token_type: str
    expires_in: int = Field(description="Seconds")
    scope: str


class TokenRefusal(BaseModel):
    """RFC 6749, 5.2: how a token endpoint refuses, in the standard's own form."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"error": "invalid_client", "error_description": "This assertion was used before."}]
        }
    )

    error: str = Field(description="invalid_request, invalid_client, invalid_scope or unsupported_grant_type")
    error_description: str = ""
