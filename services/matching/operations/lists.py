"""The two lists (两张清单): take in labourers and vacancies, show who offers and who seeks, state this county's demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Row

from libs.common.database import Transaction
from libs.common.events.jobs import VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import DemandStated
from libs.common.events.registry import LabourerRecorded
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.matching.rules.lists import Seeker, count, group_of
from services.matching.store import lists as store
from services.matching.store.erasures import is_erased


async def record_labourer(tx: Transaction, event: LabourerRecorded) -> None:
    """Keep the newest state of one of this county's people; who is forgotten stays so."""
    if await is_erased(tx, event.person):
        return
    row = event.model_dump(exclude={"reasons", "channel", "on", "wish", "groups"})
    wish = event.wish.model_dump(mode="json") if event.wish else None
    willing = bool(event.wish and event.wish.willing)
    await store.upsert_person(
        tx, {**row, "groups": list(event.groups), "wish": wish, "willing": willing, "recorded_on": event.on}
    )
    await store.insert_change(tx)


async def list_vacancy(tx: Transaction, event: VacancyAnnounced, node: str) -> None:
    """Keep the newest state of a vacancy; only the node that announced it first may change it."""
    row = event.model_dump(exclude={"on"})
    names = {name: list(row[name]) for name in ("certificates", "demands", "accommodations", "offers")}
    listed = {**row, **names, "node": node, "announced_on": event.on, "withdrawn_on": None, "withdrawn_reason": None}
    if not await store.upsert_vacancy(tx, listed):
        log.error("vacancy_of_another_node", vacancy=str(event.vacancy), node=node)


async def strike_vacancy(tx: Transaction, event: VacancyWithdrawn, node: str) -> bool:
    """撤岗: nobody may be introduced to it any more; False when this node never knew it."""
    return await store.update_vacancy_withdrawn(
        tx, event.vacancy, node, withdrawn_on=event.on, withdrawn_reason=event.reason
    )


async def record_demand(tx: Transaction, event: DemandStated, node: str) -> None:
    """Keep a county's newest statement; a county speaks for itself only."""
    if node == f"n{event.county}" and event.county != tx.node.code:
        await store.upsert_demand(tx, event.model_dump())


async def restate_demand(tx: Transaction) -> bool:
    """State this county's demand if the counts have changed since the last statement; answers whether it was stated."""
    if not await store.delete_changes(tx):
        return False
    seekers = [seeker_of(row) for row in await store.list_seeking(tx)]
    as_of = await store.find_last_change(tx, tx.node.code) or tx.node.today()
    counts = count(seekers)
    figures = {name: dict(getattr(counts, name)) for name in ("by_occupation", "by_wage", "by_destination")}
    before = await store.list_demand(tx, tx.node.code)
    if (
        before
        and before[0].people == counts.people
        and all(getattr(before[0], name) == figures[name] for name in figures)
    ):
        return False
    statement = DemandStated(county=tx.node.code, as_of=as_of, people=counts.people, **figures)
    await store.upsert_demand(tx, statement.model_dump())
    await announce(tx, statement)
    return True


def seeker_of(row: Row[Any]) -> Seeker:
    """What a statement counts of a person; a word for work is its group, for a rare word could name somebody."""
    wish = row.wish or {}
    return Seeker(
        group_of(wish.get("occupation")),
        wish.get("wage_expected"),
        tuple(wish.get("destinations", ())),
        wish.get("elsewhere", "none"),
    )


async def list_supply(tx: Transaction, after: UUID | None, limit: int, **wanted: Any) -> Sequence[Row[Any]]:
    """岗位清单: what employers of all partner cities still offer."""
    return await store.list_supply(tx, after=after, limit=limit, **wanted)


async def list_demand(tx: Transaction) -> Sequence[Row[Any]]:
    """求职清单: the counts of this county and of the partner counties."""
    return await store.list_demand(tx)


async def list_seekers(tx: Transaction, after: UUID | None, limit: int, **wanted: Any) -> Sequence[Row[Any]]:
    """The people of this county who seek, by id."""
    return await store.list_seeking(tx, after=after, limit=limit, **wanted)
