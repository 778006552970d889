"""The HTTP door of retention."""

from services.retention.routes import claims, help_requests, risks, serving, spells, verifications

ROUTERS = [spells.router, risks.router, verifications.router, serving.router, claims.router, help_requests.router]
