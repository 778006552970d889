"""The console's HTTP door: JSON under /console/v1, pages under everything else."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from services.console.rendering import HERE
from services.console.routes import (
    account_pages,
    accounts,
    excel,
