"""The HTTP door of retention."""

from services.retention.routes import claims, help_requests, ledger, promises, risks, serving, spells, verifications

ROUTERS = [
    spells.router,
    risks.router,
    verifications.router,
    serving.router,
    claims.router,
    ledger.router,
    promises.router,
    help_requests.router,
]
