"""Bring every service's schema at this node to its newest revision: the one job that runs before the services."""

from __future__ import annotations

import asyncio
import importlib
import sys

from deploy.local.postgres import SERVICES
from libs.common.runtime import Service, create_office


async def migrate_all() -> None:
    """One service after the other; the first failure ends the job with its error."""
    for name in SERVICES:
        service: Service = importlib.import_module(f"services.{name}.app").SERVICE
        office = create_office(service, service.settings())
        await office.migrate()
        await office.close()
        print(f"{name}: schema is up to date", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(migrate_all())
