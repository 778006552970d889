"""The browser's libraries as this node has them (htmx): served where they lie, and left out of every page where they do not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

HTMX = "htmx.min.js"
_PLACE = "/static/lib"


def lay_out_libraries(app: FastAPI, directory: Path | None) -> str:
    """The address of htmx, which names its content so that browsers keep it for good; empty where this node has none."""
    file = directory / HTMX if directory else None
    if file is None or not file.is_file():
        return ""
    app.mount(_PLACE, StaticFiles(directory=file.parent), name="libraries")
    return f"{_PLACE}/{HTMX}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
