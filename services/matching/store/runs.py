"""SQL of runs: the run itself, its passes, messages as they came, counts, statements and certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.matching.rules.runs import OPEN, Pass, Run
from services.matching.tables import runs as tables

_RUN = [tables.runs.c[each.name] for each in fields(Run)]
_PASS = [tables.passes.c[each.name] for each in fields(Pass)]


@dataclass(frozen=True)
class Message:
    """A batch of cards, cutoffs or frozen places as it came from another node, or a vacancy that this one has withdrawn."""

    kind: str
    sender: str
    batch: int
    round: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Count:
    """Some work towards a counterpart: cards or cutoffs sent in so many batches and bytes, or handled."""

    kind: str
    counterpart: str
    sent: int = 0
    handled: int = 0
    bytes: int = 0
    batches: int = 0


_MESSAGE = [tables.messages.c[each.name] for each in fields(Message)]


async def insert_run_if_absent(tx: Transaction, run: Run) -> bool:
    """False if the run is known already."""
    values = {each.name: getattr(run, each.name) for each in fields(Run)}
    statement = insert(tables.runs).values(**_listed(values)).on_conflict_do_nothing().returning(tables.runs.c.run)
    return (await tx.execute(statement)).first() is not None


def _listed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


async def find_run(tx: Transaction, run: UUID, *, lock: bool = False) -> Run | None:
    """The run; locked, nobody else moves it until the transaction ends."""
    statement = select(*_RUN).where(tables.runs.c.run == run)
    found = (await tx.execute(statement.with_for_update() if lock else statement)).mappings().first()
    return _run_of(found) if found else None


async def list_runs(tx: Transaction, after: UUID | None, limit: int) -> list[Run]:
    """The newest first (ids are in the order of creation)."""
    statement: Select[Any] = select(*_RUN).order_by(tables.runs.c.run.desc()).limit(limit)
    if after:
        statement = statement.where(tables.runs.c.run < after)
    return [_run_of(row) for row in (await tx.execute(statement)).mappings()]


def _run_of(row: Mapping[Any, Any]) -> Run:
    tuples = {name: tuple(row[name]) for name in ("counties", "cities", "missing")}
    return Run(**{**{str(name): value for name, value in row.items()}, **tuples})


async def update_run(tx: Transaction, run: UUID, **values: Any) -> None:
    await tx.execute(update(tables.runs).where(tables.runs.c.run == run).values(**_listed(values)))


async def insert_pass_if_absent(tx: Transaction, run: UUID, number: int, reason: str, base: int) -> None:
    values = {"run": run, "number": number, "reason": reason, "base": base}
    await tx.execute(insert(tables.passes).values(**values).on_conflict_do_nothing())


async def find_pass(tx: Transaction, run: UUID, number: int) -> Pass | None:
    statement = select(*_PASS).where(tables.passes.c.run == run, tables.passes.c.number == number)
    found = (await tx.execute(statement)).mappings().first()
    return Pass(**{str(name): value for name, value in found.items()}) if found else None


async def update_pass(tx: Transaction, run: UUID, number: int, **values: Any) -> None:
    where = (tables.passes.c.run == run, tables.passes.c.number == number)
    await tx.execute(update(tables.passes).where(*where).values(**values))


# Who looks at the messages is told at commit; only a hint, it also looks by itself.
HINT = "matching_messages"


async def insert_message_if_absent(tx: Transaction, run: UUID, number: int, message: Message) -> None:
    """Keeps a message once; it is handled when the pass has begun here."""
    values = {"run": run, "number": number, **{each.name: getattr(message, each.name) for each in fields(Message)}}
    await tx.execute(insert(tables.messages).values(**values).on_conflict_do_nothing())
    await tx.execute(select(func.pg_notify(HINT, "")))


async def list_waiting_runs(tx: Transaction) -> list[UUID]:
    """Runs in whose open pass messages of other nodes wait."""
    table, run = tables.messages, tables.runs
    here = (
        table.c.run == run.c.run,
        table.c.number == run.c.number,
        run.c.state == OPEN,
        table.c.turn.is_(None),
        table.c.kind != "withdrawn",
    )
    return list((await tx.execute(select(run.c.run).where(select(table.c.run).where(*here).exists()))).scalars())


async def update_statement_owed(tx: Transaction, run: UUID, number: int) -> None:
    """Notes that this node has moved in a pass and not yet said so, and wakes whoever is to say it."""
    table, now = tables.passes, tx.node.clock.now()
    await update_pass(tx, run, number, unstated_since=func.coalesce(table.c.unstated_since, now))
    await tx.execute(select(func.pg_notify(HINT, "")))


async def list_owed_statements(tx: Transaction) -> dict[UUID, datetime]:
    """Runs in whose open pass this node has moved without saying so, and since when."""
    table, run = tables.passes, tables.runs
    owed = (
        table.c.run == run.c.run,
        table.c.number == run.c.number,
        run.c.state == OPEN,
        table.c.unstated_since.is_not(None),
    )
    return {
        row.run: row.unstated_since for row in await tx.execute(select(run.c.run, table.c.unstated_since).where(*owed))
    }


async def update_messages_taken(tx: Transaction, run: UUID, number: int, kind: str) -> list[Message]:
    """The messages of a kind not yet handled, now this node's next turn: their work belongs to this transaction."""
    table = tables.messages
    here = (table.c.run == run, table.c.number == number)
    turn = select(func.coalesce(func.max(table.c.turn), 0) + 1).where(*here).scalar_subquery()
    taken = (
        update(table).where(*here, table.c.kind == kind, table.c.turn.is_(None)).values(turn=turn).returning(*_MESSAGE)
    )
    return sorted(
        (_message(row) for row in (await tx.execute(taken)).mappings()), key=lambda each: (each.sender, each.batch)
    )


