"""The door to codes by which labourers sign in (登录码): given by a cadre, redeemed by the node's own sign-in page alone."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter

from libs.common.api import ContextOf, Reading, Tx, allow, made_at
from libs.common.identity import Caller
from libs.common.node import NodeContext
from services.registry.operations import sign_in_codes
from services.registry.rules.sign_in_codes import SignInCode, spaced
from services.registry.schemas.sign_in_codes import CodeIssued, CodeShown, CodeTyped, Redemption
from services.registry.settings import RegistrySettings
from services.registry.store import sign_in_codes as store

router = APIRouter(prefix="/registry/v1", tags=["sign-in codes"])
_ADDRESS = "/registry/v1/labourers/{person}/codes/{id}"


@router.post(
    "/labourers/{person}/codes", status_code=201, responses=made_at(_ADDRESS), summary="发登录码 Give a person a code"
)
async def issue_code(
    caller: Annotated[Caller, allow("registry.sign_in_code.issue")], tx: Tx, context: ContextOf, person: UUID
) -> CodeIssued:
    """Told once. It takes no Idempotency-Key, for a kept answer would hold the code; asked again, the code before opens nothing."""
    lifetime = sign_in_codes.lifetime_of(cast(RegistrySettings, context.settings))
    made, digits = await sign_in_codes.issue_code(tx, caller, person, lifetime)
    return CodeIssued(**_shown(made, tx.node).model_dump(), code=spaced(digits))


@router.get("/labourers/{person}/codes/{code}", summary="一个登录码 How a code stands")
async def show_code(
    caller: Annotated[Caller, allow("registry.sign_in_code.show")], tx: Reading, person: UUID, code: UUID
) -> CodeShown:
    """Whether it was used, and when it ends."""
    return _shown(await store.get_code(tx, person, code), tx.node)


@router.post("/codes/redemptions", summary="核对登录码 Whose code it is")
async def redeem_code(
    caller: Annotated[Caller, allow("registry.sign_in_code.redeem")], tx: Tx, body: CodeTyped
) -> Redemption:
    """For the node's own sign-in page. A wrong code is an answer and no refusal, so that the try is counted."""
    return Redemption(person=await sign_in_codes.redeem_code(tx, body.code))


def _shown(code: SignInCode, node: NodeContext) -> CodeShown:
    told = {name: value for name, value in vars(code).items() if name in CodeShown.model_fields}
    return CodeShown(**told, state=code.state(node.clock.now()))
