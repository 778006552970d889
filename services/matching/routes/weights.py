"""Versions of the weights over HTTP: an administrator publishes, everybody may read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Response

from libs.common.api import (
    After,
    Idempotency,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    allow,
    answer_once,
    encode_cursor,
    made_at,
)
from libs.common.identity import Caller
from libs.common.values import HeaderText, NodeName, Token
from services.matching.operations import weights
from services.matching.rules.weights_file import WeightsFile
from services.matching.rules.weights_versions import VERSION
from services.matching.schemas.weights import NewWeights, WeightsListed

router = APIRouter(prefix="/matching/v1/weights", tags=["权重 weights"])
DIGEST = {"description": "The digest of the file", "required": True, "schema": {"type": "string"}}
# The file of the formula, to the byte.
WEIGHTS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The weights as they were published", "model": WeightsFile, "headers": {"ETag": DIGEST}}
}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "未变 It is the one that is known already"}}
Name = Annotated[Token, Path(pattern=VERSION)]
Node = Annotated[
    NodeName | Literal["shipped"] | None,
    Query(description="Whose version; by default this node's own, else the shipped one"),
]
IfNoneMatch = Annotated[HeaderText | None, Header(description="ETag of the file that is known already")]


@router.post(
    "", status_code=201, responses=made_at("/matching/v1/weights/{version}"), summary="发布权重 Publish weights"
)
async def publish_weights(
    tx: Tx, caller: Annotated[Caller, allow("matching.weights.publish")], new: NewWeights, once: Idempotency
) -> WeightsListed:
    """A version never changes: 409 when it exists with other content, the same content again changes nothing."""

    async def create() -> WeightsListed:
        return WeightsListed.of(
            await weights.publish_weights(tx, new.weights.model_dump(mode="json"), new.note, caller.subject)
        )

    answer: WeightsListed = await answer_once(tx, once, create)
    return answer


@router.get("", summary="权重版本 List versions of the weights")
async def list_weights(
    tx: Reading, caller: Annotated[Caller, allow("matching.weights.list")], after: After = None, limit: Limit = 50
) -> Page[WeightsListed]:
    """Shipped, published here and published by partners, the newest first, each with what it changed."""
    rows = await weights.list_weights(tx, after_id(after, WeightsListed), limit + 1)
    following = encode_cursor(WeightsListed.__name__, rows[limit - 1].kept.id) if len(rows) > limit else None
    return Page(items=[WeightsListed.of(row) for row in rows[:limit]], next=following)


@router.get(
    "/{version}", summary="权重文件 The file of a version", response_class=Response, responses=WEIGHTS | UNCHANGED
)
async def get_weights(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.weights.show")],
    version: Name,
    node: Node = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The very bytes whose SHA-256 is the digest; the ETag is the digest."""
    found = await weights.get_weights(tx, version, node)
    headers = {"ETag": f'"{found.digest}"'}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type="application/json", headers=headers)