async def list_handled_messages(tx: Transaction, run: UUID, number: int, *kinds: str) -> list[Message]:
    """All of some kinds that this node has handled in a pass, in the order in which it did."""
    table = tables.messages
    where = (table.c.run == run, table.c.number == number, table.c.kind.in_(kinds), table.c.turn.is_not(None))
    rows = await tx.execute(select(*_MESSAGE).where(*where).order_by(table.c.turn, table.c.sender, table.c.batch))
    return [_message(row) for row in rows.mappings()]


def _message(row: Mapping[Any, Any]) -> Message:
    return Message(**{str(name): value for name, value in row.items()})


async def list_open_runs(tx: Transaction) -> list[tuple[UUID, int]]:
    """Runs whose pass is open, and its number."""
    table = tables.runs
    rows = await tx.execute(select(table.c.run, table.c.number).where(table.c.state == OPEN))
    return [(row.run, row.number) for row in rows]


async def count_messages(tx: Transaction, run: UUID, number: int, kind: str) -> int:
    table = tables.messages
    where = (table.c.run == run, table.c.number == number, table.c.kind == kind)
    return int((await tx.execute(select(func.count()).select_from(table).where(*where))).scalar_one())


async def list_senders(tx: Transaction, run: UUID, number: int, kind: str) -> set[str]:
    table = tables.messages
    where = (table.c.run == run, table.c.number == number, table.c.kind == kind)
    return set((await tx.execute(select(table.c.sender).where(*where))).scalars())


async def upsert_counts(tx: Transaction, run: UUID, number: int, work: Sequence[Count]) -> None:
    """Adds to what this node counts towards its counterparts."""
    table = tables.counts
    fresh = insert(table)
    added = {name: table.c[name] + fresh.excluded[name] for name in ("sent", "handled", "bytes", "batches")}
    statement = fresh.on_conflict_do_update(index_elements=["run", "number", "kind", "counterpart"], set_=added)
    if work:
        await tx.execute(statement, [{"run": run, "number": number, **asdict(each)} for each in work])


async def list_batches_sent(tx: Transaction, run: UUID, number: int, kind: str) -> dict[str, int]:
    """counterpart -> how many batches of cards, or of cutoffs, this node has sent there."""
    table = tables.counts
    where = (table.c.run == run, table.c.number == number, table.c.kind == kind)
    return {
        row.counterpart: row.batches
        for row in await tx.execute(select(table.c.counterpart, table.c.batches).where(*where))
    }


async def list_counts(tx: Transaction, run: UUID, number: int) -> dict[tuple[str, str], dict[str, int]]:
    """(kind, counterpart) -> sent, handled, bytes."""
    table = tables.counts
    columns = (table.c.kind, table.c.counterpart, table.c.sent, table.c.handled, table.c.bytes)
    rows = (await tx.execute(select(*columns).where(table.c.run == run, table.c.number == number))).all()
    return {(row.kind, row.counterpart): {"sent": row.sent, "handled": row.handled, "bytes": row.bytes} for row in rows}


async def upsert_statement(
    tx: Transaction, run: UUID, number: int, kind: str, node: str, data: Mapping[str, Any]
) -> None:
    fresh = insert(tables.statements).values(run=run, number=number, kind=kind, node=node, data=data)
    await tx.execute(
        fresh.on_conflict_do_update(
            index_elements=["run", "number", "kind", "node"], set_={"data": fresh.excluded.data}
        )
    )


async def list_statements(tx: Transaction, run: UUID, number: int, kind: str) -> dict[str, dict[str, Any]]:
    """node -> what it has said."""
    table = tables.statements
    where = (table.c.run == run, table.c.number == number, table.c.kind == kind)
    return {row.node: row.data for row in (await tx.execute(select(table.c.node, table.c.data).where(*where))).all()}


async def delete_statements(tx: Transaction, run: UUID, number: int, kind: str) -> None:
    table = tables.statements
    await tx.execute(table.delete().where(table.c.run == run, table.c.number == number, table.c.kind == kind))


async def insert_certificate_if_absent(tx: Transaction, run: UUID, number: int, city: str, certificate: str) -> None:
    values = {"run": run, "number": number, "city": city, "certificate": certificate}
    await tx.execute(insert(tables.certificates).values(**values).on_conflict_do_nothing())


async def list_certificates(tx: Transaction, run: UUID, number: int) -> list[dict[str, Any]]:
    """city, certificate (JWS), verified, faults."""
    table = tables.certificates
    columns = (table.c.city, table.c.certificate, table.c.verified, table.c.faults)
    rows = await tx.execute(select(*columns).where(table.c.run == run, table.c.number == number).order_by(table.c.city))
    return [dict(row) for row in rows.mappings()]


async def update_verdicts(tx: Transaction, run: UUID, number: int, verdicts: Mapping[str, list[str]]) -> None:
    """city -> faults found; without any the certificate is verified."""
    table = tables.certificates
    for city, faults in verdicts.items():
        where = (table.c.run == run, table.c.number == number, table.c.city == city)
        await tx.execute(update(table).where(*where).values(verified=not faults, faults=faults))
