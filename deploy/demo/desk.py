"""An officer's desk (办公桌): the account of a node's first officer, and a browser before its console, a real one where one is found."""

from __future__ import annotations

import json
import shutil

import httpx

from deploy.demo.story import NodePlace

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def account_of(place: NodePlace) -> dict[str, str]:
    """The officer's login and password, from the file that whoever runs the node has."""
    accounts = json.loads((place.keys / "accounts.json").read_text(encoding="utf-8"))
    officer = next(account for account in accounts if account["role"] == "officer")
    return {"login": officer["login"], "password": officer["password"]}


def browser_of(place: NodePlace) -> httpx.AsyncClient:
    """Keeps cookies and says, as browsers do, that the form comes from the page itself."""
    return httpx.AsyncClient(base_url=place.url, headers={"Origin": place.url}, timeout=30, trust_env=False)


def real_browser() -> str | None:
    """Where a browser stands on this machine, if one does."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)
