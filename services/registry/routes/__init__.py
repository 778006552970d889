"""The HTTP door of the registry: imports, people, households, identification, guests, names, erasure."""

from services.registry.routes import (
    departures,
    entries,
    erasures,
    guests,
    households,
    identification,
    imports,
    labourer_lists,
    labourers,
    reveals,
    sync,
    sync_conflicts,
    sync_push,
    trail,
    villages,
    visits,
)

ROUTERS = (
    imports.router,
    labourer_lists.router,
    labourers.router,
    entries.router,
    departures.router,
    visits.router,
    households.router,
    identification.router,
    guests.router,
    reveals.router,
    erasures.router,
    trail.router,
    villages.router,
    sync.router,
    sync_push.router,
    sync_conflicts.router,
)
