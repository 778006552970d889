"""The HTTP door of the registry: imports, people, identification, guests, names, erasure."""

from services.registry.routes import (
    erasures,
    guests,
    identification,
    imports,
    labourer_lists,
    labourers,
    reveals,
    trail,
    villages,
)

ROUTERS = (
    imports.router,
    labourer_lists.router,
    labourers.router,
    identification.router,
    guests.router,
    reveals.router,
    erasures.router,
    trail.router,
    villages.router,
)
