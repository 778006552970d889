"""The HTTP door of the registry: imports, people, identification, guests, names."""

from services.registry.routes import guests, identification, imports, labourers, reveals

ROUTERS = (imports.router, labourers.router, identification.router, guests.router, reveals.router)
