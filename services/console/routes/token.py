"""The token endpoint (令牌端点): client credentials with `private_key_jwt`, refused in the form that OAuth has for it (RFC 6749, 5.2)."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, OAuth2Error
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from libs.common.api import ContextOf, open_to_all
from libs.common.api.answers import Responses
from libs.common.api.safe_headers import SAFE_HEADERS
from libs.common.service import ServiceContext
from services.console.operations import systems
from services.console.rules import assertions
from services.console.schemas.systems import TokenOut, TokenRefusal, TokenRequest

router = APIRouter(prefix="/console/v1", tags=["systems"])

PATH = "/console/v1/token"
_REFUSED: Responses = {
    400: {"model": TokenRefusal, "description": "invalid_request, invalid_scope, unsupported_grant_type"},
    401: {"model": TokenRefusal, "description": "invalid_client"},
}


@router.post(
    "/token",
    responses=_REFUSED,
    summary="领取令牌 A token for a partner system",
    description="For programs: a token of an hour at most, for a living assertion by a registered key.",
)
@open_to_all
async def give_token(request: Request, context: ContextOf, given: Annotated[TokenRequest, Form()]) -> TokenOut:
    said = Counter(name for name, _ in (await request.form()).multi_items())
    if doubled := [name for name, times in said.items() if times > 1 and name in TokenRequest.model_fields]:
        raise InvalidRequestError(f"Given more than once: {', '.join(doubled)}.")
    _check(given)
    async with context.database.transaction() as tx:
        answer = await systems.give_token(tx, given.client_assertion or "", given.scope, _audiences(context))
    if isinstance(answer, OAuth2Error):
        raise answer
    return TokenOut(
        access_token=answer.token, token_type="Bearer", expires_in=answer.seconds, scope=" ".join(answer.scopes)
    )


def _check(given: TokenRequest) -> None:
    if given.grant_type is None:
        raise InvalidRequestError("grant_type is missing.")
    if given.grant_type != "client_credentials":
        raise OAuth2Error("grant_type must be client_credentials.", error="unsupported_grant_type", status_code=400)
    if given.client_assertion is None or given.client_assertion_type != assertions.TYPE:
        raise InvalidClientError(
            "Clients show themselves by private_key_jwt: client_assertion_type and client_assertion.", status_code=401
        )
    if given.client_id not in (None, assertions.claimed_client(given.client_assertion)):
        raise InvalidClientError("client_id is not that of the assertion.", status_code=401)


def _audiences(context: ServiceContext) -> tuple[str, str]:
    """What an assertion for this node names: the endpoint as the world knows it, or the issuer of the node's tokens."""
    return f"{context.settings.gateway.rstrip('/')}{PATH}", context.node.id


def refuse(error: OAuth2Error) -> Response:
    return JSONResponse(dict(error.get_body()), status_code=error.status_code, headers=SAFE_HEADERS)


async def on_refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, OAuth2Error)
    return refuse(error)
