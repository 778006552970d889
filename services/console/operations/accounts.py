"""Accounts: they stand in a file beside the node's keys, which whoever runs the node may edit."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from pathlib import Path
from typing import Any

from libs.common.database import Transaction
from libs.common.identity import ROLES
from libs.common.telemetry import log
from services.console import store
from services.console.rules import signing_in
from services.console.rules.signing_in import Account

FIRST_ROLES = ("officer", "operator", "auditor")


class WrongAccounts(ValueError):
    """accounts.json cannot be read as a list of accounts."""


async def take_in_accounts(tx: Transaction, path: Path) -> int:
    """Bring the accounts in line with the file: new and changed ones are kept, those no longer listed are removed."""
    listed = read_accounts(path, tx.home.code)
    for login in set(await store.find_logins(tx)) - {account.login for account, _ in listed}:
        await store.remove_account(tx, login)
    for account, password in listed:
        await _take_in(tx, account, password)
    log.info("take_in_accounts", accounts=len(listed))
    return len(listed)


async def _take_in(tx: Transaction, account: Account, password: str) -> None:
    """A changed password or role ends the account's sessions; an unchanged account stays untouched."""
    known = await store.find_account(tx, account.login)
    if known and known[0] == account and await asyncio.to_thread(signing_in.matches, password, known[1]):
        return
    secret = await asyncio.to_thread(signing_in.keep, password, os.urandom(16))
    await store.keep_account(tx, account, secret)
    await store.end_sessions_of(tx, account.login)


def read_accounts(path: Path, code: str) -> list[tuple[Account, str]]:
    """The accounts and their passwords as the file has them; regions default to the node's own."""
    try:
        listed: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return [_read_account(entry, code) for entry in listed]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise WrongAccounts(f"{path.name} is not a list of {{login, password, role, regions}}: {error}") from error


def _read_account(entry: dict[str, Any], code: str) -> tuple[Account, str]:
    if entry["role"] not in ROLES:
        raise ValueError(f"unknown role {entry['role']}")
    regions = tuple(entry.get("regions") or [code])
    return Account(entry["login"], entry["role"], regions, entry.get("organisation", "")), entry["password"]


def make_accounts(path: Path, code: str) -> None:
    """The first accounts of a node, with random passwords, where there is no such file yet; for its owner's eyes alone."""
    accounts = [
        {"login": role, "password": secrets.token_urlsafe(12), "role": role, "regions": [code]} for role in FIRST_ROLES
    ]  # fmt: skip
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)
    try:
        os.link(beside, path)  # unlike a rename, this never replaces a file that another process has made meanwhile
    except FileExistsError:
        log.info("accounts_are_there")
    finally:
        beside.unlink()
