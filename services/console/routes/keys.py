"""The node's public keys, where programs look for them."""

from __future__ import annotations

import json

from fastapi import APIRouter

from libs.common.api import ContextOf, open_to_all
from services.console.schemas import KeySetOut

router = APIRouter(tags=["keys"])


@router.get(
    "/.well-known/jwks.json",
    summary="节点公钥 Public keys",
    response_model=KeySetOut,
    description="The node's public keys (RFC 7517): tokens and certificates are signed with one, cards are sealed to the other.",
)
@open_to_all
async def show_keys(context: ContextOf) -> KeySetOut:
    return KeySetOut(**json.loads((context.settings.keys / "jwks.json").read_text(encoding="utf-8")))
