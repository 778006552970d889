"""Tokens taken back one at a time (吊销): by an operator who knows its id, or by whoever holds it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from libs.common.api import Tx, allow
from libs.common.identity import Caller
from libs.common.revocations import revoke
from libs.common.values import Token

router = APIRouter(prefix="/console/v1", tags=["tokens"])


@router.delete(
    "/tokens/own",
    status_code=204,
    summary="吊销自己的令牌 Revoke the token in hand",
    description="The one that this call shows: whoever holds it has no more use of it, at any service.",
)
async def revoke_own(caller: Annotated[Caller, allow("console.token.revoke_own")], tx: Tx) -> None:
    tx.trail.note(entities=[f"token:{caller.token_id}"])
    await revoke(tx, issuer=caller.issuer, token_id=caller.token_id)


@router.delete(
    "/tokens/{token}",
    status_code=204,
    summary="吊销令牌 Revoke a token",
    description="By its id (`jti`), of whatever issuer this node trusts; it is good nowhere at this node within a second or two.",
)
async def revoke_token(
    _: Annotated[Caller, allow("console.token.revoke")],
    tx: Tx,
    token: Annotated[Token, Path(description="`jti` of the token", examples=["mHk3v1b0Q2nS7eJd"])],
) -> None:
    await revoke(tx, issuer=tx.node.id, token_id=token)
