"""The browser's libraries as this node has them (htmx, Chart.js): served where they lie, and left out of every page where they do not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

HTMX, CHART = "htmx.min.js", "chart.umd.js"
_PLACE = "/static/lib"


def lay_out_libraries(app: FastAPI, directory: Path | None) -> dict[str, str]:
    """The address of each, which names its content so that browsers keep it for good; those that this node does not have are left out."""
    files = [directory / name for name in (HTMX, CHART)] if directory else []
    there = [file for file in files if file.is_file()]
    if there:
        app.mount(_PLACE, StaticFiles(directory=there[0].parent), name="libraries")
    return {file.name: f"{_PLACE}/{file.name}?v={_digest(file)}" for file in there}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
