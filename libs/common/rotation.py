"""Turning field keys (密钥轮换): every encrypted column of a service read and written again under the newest key, while it works.

A column says that it is encrypted, and in which context: `Column("name_sealed", LargeBinary, info=sealed())`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, MetaData, Row, Table, bindparam, func, or_, select, text, update

from libs.common.database import Transaction
from libs.common.pools import Database
from libs.common.privacy import Vault

BATCH = 500
_SEALED = "sealed"
# Whoever began before the newest key was there may still write under an older one.
_STILL_AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid() AND xact_start < :since"


@dataclass(frozen=True)
class Turned:
    """How far a table is: rows written again so far, and those still under an older key."""

    table: str
    done: int
    left: int


def sealed(context: str = "") -> dict[str, str]:
    """What an encrypted column says of itself. The context may name columns of its row, `console.totp.{login}`; as a rule it is
    schema, table and column."""
    return {_SEALED: context}


def sealed_columns(metadata: MetaData) -> dict[Table, list[Column[Any]]]:
    """The encrypted columns of a service, by table."""
    listed = {table: [column for column in table.columns if _SEALED in column.info] for table in metadata.sorted_tables}
    return {table: columns for table, columns in listed.items() if columns}


async def count_by_key(tx: Transaction, metadata: MetaData) -> Counter[int]:
    """How many stored fields there are under each key."""
    counted: Counter[int] = Counter()
    for table, columns in sealed_columns(metadata).items():
        for column in columns:
            key = func.get_byte(column, 0)
            found: Any = await tx.execute(
                select(key, func.count()).select_from(table).where(column.is_not(None)).group_by(key)
            )
            counted.update(dict(map(tuple, found)))
    return counted


async def reencrypt(database: Database, metadata: MetaData, vault: Vault, batch: int = BATCH) -> AsyncIterator[Turned]:
    """Each batch is a transaction of its own, so it can end anywhere and begin again; tells after each how far the table is."""
    for table, columns in sealed_columns(metadata).items():
        done = 0
        while True:
            async with database.transaction() as tx:
                newest, _ = vault.field_keys.newest()
                rows = await _older(tx, table, columns, newest, batch)
                await _write_again(tx, table, columns, rows, newest, vault)
                left = await _count_older(tx, table, columns, newest)
            done += len(rows)
            if rows:
                yield Turned(table.fullname, done, left)
            if not left:
                break


async def nobody_writes_older(tx: Transaction, since: datetime) -> bool:
    """Whether every transaction that may have taken an older key has ended."""
    return not (await tx.execute(text(_STILL_AT_WORK), {"since": since})).scalar_one()


def _is_older(columns: list[Column[Any]], newest: int) -> Any:
    return or_(*(func.get_byte(column, 0) != newest for column in columns))


async def _older(tx: Transaction, table: Table, columns: list[Column[Any]], newest: int, batch: int) -> list[Row[Any]]:
    query = select(table).where(_is_older(columns, newest)).order_by(*table.primary_key).limit(batch).with_for_update()
    return list((await tx.execute(query)).all())


async def _count_older(tx: Transaction, table: Table, columns: list[Column[Any]], newest: int) -> int:
    return int(
        (await tx.execute(select(func.count()).select_from(table).where(_is_older(columns, newest)))).scalar_one()
    )


async def _write_again(
    tx: Transaction, table: Table, columns: list[Column[Any]], rows: list[Row[Any]], newest: int, vault: Vault
) -> None:
    if not rows:
        return
    same = [column == bindparam(f"key_{column.name}") for column in table.primary_key]
    written = update(table).where(*same).values({column.name: bindparam(f"new_{column.name}") for column in columns})
    await tx.execute(written, [_values(table, columns, row, newest, vault) for row in rows])


def _values(table: Table, columns: list[Column[Any]], row: Row[Any], newest: int, vault: Vault) -> dict[str, Any]:
    keys = {f"key_{column.name}": getattr(row, column.name) for column in table.primary_key}
    return keys | {f"new_{column.name}": _renewed(column, row, newest, vault) for column in columns}


def _renewed(column: Column[Any], row: Row[Any], newest: int, vault: Vault) -> bytes | None:
    blob: bytes | None = getattr(row, column.name)
    if blob is None or blob[0] == newest:
        return blob
    context = _context_of(column, row)
    return vault.encrypt(vault.decrypt(blob, context=context), context=context)


def _context_of(column: Column[Any], row: Row[Any]) -> str:
    said: str = column.info[_SEALED]
    return said.format_map(row._mapping) if said else f"{column.table.fullname}.{column.name.removesuffix('_sealed')}"
