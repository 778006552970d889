"""The first accounts of a node: made once, from a file beside its keys; from then on accounts are kept in the database."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter

from libs.common.access.policy import ROLES
from libs.common.database import Transaction, new_id
from libs.common.telemetry import log
from services.console.operations.hashing import Hasher
from services.console.operations.records import record_change
from services.console.rules.accounts import Account
from services.console.store import accounts as store

FIRST_ROLES = ("officer", "operator", "auditor")


def _known(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"unknown role {role}")
    return role


class FirstAccount(BaseModel):
    """An account as the file has it; without regions it is for the node's own, and its password is to be changed."""

    model_config = ConfigDict(frozen=True)

    login: str
    password: str
    role: Annotated[str, AfterValidator(_known)]
    regions: tuple[str, ...] = ()
    organisation: str = ""
    change_first: bool = True


_FILE = TypeAdapter(list[FirstAccount])


class WrongAccounts(ValueError):
    """accounts.json cannot be read as a list of accounts."""


async def take_in_accounts(tx: Transaction, path: Path, hasher: Hasher) -> int:
    """Where there is no account yet: those of the file, which is made when it is missing. The file is not read again after that."""
    if await store.count_accounts(tx):
        return 0
    if not path.exists():
        make_accounts(path, tx.node.code)
    listed = read_accounts(path)
    kept = [await hasher.keep(entry.password) for entry in listed]  # before the first row is written
    for entry, secret in zip(listed, kept, strict=True):
        await _take_in(tx, entry, secret)
    log.info("take_in_accounts", accounts=len(listed))
    return len(listed)


async def _take_in(tx: Transaction, entry: FirstAccount, secret: str) -> None:
    now, regions = tx.node.clock.now(), entry.regions or (tx.node.code,)
    account = Account(
        new_id(), entry.login, entry.role, regions, entry.organisation, secret, now, now, must_change=entry.change_first
    )
    await store.insert_account_if_absent(tx, account)
    await record_change(tx, account.login, "first start", "created", account.rights)


def read_accounts(path: Path) -> list[FirstAccount]:
    try:
        return _FILE.validate_json(path.read_bytes())
    except ValueError as error:
        raise WrongAccounts(f"{path.name} is not a list of {{login, password, role, regions}}: {error}") from error


def make_accounts(path: Path, code: str) -> None:
    """The first accounts of a node, with random passwords, where there is no such file yet; for its owner's eyes alone."""
    accounts = [
        {"login": role, "password": secrets.token_urlsafe(12), "role": role, "regions": [code]} for role in FIRST_ROLES
    ]
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)
    try:
        os.link(beside, path)  # unlike a rename, this never replaces a file that another process has made meanwhile
    except FileExistsError:
        log.info("accounts_are_there")
    finally:
        beside.unlink()
