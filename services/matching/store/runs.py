"""SQL of runs: the run itself, its passes, messages as they came, counts, statements and certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, rows_given
from libs.common.events.envelope import Event
from libs.common.events.matching import CommitmentMade, PassReviewed, PlacesStatedV2, ProgressStated, ShareRevealed
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import find_one
from services.matching.rules.runs import (
    ANNOUNCED,
    AS_ENTERED,
    CLOSED,
    OPEN,
    PLAYED,
    SETTLED,
    STOPPED,
    ChannelCount,
    CityCertificate,
    Pass,
    PassMessage,
    Run,
    RunNotFound,
)
from services.matching.tables import runs as tables

_RUN = columns_of(tables.runs, Run)
_PASS = columns_of(tables.passes, Pass)


# Who moves runs is told after the commit; only a hint, it also looks by itself.
HINT = "messages"
_MESSAGE = columns_of(tables.messages, PassMessage)
_COUNT, _CERTIFICATE = columns_of(tables.counts, ChannelCount), columns_of(tables.certificates, CityCertificate)


async def insert_run_if_absent(tx: Transaction, run: Run) -> bool:
    """False if the run is known already; else whoever moves runs is told at commit."""
    values = {each.name: getattr(run, each.name) for each in fields(Run)}
    statement = insert(tables.runs).values(**_listed(values)).on_conflict_do_nothing().returning(tables.runs.c.run)
    tx.hint(HINT)
    return (await tx.execute(statement)).first() is not None


def _listed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


async def find_run(tx: Transaction, run: UUID) -> Run | None:
    found = (await tx.execute(_run(run))).mappings().first()
    return _run_of(found) if found else None


async def get_run(tx: Transaction, run: UUID) -> Run:
    """Raises RunNotFound."""
    return _known(await find_run(tx, run))


async def lock_run_if_known(tx: Transaction, run: UUID) -> Run | None:
    """Nobody else moves it until the transaction ends; None where its announcement has not come yet."""
    found = (await tx.execute(_run(run).with_for_update())).mappings().first()
    return _run_of(found) if found else None


async def lock_run(tx: Transaction, run: UUID) -> Run:
    """The same; raises RunNotFound."""
    return _known(await lock_run_if_known(tx, run))


def _run(run: UUID) -> Select[Any]:
    return select(*_RUN).where(tables.runs.c.run == run)


def _known(run: Run | None) -> Run:
    if run is None:
        raise RunNotFound
    return run


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
    tx.hint(HINT)


async def find_pass(tx: Transaction, run: UUID, number: int) -> Pass | None:
    statement = select(*_PASS).where(tables.passes.c.run == run, tables.passes.c.number == number)
    return await find_one(tx, statement, Pass)


async def update_pass(tx: Transaction, run: UUID, number: int, **values: Any) -> None:
    where = (tables.passes.c.run == run, tables.passes.c.number == number)
    await tx.execute(update(tables.passes).where(*where).values(**values))


async def insert_messages_if_absent(tx: Transaction, run: UUID, number: int, messages: Sequence[PassMessage]) -> None:
    """Keeps each message once; it is handled when the pass has begun here."""
    if messages:
        rows = [{"run": run, "number": number, **vars(message)} for message in messages]
        await tx.execute(insert(tables.messages).values(rows).on_conflict_do_nothing())
        tx.hint(HINT)


async def list_waiting_runs(tx: Transaction) -> list[UUID]:
    """Runs in whose open pass messages of other nodes wait, or this node has not begun."""
    table, run = tables.messages, tables.runs
    here = (
        table.c.run == run.c.run,
        table.c.number == run.c.number,
        table.c.turn.is_(None),
        table.c.kind != "withdrawn",
    )
    waiting = select(table.c.run).where(*here).exists() | _not_begun(tx.node.id).exists()
    return list((await tx.execute(select(run.c.run).where(run.c.state == OPEN, waiting))).scalars())


def _not_begun(node: str) -> Select[Any]:
    """The pass that a run is in, if this node has not made its first move in it."""
    run, step = tables.runs, tables.passes
    as_county = step.c.county_mark.is_(None) & (literal(node) == any_(run.c.counties))
    as_city = step.c.started.is_(False) & (literal(node) == any_(run.c.cities))
    this = (step.c.run == run.c.run, step.c.number == run.c.number, run.c.dispute.is_(None))
    return select(step.c.run).where(*this, as_county | as_city)


async def list_runs_to_enter(tx: Transaction) -> list[Run]:
    """Announced runs of this county whose people are not drawn up yet."""
    run, roster = tables.runs, tables.rosters
    drawn = select(roster.c.run).where(roster.c.run == run.c.run, roster.c.number == AS_ENTERED).exists()
    waits = (run.c.state == ANNOUNCED, run.c.own_share.is_(None), run.c.dispute.is_(None), ~drawn)
    query = select(*_RUN).where(*waits, literal(tx.node.id) == any_(run.c.counties)).order_by(run.c.run)
    return [_run_of(row) for row in (await tx.execute(query)).mappings()]


async def list_runs_to_commit(tx: Transaction) -> list[Run]:
    """Announced runs to which this node brings all its sides, and has not committed yet."""
    run, roster, allotted = tables.runs, tables.rosters, tables.allotments
    here = literal(tx.node.id)
    drawn = select(roster.c.run).where(roster.c.run == run.c.run, roster.c.number == AS_ENTERED).exists()
    own = (allotted.c.run == run.c.run, allotted.c.number == 1, allotted.c.city == here)
    waits = (run.c.state == ANNOUNCED, run.c.own_share.is_(None), run.c.dispute.is_(None))
    has_people = ~(here == any_(run.c.counties)) | drawn
    has_vacancies = select(allotted.c.run).where(*own).exists()
    query = select(*_RUN).where(*waits, here == any_(run.c.cities), has_vacancies, has_people)
    return [_run_of(row) for row in (await tx.execute(query.order_by(run.c.run))).mappings()]


async def list_runs_awaiting(tx: Transaction, convener: str, version: str) -> list[Run]:
    """Runs of a convener that name a version of the weights and in which this node has not committed yet."""
    run = tables.runs
    waits = (run.c.state == ANNOUNCED, run.c.convener == convener, run.c.weights == version, run.c.own_share.is_(None))
    return [_run_of(row) for row in (await tx.execute(select(*_RUN).where(*waits).order_by(run.c.run))).mappings()]


async def list_passes_to_sign(tx: Transaction) -> list[tuple[Run, int]]:
    """Closed passes of which this city has not signed its cutoffs."""
    step, certificate, here = tables.passes, tables.certificates, literal(tx.node.id)
    own = (certificate.c.run == step.c.run, certificate.c.number == step.c.number, certificate.c.city == here)
    signed = select(certificate.c.run).where(*own).exists()
    return await _closed_passes(tx, here == any_(tables.runs.c.cities), step.c.started, ~signed)


async def list_passes_to_review(tx: Transaction) -> list[tuple[Run, int]]:
    """Closed passes after which this county has not said whether it asks for another one."""
    run, step = tables.runs, tables.passes
    here = (literal(tx.node.id) == any_(run.c.counties), run.c.state == CLOSED, run.c.number == step.c.number)
    return await _closed_passes(tx, *here, step.c.reviewed.is_(False))


async def list_passes_to_verify(tx: Transaction) -> list[tuple[Run, int]]:
    """Closed passes whose certificates are all here and have not been held against this county's places."""
    step, certificate = tables.passes, tables.certificates
    of_pass = (certificate.c.run == step.c.run, certificate.c.number == step.c.number)
    unread = select(certificate.c.run).where(*of_pass, certificate.c.verified.is_(None)).exists()
    come = select(func.count()).select_from(certificate).where(*of_pass).scalar_subquery()
    here = (literal(tx.node.id) == any_(tables.runs.c.counties), step.c.county_mark.is_not(None))
    return await _closed_passes(tx, *here, unread, come >= func.cardinality(tables.runs.c.cities))


