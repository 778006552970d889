"""Bring schemas, topics and rights of this node to what the code says: the one job that runs before the services."""

from __future__ import annotations

import asyncio
import importlib
import sys

from deploy.local.node_certificates import ADMIN
from deploy.local.postgres import SERVICES
from deploy.local.settling import settle_broker
from libs.common.service import Service, create_context


async def migrate_all() -> None:
    """One service after the other, then the broker; the first failure ends the job with its error."""
    services: list[Service] = [importlib.import_module(f"services.{name}.app").SERVICE for name in SERVICES]
    for service in services:
        context = create_context(service, service.settings())
        await context.migrate()
        await context.close()
        print(f"{service.name}: schema is up to date", file=sys.stderr)
    await settle_broker(context.settings.wire().as_principal(ADMIN), context.node, services)
    print("broker: topics and rights are up to date", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(migrate_all())
