"""Accounts over HTTP (账号), for operators; auditors read the changes. The pages ask here too, in the operator's name."""

from __future__ import annotations

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from libs.common.api import (
    After,
    ContextOf,
    IfMatch,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    allow,
    check_version,
    etag,
    made_at,
    page_of,
)
from libs.common.api.preconditions import Versions
from libs.common.identity import Caller
from libs.common.service import ServiceContext
from libs.common.values import Asked, Flag
from services.console.operations import accounts
from services.console.operations.hashing import Hasher
from services.console.rules.accounts import Account, Change
from services.console.schemas import (
    AccountNew,
    AccountOut,
    ChangeOut,
    InitialPassword,
    Login,
    Reason,
    RightsPatch,
    Role,
    SessionOut,
    SessionsOut,
)

router = APIRouter(prefix="/console/v1", tags=["accounts"])

Named = Annotated[Login, Path(description="登录名 The account's login")]


@router.get(
    "/accounts",
    summary="账号列表 Accounts",
    description="In the order of entry; narrowed by role and by whether they are closed.",
)
async def list_accounts(
    _: Annotated[Caller, allow("console.account.list")],
    tx: Reading,
    role: Annotated[Role | None, Query()] = None,
    closed: Annotated[Asked[Flag] | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[AccountOut]:
    found = await accounts.list_accounts(tx, after_id(after, AccountOut), limit + 1, role, closed)
    return page_of([account_out(one) for one in found], limit, lambda one: one.id)


@router.post(
    "/accounts",
    status_code=201,
    responses=made_at("/console/v1/accounts/{account.login}"),
    summary="开设账号 Make an account",
    description="The answer holds the initial password, once; it is good for seven days and for choosing another.",
)
async def create_account(
    caller: Annotated[Caller, allow("console.account.create")],
    tx: Tx,
    context: ContextOf,
    new: AccountNew,
    response: Response,
) -> InitialPassword:
    password = accounts.initial_password()
    rights = accounts.Rights(new.role, new.regions, new.organisation)
    account = await accounts.create_account(tx, caller, new.login, rights, await hasher_of(context).keep(password))
    return _shown_once(account, password, response)


@router.get("/accounts/{login}", summary="账号 An account", description="With its version as ETag.")
async def show_account(
    _: Annotated[Caller, allow("console.account.show")], tx: Reading, login: Named, response: Response
) -> AccountOut:
    return _shown(await accounts.show_account(tx, login), response)


@router.patch(
    "/accounts/{login}",
    summary="变更权限 Change its rights",
    description="Role, divisions or organisation; ends its sessions and tokens.",
)
async def change_rights(
    caller: Annotated[Caller, allow("console.account.change")],
    tx: Tx,
    login: Named,
    version: IfMatch,
    given: RightsPatch,
    response: Response,
) -> AccountOut:
    account = await _locked(tx, login, version)
    return _shown(await accounts.change_rights(tx, caller, account, given.model_dump(exclude_none=True)), response)


@router.post(
    "/accounts/{login}/close",
    summary="停用 Close it",
    description="Nobody signs in with it until it is reopened; ends its sessions and tokens at once.",
)
async def close_account(
    caller: Annotated[Caller, allow("console.account.close")], tx: Tx, login: Named, why: Reason, response: Response
) -> AccountOut:
    account = await accounts.lock_account(tx, login)
    return _shown(await accounts.close_account(tx, caller, account, why.reason), response)


@router.post(
    "/accounts/{login}/reopen", summary="恢复 Reopen it", description="With the rights and the password that it had."
)
async def reopen_account(
    caller: Annotated[Caller, allow("console.account.reopen")], tx: Tx, login: Named, why: Reason, response: Response
) -> AccountOut:
    account = await accounts.lock_account(tx, login)
    return _shown(await accounts.reopen_account(tx, caller, account, why.reason), response)


@router.post(
    "/accounts/{login}/password",
    summary="重置密码 Reset its password",
    description="An initial password, shown once. The second factor stays as it is.",
)
async def reset_password(
    caller: Annotated[Caller, allow("console.account.reset_password")],
    tx: Tx,
    context: ContextOf,
    login: Named,
    response: Response,
) -> InitialPassword:
    password = accounts.initial_password()
    secret = await hasher_of(context).keep(password)
    account = await accounts.lock_account(tx, login)
    return _shown_once(await accounts.reset_password(tx, caller, account, secret), password, response)


@router.delete(
    "/accounts/{login}/second-factor",
    summary="重置第二因素 Reset its second factor",
    description="For a lost telephone without recovery codes: the person enrols again after the password.",
)
async def reset_second_factor(
    caller: Annotated[Caller, allow("console.account.reset_second_factor")], tx: Tx, login: Named, response: Response
) -> AccountOut:
    account = await accounts.lock_account(tx, login)
    return _shown(await accounts.reset_second_factor(tx, caller, account), response)


@router.get("/accounts/{login}/sessions", summary="会话 Its sessions", description="The browsers it is signed in from.")
async def list_sessions(
    _: Annotated[Caller, allow("console.account.list_sessions")], tx: Reading, login: Named
) -> SessionsOut:
    account = await accounts.show_account(tx, login)
    return SessionsOut(
        items=[SessionOut.model_validate(one) for one in await accounts.list_sessions(tx, account.login)]
    )


@router.delete(
    "/accounts/{login}/sessions",
    status_code=204,
    summary="结束全部会话 End all its sessions",
    description="And every token that was issued to it so far.",
)
async def end_all_sessions(
    caller: Annotated[Caller, allow("console.account.end_sessions")], tx: Tx, login: Named
) -> None:
    await accounts.end_sessions(tx, caller, await accounts.show_account(tx, login))


@router.delete(
    "/accounts/{login}/sessions/{session}",
    status_code=204,
    summary="结束会话 End a session",
    description="The person at that browser signs in again.",
)
async def end_session(
    caller: Annotated[Caller, allow("console.account.end_sessions")], tx: Tx, login: Named, session: UUID
) -> None:
    await accounts.end_sessions(tx, caller, await accounts.show_account(tx, login), session)


@router.get(
    "/account-changes",
    summary="账号变更记录 Changes of accounts",
    description="Who changed whose rights, the newest first; for operators and auditors.",
)
async def list_account_changes(
    _: Annotated[Caller, allow("console.account.list_changes")],
    tx: Reading,
    login: Annotated[Login | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ChangeOut]:
    found = await accounts.list_changes(tx, login, after_id(after, ChangeOut), limit + 1)
    return page_of([change_out(id, change) for id, change in found], limit, lambda one: one.id)


async def _locked(tx: Tx, login: str, version: Versions) -> Account:
    account = await accounts.lock_account(tx, login)
    check_version(version, account.version)
    return account


def hasher_of(context: ServiceContext) -> Hasher:
    return cast(Hasher, context.cache)


def _shown(account: Account, response: Response) -> AccountOut:
    response.headers["ETag"] = etag(account.version)
    return account_out(account)


def _shown_once(account: Account, password: str, response: Response) -> InitialPassword:
    return InitialPassword(account=_shown(account, response), initial_password=password)


def account_out(one: Account) -> AccountOut:
    return AccountOut(
        id=one.id,
        login=one.login,
        role=one.role,
        regions=list(one.regions),
        organisation=one.organisation,
        issuer=one.issuer,
        closed=one.closed_at is not None,
        must_change=one.must_change,
        second_factor=one.totp is not None,
        created_at=one.created_at,
        password_at=one.password_at,
        version=one.version,
    )


def change_out(id: UUID, change: Change) -> ChangeOut:
    return ChangeOut(id=id, login=change.login, at=change.at, by=change.by, what=change.what, facts=dict(change.facts))
