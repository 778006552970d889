"""What the doors of introductions have in common: who may take a step of which version, and how the answer is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Header, Response

from libs.common.api import check_version, etag
from libs.common.api.preconditions import if_match
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import HeaderText
from services.matching.operations.introductions import queries
from services.matching.operations.introductions.moving import Answers, only
from services.matching.rules.introductions.refusals import IntroductionNotFound
from services.matching.schemas.introductions import Introduction
from services.matching.store import introductions as store

IfSame = Annotated[
    HeaderText | None, Header(alias="If-Match", description="Refuse the step when the introduction has changed since")
]


async def may(tx: Transaction, introduction: UUID, same: str | None) -> list[UUID]:
    """Whether the caller sees this introduction, in this version; from here on it is the node's own work."""
    row, _ = await queries.get_introduction(tx, introduction)
    if same:
        check_version(if_match(same), row.version)
    await tx.widen()
    return [introduction]


async def may_many(tx: Transaction, wanted: Sequence[UUID]) -> tuple[list[UUID], Answers]:
    """Those that the caller sees, each once; to whoever may not see one, it does not exist."""
    seen = await store.list_seen(tx, wanted)
    await tx.widen()
    hidden: Answers = {each: IntroductionNotFound(str(each)) for each in wanted if each not in seen}
    return [each for each in dict.fromkeys(wanted) if each in seen], hidden


async def taken(tx: Transaction, caller: Caller, step: Awaitable[Answers], response: Response) -> Introduction:
    """The one introduction as it stands after its step."""
    return await shown(tx, caller, only(await step).introduction, response)


async def shown(tx: Transaction, caller: Caller, introduction: UUID, response: Response) -> Introduction:
    row = await store.get_listed_introduction(tx, introduction)
    response.headers["ETag"] = etag(row.version)
    return Introduction.of(row, for_employer=is_employer(caller))


def is_employer(caller: Caller) -> bool:
    return caller.reach.kind == "organisation"


def by(caller: Caller) -> str:
    return f"{caller.node}/{caller.role}"
