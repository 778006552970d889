"""The service's application: its routers, the events feed, health and metrics, and problems for whatever goes wrong."""

from __future__ import annotations

from functools import cache

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from libs.common.api import feed, health
from libs.common.api.answers import Responses
from libs.common.api.document import describe
from libs.common.api.exception_handlers import HANDLERS
from libs.common.api.intake import guard_routes, open_intakes
from libs.common.api.lingering import LingeringClose
from libs.common.api.preconditions import Conditional
from libs.common.api.rate_limits import LimitRate
from libs.common.api.safe_headers import SafeHeaders
from libs.common.audit import routes as audit_routes
from libs.common.inbox import routes as operator_routes
from libs.common.service import Service, ServiceContext
from libs.common.telemetry import Observe

# Keeps the framework from adding a refusal of its own form; the document names each one.
_REFUSALS: Responses = {"default": {"description": "问题 A problem (RFC 9457)"}}
# The operations of every service: its events, its health, what it could not handle, its trail.
SHARED = (feed.router, health.router, operator_routes.router, audit_routes.router)


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
        generate_unique_id_function=_name_of,
        exception_handlers=HANDLERS,
        redirect_slashes=False,  # a redirect would be built from the Host that the client sends
    )
    app.state.context = context
    app.router.routes.extend(_routes_of(service))
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


@cache
def _routes_of(service: Service) -> tuple[BaseRoute, ...]:
    """Its own operations, and those that every service has, under its name: read once, for however many nodes in a process."""
    guard_routes([*service.routers, *SHARED])
    read = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, responses=_REFUSALS, generate_unique_id_function=_name_of
    )
    for router in service.routers:
        read.include_router(router)
    for router in SHARED:
        read.include_router(
            router, prefix=f"/{service.name}", generate_unique_id_function=lambda route: f"{service.name}_{route.name}"
        )
    return tuple(read.routes)


def _name_of(route: APIRoute) -> str:
    return route.name
