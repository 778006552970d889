"""The five services' applications without a server behind them: what their routes and documents say can be looked at."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from libs.common.api.application import create_api
from libs.common.service import Service, ServiceContext, create_context

SERVICES = ["registry", "jobs", "matching", "retention", "console"]
VERBS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class _Built:
    settings: object
    app: FastAPI


_BUILT: WeakKeyDictionary[ServiceContext, _Built] = WeakKeyDictionary()


def application_of(context: ServiceContext) -> FastAPI:
    """The office's application, built once for its settings: building one costs more than most of what is asked of it."""
    built = _BUILT.get(context)
    if built is None or built.settings is not context.settings:
        built = _BUILT[context] = _Built(context.settings, create_api(context))
    return built.app


def service_of(name: str) -> Service:
    service: Service = importlib.import_module(f"services.{name}.app").SERVICE
    return service


def door_of(name: str, node_files: Path) -> FastAPI:
    service = service_of(name)
    settings = service.settings(
        node="n433124",
        kafka="-",
        keys=node_files / "n433124" / "keys",
        partners=node_files / "n433124" / "partners.json",
        database_url="postgresql+asyncpg://{service}@/none",
    )
    return create_api(create_context(service, settings))


def routes_of(app: FastAPI) -> list[RouteContext]:
    """Every operation and page, those of routers within routers included."""
    found = [route for route in iter_route_contexts(app.routes) if isinstance(route.original_route, APIRoute)]
    assert found, "an application without routes has not been looked into"
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(verb, path, operation) of a document."""
    for path, methods in document["paths"].items():
        yield from ((verb.upper(), path, methods[verb]) for verb in VERBS if verb in methods)
