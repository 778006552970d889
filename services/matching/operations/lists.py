"""The two lists (两张清单): take in labourers and vacancies, and state this county's demand."""

from __future__ import annotations

from typing import cast

from libs.common.database import Transaction
from libs.common.events.jobs import EmployersMerged, VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import DemandStated
from libs.common.events.registry import LabourerRecorded
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.matching.rules.lists import (
    Counts,
    CountyDemand,
    ListedPerson,
    ListedVacancy,
    WishDocument,
    count,
    seeker_of,
)
from services.matching.store import lists as store
from services.matching.store.erasures import find_erasure


async def record_labourer(tx: Transaction, event: LabourerRecorded) -> None:
    """Keep the newest state of one of this county's people; who is forgotten stays so."""
    if await find_erasure(tx, event.person):
        return
    await store.upsert_person(tx, _listed_person(event))
    await store.insert_change(tx)


def _listed_person(event: LabourerRecorded) -> ListedPerson:
    facts = event.model_dump(exclude={"reasons", "channel", "on", "wish", "groups", "left", "left_on"})
    return ListedPerson(
        **facts,
        groups=list(event.groups),
        wish=cast(WishDocument, event.wish.model_dump(mode="json")) if event.wish else None,
        willing=bool(event.wish and event.wish.willing),
        recorded_on=event.on,
    )


async def list_vacancy(tx: Transaction, event: VacancyAnnounced, node: str) -> None:
    """Keep the newest state of a vacancy; only the node that announced it first may change it."""
    facts = event.model_dump(exclude={"on"})
    names = {name: list(facts[name]) for name in ("certificates", "demands", "accommodations", "offers")}
    if not await store.upsert_vacancy(tx, ListedVacancy(**{**facts, **names}, node=node, announced_on=event.on)):
        log.error("vacancy_of_another_node", vacancy=str(event.vacancy), node=node)


async def strike_vacancy(tx: Transaction, event: VacancyWithdrawn, node: str) -> bool:
    """撤岗: nobody may be introduced to it any more; False when this node never knew it."""
    return await store.update_vacancy_withdrawn(tx, event.vacancy, node, on=event.on, reason=event.reason)


async def merge_employers(tx: Transaction, event: EmployersMerged) -> None:
    """合并单位: this node's vacancies of the entry that goes are those of the one that stands for the firm, withdrawn ones too."""
    await store.update_vacancies_merged(tx, event.goes, event.employer, event.uscc, event.employer_name)


async def record_demand(tx: Transaction, event: DemandStated, node: str) -> None:
    """Keep a county's newest statement; a county speaks for itself only."""
    if node == f"n{event.county}" and event.county != tx.node.code:
        await store.upsert_demand(tx, CountyDemand(**event.model_dump()))


async def restate_demand(tx: Transaction) -> bool:
    """State this county's demand if the counts have changed since the last statement; answers whether it was stated."""
    if not await store.delete_changes(tx):
        return False
    counts = count(seeker_of(person) for person in await store.list_seeking(tx))
    before = await store.find_demand(tx, tx.node.code)
    if before and before.says(counts):
        return False
    await _state(tx, counts)
    return True


async def _state(tx: Transaction, counts: Counts) -> None:
    stated = CountyDemand(
        county=tx.node.code,
        as_of=await store.find_last_change(tx, tx.node.code) or tx.node.today(),
        people=counts.people,
        by_occupation=dict(counts.by_occupation),
        by_wage=dict(counts.by_wage),
        by_destination=dict(counts.by_destination),
    )
    await store.upsert_demand(tx, stated)
    await announce(tx, DemandStated(**vars(stated)))
