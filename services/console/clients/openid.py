"""The OpenID provider (统一身份认证平台): authorization code with PKCE, discovery, and its keys, read again when they have turned."""

from __future__ import annotations

import secrets
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.deprecate import AuthlibDeprecationWarning
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel

from services.console.rules.openid import Provider, WrongProvider, check_claims

with warnings.catch_warnings():
    # It would rather have httpx2, which is another client than the one that everything here is built on.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

_ALGORITHMS = ["RS256", "PS256", "ES256"]
_KEYS_FRESH_SECONDS, _AGAIN_AFTER_SECONDS = 3600.0, 5.0


@dataclass(frozen=True)
class Ticket:
    """What a browser brings back: it, and nobody else, began this sign-in."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Ticket:
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


class Discovery(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 3), as far as it is needed here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class OpenId:
    """This node as a client of one provider."""

    def __init__(self, provider: Provider, redirect: str, seconds: float):
        self.provider = provider
        self._redirect = redirect
        self._seconds = seconds
        self._about: Discovery | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def address(self, ticket: Ticket) -> str:
        """Where the browser is sent to sign in."""
        about = await self._discover()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                about.authorization_endpoint, state=ticket.state, nonce=ticket.nonce, code_verifier=ticket.verifier
            )
        return str(url)

    async def claims(self, code: str, ticket: Ticket, now: float) -> Mapping[str, Any]:
        """The claims behind a code; WrongProvider when they cannot be had or believed."""
        about = await self._discover()
        try:
            async with self._client() as client:
                answer = await client.fetch_token(about.token_endpoint, code=code, code_verifier=ticket.verifier)
        except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
            raise WrongProvider(f"no token: {type(error).__name__}") from error
        return check_claims(await self._read(str(answer.get("id_token", "")), about), self.provider, ticket.nonce, now)

    async def _read(self, token: str, about: Discovery) -> Mapping[str, Any]:
        """The signed claims; with keys read again once, for a provider that has turned its keys."""
        for oldest in (_KEYS_FRESH_SECONDS, _AGAIN_AFTER_SECONDS):
            keys = await self._read_keys(about, oldest)
            try:
                return jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
                fault = type(error).__name__
        raise WrongProvider(f"the ID token is not signed by the provider's keys: {fault}")

    async def _read_keys(self, about: Discovery, oldest: float) -> KeySet:
        if self._keys is None or time.monotonic() - self._keys[0] > oldest:
            self._keys = (time.monotonic(), KeySet.import_key_set(await self._get(about.jwks_uri)))
        return self._keys[1]

    async def _discover(self) -> Discovery:
        if self._about is None:
            said = await self._get(f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration")
            try:
                about = Discovery.model_validate(said)
            except ValueError as error:
                raise WrongProvider(f"no discovery document: {error}") from error
            if about.issuer != self.provider.issuer:
                raise WrongProvider(f"the provider calls itself {about.issuer}")
            self._about = about
        return self._about

    async def _get(self, address: str) -> Any:
        try:
            async with httpx.AsyncClient(timeout=self._seconds, trust_env=False) as client:
                return (await client.get(address)).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise WrongProvider(f"{address} does not answer: {type(error).__name__}") from error

    def _client(self) -> AsyncOAuth2Client:
        secret = self.provider.client_secret or None
        return AsyncOAuth2Client(
            self.provider.client_id,
            secret,
            scope=self.provider.scope,
            redirect_uri=self._redirect,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            timeout=self._seconds,
            trust_env=False,
        )
