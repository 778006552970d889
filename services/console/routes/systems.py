"""Partner systems over HTTP (合作系统), for operators; auditors read them. The pages ask here too, in the operator's name."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import (
    After,
    Idempotency,
    IfMatch,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    allow,
    answer_once,
    check_version,
    made_at,
    page_of,
)
from libs.common.api.preconditions import Versions
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.values import Asked, Flag
from services.console.operations import systems
from services.console.rules.systems import NoPublicKeys, System, read_public_keys
from services.console.schemas import Reason
from services.console.schemas.systems import PublicKeys, SystemNew, SystemOut, SystemPatch

router = APIRouter(prefix="/console/v1", tags=["systems"])


@router.get("/systems", summary="合作系统清单 Partner systems", description="In the order of registration.")
async def list_systems(
    _: Annotated[Caller, allow("console.system.list")],
    tx: Reading,
    closed: Annotated[Asked[Flag] | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[SystemOut]:
    found = await systems.list_systems(tx, after_id(after, SystemOut), limit + 1, closed)
    return page_of([SystemOut.model_validate(one) for one in found], limit, lambda one: one.id)


@router.post(
    "/systems",
    status_code=201,
    response_model=SystemOut,
    responses=made_at("/console/v1/systems/{id}"),
    summary="登记合作系统 Register a partner system",
    description="With its public keys; its client_id is in the answer. Tokens: POST /console/v1/token.",
)
async def register_system(
    caller: Annotated[Caller, allow("console.system.register")], tx: Tx, once: Idempotency, new: SystemNew
) -> SystemOut:
    jwks = _keys(new.jwks, "/jwks")

    async def register() -> SystemOut:
        return SystemOut.model_validate(
            await systems.register_system(tx, caller, new.model_dump(exclude={"jwks"}), jwks)
        )

    answer: SystemOut = await answer_once(tx, once, register)
    return answer


@router.get("/systems/{system}", summary="合作系统 A partner system", description="With its version as ETag.")
async def show_system(_: Annotated[Caller, allow("console.system.show")], tx: Reading, system: UUID) -> SystemOut:
    return SystemOut.model_validate(await systems.show_system(tx, system))


@router.patch(
    "/systems/{system}",
    summary="变更合作系统 Change what it may",
    description="Name, organisation, divisions or scopes; ends its tokens.",
)
async def change_system(
    caller: Annotated[Caller, allow("console.system.change")],
    tx: Tx,
    system: UUID,
    version: IfMatch,
    given: SystemPatch,
) -> SystemOut:
    found = await _locked(tx, system, version)
    return SystemOut.model_validate(await systems.change_system(tx, caller, found, given.model_dump(exclude_none=True)))


@router.put(
    "/systems/{system}/jwks",
    summary="更换公钥 Give it other public keys",
    description="In place of those it has; ends its tokens.",
)
async def rekey_system(
    _: Annotated[Caller, allow("console.system.rekey")], tx: Tx, system: UUID, version: IfMatch, keys: PublicKeys
) -> SystemOut:
    return SystemOut.model_validate(await systems.rekey_system(tx, await _locked(tx, system, version), _keys(keys, "")))


@router.post("/systems/{system}/close", summary="停用 Close it", description="For good; its tokens end at once.")
async def close_system(
    _: Annotated[Caller, allow("console.system.close")], tx: Tx, system: UUID, why: Reason
) -> SystemOut:
    return SystemOut.model_validate(await systems.close_system(tx, await systems.lock_system(tx, system), why.reason))


async def _locked(tx: Tx, id: UUID, version: Versions) -> System:
    system = await systems.lock_system(tx, id)
    check_version(version, system.version)
    return system


def _keys(given: PublicKeys, where: str) -> dict[str, object]:
    try:
        return read_public_keys({"keys": [key.model_dump(exclude_none=True) for key in given.keys]})
    except NoPublicKeys as error:
        raise refuse_field(f"{where}/keys", "public_keys", str(error)) from error
