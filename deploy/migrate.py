"""Bring schemas, topics and rights of this node to what the code says: the one job that runs before the services."""

from __future__ import annotations

import asyncio
import importlib
import sys

from deploy.local.postgres import SERVICES
from deploy.local.settling import settle_broker
from deploy.local.wires import ADMIN
from libs.common.runtime import Service, create_office


async def migrate_all() -> None:
    """One service after the other, then the broker; the first failure ends the job with its error."""
    services: list[Service] = [importlib.import_module(f"services.{name}.app").SERVICE for name in SERVICES]
    for service in services:
        office = create_office(service, service.settings())
        await office.migrate()
        await office.close()
        print(f"{service.name}: schema is up to date", file=sys.stderr)
    await settle_broker(office.settings.wire().as_principal(ADMIN), office.home, services)
    print("broker: topics and rights are up to date", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(migrate_all())
