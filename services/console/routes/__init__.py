"""The console's HTTP door: JSON under /console/v1, pages under everything else."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from services.console.rendering import HERE
from services.console.routes import (
    account_pages,
    accounts,
    allotting,
    cadres,
    conflicts,
    duplicates,
    entering,
    excel,
    fair_sign_ups,
    fairs,
    forms,
    health,
    imports,
    introductions,
    keys,
    lists,
    moving,
    my,
    my_account,
    openid,
    people,
    phone,
    printed,
    province,
    quality,
    recommendations,
    repairs,
    report,
    restarts,
    reveals,
    revocations,
    rounds,
    runs,
    sign_in_codes,
    signing,
    system_pages,
    systems,
    today,
    token,
    trend,
    vacancies,
    views,
)
from services.console.routes.exception_handlers import HANDLERS
from services.console.routes.libraries import lay_out_libraries
from services.console.routes.security import SecurityMiddleware

ROUTERS = [
    province.router,
    accounts.router,
    cadres.router,
    systems.router,
    views.router,
    token.router,
    revocations.router,
    restarts.router,
    keys.router,
    signing.pages,
    entering.pages,
    forms.pages,
    views.pages,
    today.pages,
    lists.pages,
    excel.pages,
    printed.pages,
    report.pages,
    my_account.pages,
    openid.pages,
    account_pages.pages,
    system_pages.pages,
    province.pages,
    trend.pages,
    people.pages,
    sign_in_codes.pages,
    *my.PAGES,
    quality.pages,
    duplicates.pages,
    moving.pages,
    reveals.pages,
    vacancies.pages,
    recommendations.pages,
    introductions.pages,
    fairs.pages,
    fair_sign_ups.pages,
    rounds.pages,
    allotting.pages,
    runs.pages,
    imports.pages,
    repairs.pages,
    conflicts.pages,
    health.pages,
    phone.pages,
]


def open_house(app: FastAPI, gateway: str, libraries: Path | None) -> None:
    """Static files, refusals as pages, and the headers and the same-origin rule around everything."""
    app.state.libraries = lay_out_libraries(app, libraries)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(SecurityMiddleware, gateway=gateway)
