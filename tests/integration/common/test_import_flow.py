"""Importing a sheet, of every kind: read before the transaction that writes has begun, judged with no row held, as many statements for many rows as for few."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.imports import taking
from libs.common.imports.flow import Imports
from libs.common.service import Service
from services.jobs.app import SERVICE as JOBS
from services.jobs.operations.imports import IMPORTS as OF_JOBS
from services.registry.app import SERVICE as REGISTRY
from services.registry.operations.imports import IMPORTS as OF_REGISTRY
from tests.support.nodes import WAITING, Nodes, client_of

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"
SERVICES: list[tuple[Service, Imports, tuple[str, str]]] = [
    (REGISTRY, OF_REGISTRY, ("433124", "433126")),
    (JOBS, OF_JOBS, ("440300", "430100")),
]
# Locks that make others wait, of the transaction that asks; its own id is one that nobody else wants.
HELD = """
SELECT locktype, mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted
AND (locktype IN ('advisory', 'tuple') OR mode NOT IN ('AccessShareLock', 'ExclusiveLock'))
"""


@dataclass
class Watched:
    """What happened in the order in which it did, and which locks were held when judging was done."""

    steps: list[object] = field(default_factory=list)
    held: list[Any] = field(default_factory=list)
    importing: Transaction | None = None

    def statements(self) -> int:
        """Those of the last import; what the service does besides is none of it."""
        return self.steps.count(self.importing)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    seen, raw = Watched(), Transaction.raw

    async def noting_raw(tx: Transaction) -> Any:
        seen.steps.append(tx)
        return await raw(tx)

    monkeypatch.setattr(Transaction, "raw", noting_raw)
    monkeypatch.setattr(taking, "PORTION", 1000)  # each sheet is one
    for kind in (kind for _, imports, _ in SERVICES for kind in imports.kinds.values()):
        monkeypatch.setattr(kind, "read", _noting_read(seen, kind.read), raising=False)
        monkeypatch.setattr(kind, "judge", _noting_locks(seen, raw, kind.judge), raising=False)
        monkeypatch.setattr(kind, "write", _noting_write(seen, kind.write), raising=False)
    return seen


def _noting_read(seen: Watched, read: Any) -> Any:
    def reading(sheet: Any) -> Any:
        seen.steps.append("read")
        return read(sheet)

    return reading


def _noting_locks(seen: Watched, raw: Any, judge: Any) -> Any:
    async def judging(tx: Transaction, sheet: Any, read: Any) -> Any:
        report = await judge(tx, sheet, read)
        seen.held += await (await raw(tx)).fetch(HELD)
        return report

    return judging


def _noting_write(seen: Watched, write: Any) -> Any:
    async def writing(tx: Transaction, *given: Any) -> Any:
        seen.importing = tx
        return await write(tx, *given)

    return writing


async def send(client: httpx.AsyncClient, service: str, kind: str, region: str, **headers: str) -> dict[str, Any]:
    path = next(DATA.glob(f"{kind}-{region}.*"))
    files = {"file": (path.name, path.read_bytes())}
    answer = await client.post(
        f"/{service}/v1/imports", data={"kind": kind}, files=files, headers={**WAITING, **headers}, timeout=60
    )
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


@pytest.mark.parametrize(("service", "imports", "regions"), SERVICES, ids=lambda each: getattr(each, "name", ""))
async def test_a_sheet_is_read_before_the_transaction_that_writes_it(
    nodes: Nodes, watched: Watched, service: Service, imports: Imports, regions: tuple[str, str]
) -> None:
    context = await nodes.open(service, f"n{regions[0]}")
    async with client_of(context) as client:
        for kind in imports.kinds:
            watched.steps.clear()
            await send(client, service.name, kind, regions[0])
            assert watched.steps.index("read") < watched.steps.index(watched.importing), kind


@pytest.mark.parametrize(("service", "imports", "regions"), SERVICES, ids=lambda each: getattr(each, "name", ""))
async def test_nobody_waits_while_a_sheet_is_judged(
    nodes: Nodes, watched: Watched, service: Service, imports: Imports, regions: tuple[str, str]
) -> None:
    context = await nodes.open(service, f"n{regions[0]}")
    async with client_of(context) as client:
        for kind in imports.kinds:
            await send(client, service.name, kind, regions[0])
    assert watched.held == []


@pytest.mark.parametrize(("service", "imports", "regions"), SERVICES, ids=lambda each: getattr(each, "name", ""))
async def test_many_rows_are_as_many_statements_as_few(
    nodes: Nodes, watched: Watched, service: Service, imports: Imports, regions: tuple[str, str]
) -> None:
    """Two regions' sheets differ in their rows, the second time also in what they change: nothing at all."""
    told: dict[str, dict[str, tuple[int, int]]] = {}
    for region in regions:
        context = await nodes.open(service, f"n{region}")
        async with client_of(context) as client:
            for kind in imports.kinds:
                watched.steps.clear()
                rows = (await send(client, service.name, kind, region))["accepted"]
                told.setdefault(kind, {})[region] = rows, watched.statements()
    for kind, counted in told.items():
        (few, first), (many, second) = counted.values()
        assert few != many, kind
        assert first == second <= 40, (kind, counted)


async def test_a_sheet_whose_people_left_the_register_while_it_was_judged_changes_nothing(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = await nodes.open(REGISTRY, "n433124")
    wishes = OF_REGISTRY.kinds["wishes"]
    judge = wishes.judge

    async def judge_and_lose(tx: Transaction, sheet: Any, read: Any) -> Any:
        report = await judge(tx, sheet, read)
        async with context.database.transaction() as other:
            await other.execute(text("DELETE FROM situation"))
            await other.execute(text("DELETE FROM search_index"))
            await other.execute(text("DELETE FROM person"))
        return report

    monkeypatch.setattr(wishes, "judge", judge_and_lose, raising=False)
    path = next(DATA.glob("wishes-433124.*"))
    async with client_of(context) as client:
        await send(client, "registry", "people", "433124")
        files = {"file": (path.name, path.read_bytes())}
        answer = await client.post(
            "/registry/v1/imports", data={"kind": "wishes"}, files=files, headers=WAITING, timeout=60
        )
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    async with context.database.transaction() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM wish"))).scalar() == 0
        assert (await tx.execute(text("SELECT state FROM batch ORDER BY id"))).scalars().all() == ["done", "failed"]
