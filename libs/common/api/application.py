"""The service's application: its routers, the events feed, health and metrics, and problems for whatever goes wrong."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from libs.common.api.document import describe
from libs.common.api.exception_handlers import HANDLERS
from libs.common.api.feed import feed_router
from libs.common.api.health import health_router
from libs.common.api.intake import guard_routes, open_intakes
from libs.common.api.lingering import LingeringClose
from libs.common.api.preconditions import Conditional
from libs.common.api.rate_limits import LimitRate
from libs.common.api.safe_headers import SafeHeaders
from libs.common.audit.routes import audit_router
from libs.common.inbox.routes import operator_router
from libs.common.service import ServiceContext
from libs.common.telemetry import Observe

# Keeps the framework from adding a refusal of its own form; the document names each one.
_REFUSALS: dict[int | str, dict[str, Any]] = {"default": {"description": "问题 A problem (RFC 9457)"}}


def create_api(context: ServiceContext) -> FastAPI:
    """The service's application: its routers, the events feed, health, metrics and problems for whatever goes wrong."""
    service = context.service
    app = FastAPI(
        title=f"Xieli {service.name}",
        description=service.title,
        version="1",
        servers=[{"url": context.settings.gateway.rstrip("/")}],
        contact={"name": "Xieli 协力"},
        openapi_url=f"/{service.name}/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=_REFUSALS,
        generate_unique_id_function=lambda route: route.name,
        exception_handlers=HANDLERS,
        redirect_slashes=False,  # a redirect would be built from the Host that the client sends
    )
    app.state.context = context
    routers = [
        *service.routers,
        feed_router(service.name),
        health_router(service.name),
        operator_router(service.name),
        audit_router(service.name),
    ]
    guard_routes(routers)
    for router in routers:
        app.include_router(router)
    describe(app)
    if service.extend:
        service.extend(app, context)
    open_intakes(app, json_bytes=context.settings.max_json_bytes, file_bytes=context.settings.max_body_bytes)
    app.add_middleware(LimitRate, context=context)
    app.add_middleware(LingeringClose)
    app.add_middleware(Conditional)
    app.add_middleware(SafeHeaders)
    app.add_middleware(Observe, metrics=context.metrics)
    return app