async def list_passes_to_offer(tx: Transaction) -> list[tuple[Run, int]]:
    """Settled passes whose places this county has not offered to its people."""
    run, step = tables.runs, tables.passes
    here = (literal(tx.node.id) == any_(run.c.counties), run.c.settled == step.c.number)
    return await _closed_passes(tx, *here, step.c.offered.is_(False))


async def _closed_passes(tx: Transaction, *where: ColumnElement[bool]) -> list[tuple[Run, int]]:
    """Passes that are closed, of runs that are under way here and whose messages are kept."""
    run, step = tables.runs, tables.passes
    under_way = (run.c.state.in_(PLAYED), run.c.seed.is_not(None), run.c.dispute.is_(None), run.c.forgotten.is_(False))
    query = select(*_RUN, step.c.number.label("of_pass")).where(run.c.run == step.c.run, *under_way, *where)
    rows = (await tx.execute(query.where(step.c.closing.is_not(None)).order_by(run.c.run, step.c.number))).mappings()
    return [(_run_of({column.name: row[column.name] for column in _RUN}), row["of_pass"]) for row in rows]


async def update_statement_owed(tx: Transaction, run: UUID, number: int) -> None:
    """Notes that this node has moved in a pass and not yet said so, and wakes whoever is to say it."""
    table, now = tables.passes, tx.node.clock.now()
    await update_pass(tx, run, number, unstated_since=func.coalesce(table.c.unstated_since, now))
    tx.hint(HINT)


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


