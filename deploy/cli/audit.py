"""audit verify: read the trails of this machine's nodes from their first record on; exit 1 when one was changed, cut or rewritten.

audit find: who made the file whose mark has this id.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, asdict, dataclass
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import typer
from joserfc.jwk import KeySet
from sqlalchemy import make_url

from deploy.cli.output import answer_json, answers
from deploy.local.errors import OperatorError
from deploy.local.node import Node, nodes_of
from deploy.local.postgres import SERVICES
from libs.common.audit.heads import SignedHeads
from libs.common.audit.verify import Head, Verified, verify_service
from libs.common.exports import entity_of

_FIND = """
SELECT at, actor, role, organisation, purpose, reference, action, details::text AS details FROM {service}.audit
WHERE entities @> ARRAY[$1] ORDER BY place
"""
app = typer.Typer(no_args_is_help=True, help="The trail: who did what, in chains of hashes.")
NodeOption = Annotated[
    list[str] | None,
    typer.Option("--node", help="n433124 or 433124; may be given several times; default: all that run."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@dataclass(frozen=True)
class Taken:
    """An export as a node's trail tells of it: who made it, as what and for what, when, of what and how many rows."""

    node: str
    service: str
    _: KW_ONLY
    at: str
    actor: str
    role: str
    organisation: str
    purpose: str
    reference: str
    action: str
    exported: str | None
    filter: Mapping[str, str] | None
    rows: int | None


class NothingRuns(OperatorError):
    """A trail lies in its node's database, which must run to be read."""


@app.command()
def verify(node: NodeOption = None, as_json: JsonOption = False) -> None:
    """Each record against the one before it, each chain against its signed ends and what the other nodes of this machine remember."""
    found = asyncio.run(_verify_all(node or []))
    wrong = [str(finding) for verified in found.values() for one in verified for finding in one.findings]
    if as_json:
        answer_json(
            {"ok": not wrong, "nodes": {name: [asdict(one) for one in verified] for name, verified in found.items()}}
        )
    else:
        for name, verified in found.items():
            answers.print(f"{name}: {sum(one.records for one in verified)} records in {len(verified)} services")
        for line in wrong:
            answers.print(line)
    raise typer.Exit(1 if wrong else 0)


@app.command()
def find(
    export: Annotated[UUID, typer.Argument(help="导出编号: the id in a file's mark.")],
    node: NodeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who took this file, as what and for what, when, of what and how many rows; exit 1 when no trail here knows it."""
    found = asyncio.run(_find_all(export, node or []))
    if as_json:
        answer_json({"ok": bool(found), "export": str(export), "found": [asdict(each) for each in found]})
    else:
        for each in found:
            answers.print(" · ".join(f"{name} {value}" for name, value in asdict(each).items() if value))
        if not found:
            answers.print(f"export {export} · known nowhere on this machine")
    raise typer.Exit(0 if found else 1)


async def _find_all(export: UUID, names: Sequence[str]) -> list[Taken]:
    _, wanted = _running(names)
    return [each for one in wanted for service in SERVICES for each in await _find(one, service, export)]


async def _find(node: Node, service: str, export: UUID) -> list[Taken]:
    connection = await _connect(node, service)
    try:
        rows = await connection.fetch(_FIND.format(service=service), entity_of(export))
    finally:
        await connection.close()
    return [_taken(node, service, row) for row in rows]


def _taken(node: Node, service: str, row: asyncpg.Record) -> Taken:
    said, details = {name: str(value) for name, value in row.items()}, json.loads(row["details"])
    del said["details"]
    return Taken(
        node.id,
        service,
        exported=details.get("exported"),
        filter=details.get("filter"),
        rows=details.get("rows"),
        **said,
    )


def _running(names: Sequence[str]) -> tuple[list[Node], list[Node]]:
    """All nodes whose trail can be read, and those that are asked for."""
    running = [one for one in nodes_of() if one.settled and one.has("PostgreSQL")]
    wanted = [one for one in running if not names or one.id in {Node.of(name).id for name in names}]
    if not wanted:
        raise NothingRuns("no node whose trail could be read is running: start it with ./xieli up")
    return running, wanted


async def _verify_all(names: Sequence[str]) -> dict[str, list[Verified]]:
    running, wanted = _running(names)
    return {one.id: await _verify_node(one, running) for one in wanted}


async def _verify_node(node: Node, witnesses: Sequence[Node]) -> list[Verified]:
    keys = KeySet.import_key_set(json.loads((node.places.keys / "jwks.json").read_text()))
    known = [each for other in witnesses for each in await _remembered(other, node.id, keys)]
    return [
        await _verify_service(node, service, [head for name, head in known if name == service]) for service in SERVICES
    ]


async def _verify_service(node: Node, service: str, known: Sequence[Head]) -> Verified:
    connection = await _connect(node, service)
    try:
        return await verify_service(connection, service, known)
    finally:
        await connection.close()


async def _remembered(witness: Node, of: str, keys: KeySet) -> list[tuple[str, Head]]:
    """(service, end of a chain) as another node keeps it; only what the node itself has signed counts."""
    connection = await _connect(witness, "registry")
    try:
        rows = await connection.fetch("SELECT service, signed FROM registry.witness WHERE node = $1", of)
    finally:
        await connection.close()
    return [
        (row["service"], head) for row in rows for head in SignedHeads.read(row["signed"], keys).known_by(witness.id)
    ]


async def _connect(node: Node, service: str) -> asyncpg.Connection[Any]:
    """As the service itself, with the node's own reach."""
    url = make_url(node.database_url.replace("{service}", service))
    connection = await asyncpg.connect(
        user=url.username,
        password=url.password,
        database=url.database,
        host=url.host or str(url.query["host"]),
        port=url.port or int(str(url.query.get("port", 5432))),
    )
    await connection.execute("SELECT set_config('xieli.reach', 'service', false)")
    return connection
