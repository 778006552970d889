"""A whole node in one process: the five services behind one door that only looks at the first part of the path."""

from __future__ import annotations

import argparse
import asyncio
import importlib
from collections.abc import Mapping

import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local.node_certificates import ADMIN
from deploy.local.postgres import SERVICES
from deploy.local.settling import settle_broker
from libs.common.api.application import create_api
from libs.common.node import NodeContext
from libs.common.runtime import load_without_collections, run
from libs.common.service import Service, ServiceContext, create_context
from libs.common.telemetry import start_logging


class FrontDoor:
    """`/jobs/…` goes to jobs and so on; everything else, pages included, is the console's."""

    def __init__(self, apps: Mapping[str, ASGIApp], otherwise: str):
        self._apps = apps
        self._otherwise = apps[otherwise]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = scope.get("path", "/").split("/", 2)[1:2]
        await self._apps.get(first[0] if first else "", self._otherwise)(scope, receive, send)


def _service(name: str) -> Service:
    found: Service = importlib.import_module(f"services.{name}.app").SERVICE
    return found


def open_contexts() -> list[ServiceContext]:
    """The five services at this node, sharing its keys and partners; settings come from the environment."""
    services = [_service(name) for name in SERVICES]
    node = NodeContext.read(services[0].settings())
    return [create_context(service, service.settings(), node) for service in services]


async def keep_house() -> None:
    """Bring every schema and the broker up to date, then serve and work until told to stop."""
    contexts = open_contexts()
    await settle_broker(
        contexts[0].settings.wire().as_principal(ADMIN), contexts[0].node, [context.service for context in contexts]
    )
    for context in contexts:
        await context.migrate()
    door = FrontDoor({context.service.name: create_api(context) for context in contexts}, otherwise="console")
    settings = contexts[0].settings
    await run(contexts, api=door, host=settings.host, port=settings.port)


def main() -> None:
    """`python -m deploy.local.single_process_node --node n433124`; the node is named so that a list of processes can be read."""
    parser = argparse.ArgumentParser(prog="deploy.local.single_process_node", description=__doc__)
    parser.add_argument("--node", required=True)
    parser.parse_args()
    load_without_collections()
    start_logging()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(keep_house())


if __name__ == "__main__":
    main()
