"""The HTTP door of the registry: imports, people, identification, guests."""

from services.registry.routes import guests, identification, imports, labourers

ROUTERS = (imports.router, labourers.router, identification.router, guests.router)
