"""The first accounts of a node on this machine (试用账号): random passwords that last, since whoever runs it reads the file anyway."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

ROLES = ("officer", "operator", "auditor")


def lasting_accounts(path: Path, code: str) -> None:
    """accounts.json as the console takes it in at its first start; what is there already stays as it is."""
    if path.exists():
        return
    accounts = [
        {"login": role, "password": secrets.token_urlsafe(12), "role": role, "regions": [code], "change_first": False}
        for role in ROLES
    ]
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)
    beside.rename(path)
