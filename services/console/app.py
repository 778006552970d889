"""How the console is put together."""

from __future__ import annotations

from typing import cast

from fastapi import FastAPI

from libs.common.events.audit import AuditHeadsStated
from libs.common.events.console import TokensRevoked
from libs.common.service import Service, ServiceContext
from services.console.clients import Neighbours
from services.console.clients.openid import OpenId
from services.console.operations import take_in_accounts
from services.console.operations.forgetting import forget_assertions, forget_attempts, forget_phones, forget_sessions
from services.console.operations.hashing import Hasher
from services.console.routes import ROUTERS, open_house
from services.console.settings import ConsoleSettings
from services.console.subscriptions import SUBSCRIPTIONS
from services.console.tables import METADATA


async def welcome_accounts(context: ServiceContext) -> None:
    """Once, at the first start: the accounts of accounts.json, which is made where there is none."""
    async with context.database.transaction() as tx:
        await take_in_accounts(tx, cast(ConsoleSettings, context.settings).accounts, context.cache)


def extend(app: FastAPI, context: ServiceContext) -> None:
    """Static files, headers, pages for refusals, and the way to the other services."""
    settings = cast(ConsoleSettings, context.settings)
    app.state.neighbours = Neighbours(settings.gateway, settings.console_neighbour_seconds)
    context.closing.append(app.state.neighbours.close)
    back = f"{settings.gateway.rstrip('/')}/sign-in/openid/back"
    app.state.openid = OpenId(settings.openid, back, settings.console_neighbour_seconds) if settings.openid else None
    open_house(app, settings.gateway, settings.console_web_files)


SERVICE = Service(
    name="console",
    title="控制台：全省一张表、名单与节点状况 The web console and the province's table",
    settings=ConsoleSettings,
    metadata=METADATA,
    routers=ROUTERS,
    subscriptions=SUBSCRIPTIONS,
    announces=(TokensRevoked, AuditHeadsStated),
    background=(welcome_accounts,),
    forgets=(forget_sessions, forget_phones, forget_attempts, forget_assertions),
    cache=Hasher,
    extend=extend,
)
