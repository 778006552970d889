"""The HTTP door of retention."""

from services.retention.routes import claims, risks, serving, spells, verifications

ROUTERS = [spells.router, risks.router, verifications.router, serving.router, claims.router]