async def list_waiting_messages(tx: Transaction, run: UUID, number: int, kind: str) -> list[PassMessage]:
    """The messages of a kind that this node has not handled yet."""
    table = tables.messages
    where = (table.c.run == run, table.c.number == number, table.c.kind == kind, table.c.turn.is_(None))
    query = select(*_MESSAGE).where(*where).order_by(table.c.sender, table.c.batch)
    return read_rows(PassMessage, await tx.execute(query))


async def update_messages_taken(tx: Transaction, run: UUID, number: int, messages: Sequence[PassMessage]) -> None:
    """These messages, of one kind, are this node's next turn: their work belongs to this transaction."""
    table = tables.messages
    here = (table.c.run == run, table.c.number == number)
    turn = select(func.coalesce(func.max(table.c.turn), 0) + 1).where(*here).scalar_subquery()
    given = rows_given(table, ("kind", "sender", "batch"))
    these = (table.c.kind == given.c.kind, table.c.sender == given.c.sender, table.c.batch == given.c.batch)
    if messages:
        rows = [{"kind": each.kind, "sender": each.sender, "batch": each.batch} for each in messages]
        await tx.execute(update(table).where(*here, *these).values(turn=turn), {"rows": rows})


async def list_handled_messages(tx: Transaction, run: UUID, number: int, *kinds: str) -> list[PassMessage]:
    """All of some kinds that this node has handled in a pass, in the order in which it did."""
    table = tables.messages
    where = (table.c.run == run, table.c.number == number, table.c.kind.in_(kinds), table.c.turn.is_not(None))
    rows = await tx.execute(select(*_MESSAGE).where(*where).order_by(table.c.turn, table.c.sender, table.c.batch))
    return read_rows(PassMessage, rows)


async def list_open_runs(tx: Transaction) -> list[tuple[UUID, int]]:
    """Runs whose pass is open, and its number."""
    table = tables.runs
    rows = await tx.execute(select(table.c.run, table.c.number).where(table.c.state == OPEN))
    return [(row.run, row.number) for row in rows]


# Over: stopped, or settled and past its deadline, when no further pass is opened. From the newest that this county has been in,
# recommendations take their cutoffs.
_FORGET = text(
    """
    WITH over AS (
        SELECT run FROM runs WHERE announced_at < :before AND deadline < :day AND state IN (:settled, :stopped)
        AND run IS DISTINCT FROM
            (SELECT max(run::text)::uuid FROM runs WHERE runs.settled IS NOT NULL AND :node = ANY(counties))
    ), gone AS (
        DELETE FROM run_messages WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM run_messages WHERE run IN (SELECT run FROM over) LIMIT :batch
        )) RETURNING run
    ), told AS (
        UPDATE runs SET forgotten = true WHERE run IN (SELECT run FROM gone) AND NOT forgotten
    )
    SELECT count(*) FROM gone
    """
)


async def delete_messages_of_old_runs(tx: Transaction, before: datetime, batch: int) -> int:
    """So many messages of runs that were announced before, are over, and answer nothing any more; how many went."""
    given = {"before": before, "day": before.date(), "batch": batch, "node": tx.node.id}
    return int((await tx.execute(_FORGET, {**given, "settled": SETTLED, "stopped": STOPPED})).scalar_one())


async def count_messages(tx: Transaction, run: UUID, number: int, kind: str) -> int:
    table = tables.messages
    where = (table.c.run == run, table.c.number == number, table.c.kind == kind)
    return int((await tx.execute(select(func.count()).select_from(table).where(*where))).scalar_one())


async def list_senders(tx: Transaction, run: UUID, number: int, kind: str) -> set[str]:
    table = tables.messages
    where = (table.c.run == run, table.c.number == number, table.c.kind == kind)
    return set((await tx.execute(select(table.c.sender).where(*where))).scalars())


