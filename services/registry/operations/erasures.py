"""Erasure of a person (删除个人信息): one officer asks with a reason, a second one approves; every service and city reports what went."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.erasing import erase_events
from libs.common.events.erasure import ErasedInMatching, ErasedInRetention
from libs.common.events.registry import LabourerErased
from libs.common.identity import Caller
from libs.common.imports.rows import KeptRow
from libs.common.outbox import announce
from libs.common.privacy import Vault
from libs.common.problems import Conflict
from libs.common.sheets import Row
from libs.common.sheets.text import plain
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.applications import withdraw_all
from services.registry.operations.households import weigh_households
from services.registry.operations.imports import IMPORTS
from services.registry.operations.reveals import SecondOfficerNeeded
from services.registry.operations.sealing import open_field
from services.registry.rules.erasures import Erasure, ErasureRequest, parts_of
from services.registry.store import erasures as store
from services.registry.store import merges, people, quality_standing, round_lists, sync


class RefusedRowsCame(Conflict):
    """A sheet was imported between the look through what was refused and the lock."""

    title = "刚有新的导入，请再批准一次 A sheet has just been imported: approve once more"


async def request_erasure(tx: Transaction, caller: Caller, one: UUID, reason: str, reference: str) -> Erasure:
    """Ask for it; asked again, it is the same request."""
    if not await store.find_erased_on(tx, one):
        await people.lock_person(tx, one)
    request = ErasureRequest(
        person=one, reason=reason, reference=reference, requested_by=caller.subject, requested_at=tx.node.clock.now()
    )
    await store.insert_erasure_if_absent(tx, request)
    return await show_erasure(tx, one)


async def approve_erasure(tx: Transaction, caller: Caller, one: UUID, on: date) -> Erasure:
    """A second officer says yes, and it is done. It cannot be undone; approved again, nothing more happens."""
    request = await store.get_erasure(tx, one)
    if request.requested_by == caller.subject:
        raise SecondOfficerNeeded("申请人不能批准自己的申请 Nobody approves the own request.")
    if request.erased_on is None:
        looked = await _look_through(tx, one)  # before any row is held: there may be many of them
        if (request := await store.lock_erasure(tx, one)).erased_on is None:
            approved = replace(request, approved_by=caller.subject, approved_at=tx.node.clock.now(), erased_on=on)
            await store.update_erasure(tx, approved)
            await _erase(tx, one, on, looked)
    return await show_erasure(tx, one)


async def show_erasure(tx: Transaction, one: UUID) -> Erasure:
    """The report so far."""
    return Erasure(await store.get_erasure(tx, one), await store.list_parts(tx, one), await store.list_cards(tx, one))


async def hear_part(tx: Transaction, event: ErasedInMatching | ErasedInRetention, service: str) -> None:
    """What another service of this node has erased."""
    await store.insert_parts_if_absent(tx, parts_of(event.person, service, event.erased, event.kept))


@dataclass(frozen=True)
class Looked:
    """Rows that came back and hold a person's number, and the mark of all that were looked through."""

    mark: tuple[int, int]
    rows: list[KeptRow]


async def _erase(tx: Transaction, one: UUID, on: date, looked: Looked) -> None:
    person = await people.lock_person(tx, one)
    if await store.get_mark_of_refused(tx) != looked.mark:
        raise RefusedRowsCame()
    await tx.widen()
    erased = {"import_row": await store.delete_refused(tx, looked.rows)}
    cards = await store.list_cards(tx, one)
    await withdraw_all(tx, one, on)
    await quality_standing.lock_quality(tx)
    erased |= await _erase_merged(tx, one, on)
    erased |= await quality_standing.delete_standing(tx, one)
    erased |= await store.delete_person(tx, one, person.household)
    kept = {
        "card": len(cards),
        "sync_row": await sync.count_rows(tx, one),
        "round_person": await round_lists.count_lists(tx, one),
    }
    erased |= await erase_events(tx, [one, *(card.introduction for card in cards)])
    await store.insert_parts_if_absent(tx, parts_of(one, "registry", erased, kept))
    await announce_people(tx, await weigh_households(tx, [person.household], on), on)
    await note_figures(tx, [], on, left=[person.household])
    await announce(tx, LabourerErased(person=one, on=on))
    log.info("erase_labourer", person=str(one), rows=erased)


async def _erase_merged(tx: Transaction, one: UUID, on: date) -> dict[str, int]:
    """Whoever was merged into this person is the person: their rows go, and their ids stay as marks."""
    beneath, request = await merges.list_beneath(tx, one), await store.get_erasure(tx, one)
    found, rows = await people.list_people(tx, beneath), dict[str, int]()
    await merges.delete_merges(tx, [one, *beneath])
    for each in found:
        gone = await quality_standing.delete_standing(tx, each.id)
        gone |= await store.delete_person(tx, each.id, each.household)
        rows |= {f"merged.{table}": rows.get(f"merged.{table}", 0) + count for table, count in gone.items()}
        await store.insert_erasure_if_absent(tx, replace(request, person=each.id))
        await erase_events(tx, [each.id])
        await announce(tx, LabourerErased(person=each.id, on=on))
    return rows


async def _look_through(tx: Transaction, one: UUID) -> Looked:
    """Which rows that came back hold the person's number: copies that were never taken in."""
    await people.get_person(tx, one)
    mark, found = await store.get_mark_of_refused(tx), list[KeptRow]()
    theirs = await people.list_people(tx, [one, *await merges.list_beneath(tx, one)])
    numbers = [open_field(tx.node.vault, "person.number", each.number_sealed) for each in theirs]
    async for page in store.list_refused(tx):
        found += await asyncio.to_thread(_holding, tx.node.vault, page, numbers)
    return Looked(mark, found)


def _holding(vault: Vault, kept: Sequence[KeptRow], numbers: Sequence[str]) -> list[KeptRow]:
    """Those in which one of the numbers stands, wherever in the row."""
    rows = zip(kept, IMPORTS.tables.rows.opened(kept, vault), strict=True)
    return [each for each, row in rows if _holds(row, numbers)]


def _holds(row: Row, numbers: Sequence[str]) -> bool:
    texts = [plain(cell) for cell in row.values.values()]
    return any(number in text for number in numbers for text in texts)