async def upsert_counts(tx: Transaction, run: UUID, number: int, work: Sequence[ChannelCount]) -> None:
    """Adds to what this node counts towards its counterparts."""
    by_channel: dict[tuple[str, str], ChannelCount] = {}
    for each in work:
        known = by_channel.get((each.kind, each.counterpart))
        by_channel[each.kind, each.counterpart] = known.plus(each) if known else each
    if by_channel:
        fresh = insert(tables.counts).values(
            [{"run": run, "number": number, **vars(each)} for each in by_channel.values()]
        )
        added = {name: tables.counts.c[name] + fresh.excluded[name] for name in ("sent", "handled", "bytes", "batches")}
        await tx.execute(
            fresh.on_conflict_do_update(index_elements=["run", "number", "kind", "counterpart"], set_=added)
        )


async def list_batches_sent(tx: Transaction, run: UUID, number: int, kind: str) -> dict[str, int]:
    """counterpart -> how many batches of cards, or of cutoffs, this node has sent there."""
    table = tables.counts
    where = (table.c.run == run, table.c.number == number, table.c.kind == kind)
    return {
        row.counterpart: row.batches
        for row in await tx.execute(select(table.c.counterpart, table.c.batches).where(*where))
    }


async def list_counts(tx: Transaction, run: UUID, number: int) -> list[ChannelCount]:
    table = tables.counts
    return read_rows(
        ChannelCount, await tx.execute(select(*_COUNT).where(table.c.run == run, table.c.number == number))
    )


# What participants say to the convener, by the name under which the latest word of each is kept.
_STATEMENTS: Mapping[type[Event], str] = {
    CommitmentMade: "commitment",
    ShareRevealed: "share",
    ProgressStated: "progress",
    PassReviewed: "review",
    PlacesStatedV2: "places",
}
S = TypeVar("S", bound=Event)


async def upsert_statement(tx: Transaction, run: UUID, number: int, node: str, said: Event) -> None:
    values = {"run": run, "number": number, "kind": _STATEMENTS[type(said)], "node": node}
    fresh = insert(tables.statements).values(**values, data=said.model_dump(mode="json"))
    await tx.execute(
        fresh.on_conflict_do_update(
            index_elements=["run", "number", "kind", "node"], set_={"data": fresh.excluded.data}
        )
    )


async def list_statements(tx: Transaction, run: UUID, number: int, what: type[S]) -> dict[str, S]:
    """node -> what it has said."""
    table = tables.statements
    where = (table.c.run == run, table.c.number == number, table.c.kind == _STATEMENTS[what])
    rows = await tx.execute(select(table.c.node, table.c.data).where(*where))
    return {row.node: what.model_validate(row.data) for row in rows}


async def list_speakers(tx: Transaction, run: UUID, number: int, what: type[Event]) -> set[str]:
    """Who has said something of the kind."""
    table = tables.statements
    where = (table.c.run == run, table.c.number == number, table.c.kind == _STATEMENTS[what])
    return set((await tx.execute(select(table.c.node).where(*where))).scalars())


async def delete_statements(tx: Transaction, run: UUID, number: int, what: type[Event]) -> None:
    table = tables.statements
    where = (table.c.run == run, table.c.number == number, table.c.kind == _STATEMENTS[what])
    await tx.execute(table.delete().where(*where))


async def insert_certificate_if_absent(tx: Transaction, run: UUID, number: int, city: str, certificate: str) -> None:
    values = {"run": run, "number": number, "city": city, "certificate": certificate}
    await tx.execute(insert(tables.certificates).values(**values).on_conflict_do_nothing())
    tx.hint(HINT)


async def list_certificates(tx: Transaction, run: UUID, number: int) -> list[CityCertificate]:
    table = tables.certificates
    query = select(*_CERTIFICATE).where(table.c.run == run, table.c.number == number).order_by(table.c.city)
    return read_rows(CityCertificate, await tx.execute(query))


async def update_verdicts(tx: Transaction, run: UUID, number: int, verdicts: Mapping[str, list[str]]) -> None:
    """city -> faults found; without any the certificate is verified."""
    table = tables.certificates
    given = rows_given(table, ("city", "verified", "faults"))
    judged = update(table).where(table.c.run == run, table.c.number == number, table.c.city == given.c.city)
    judged = judged.values(verified=given.c.verified, faults=given.c.faults)
    rows = [{"city": city, "verified": not faults, "faults": faults} for city, faults in verdicts.items()]
    await tx.execute(judged, {"rows": rows})
