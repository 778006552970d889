"""The event door of matching: news of labourers, vacancies, guests and spells, and what partners say in runs and introductions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from libs.common.database import Transaction
from libs.common.events.console import TokensRevoked
from libs.common.events.envelope import Envelope
from libs.common.events.jobs import EmployersMerged, FairAnnounced, VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import (
    AllotmentStated,
    CardsProposedV2,
    CertificateSigned,
    CommitmentMade,
    ConsentWithdrawn,
    CutoffsRaisedV2,
    DemandStated,
    FairCounted,
    IntroductionAnswered,
    IntroductionSent,
    IntroductionWithdrawn,
    PassClosed,
    PassOpened,
    PassReviewed,
    PlacesFrozenV2,
    PlacesStatedV2,
    ProgressStated,
    ResultStated,
    RunAnnounced,
    RunCommitted,
    RunOpened,
    RunSettled,
    RunStopped,
    ShareRevealed,
    WeightsPublished,
)
from libs.common.events.registry import (
    CardErased,
    GuestReceived,
    LabourerErased,
    LabourerRecorded,
    LabourersMerged,
    LabourersUnmerged,
)
from libs.common.events.retention import SpellEnded, SpellStarted
from libs.common.inbox import Handler, Subscriptions
from libs.common.revocations import keep_revocation
from services.matching.operations import erasures, fairs, lists, merges
from services.matching.operations.introductions import city, consents, county
from services.matching.operations.runs import coordinator, message_processing, participant

Take = Callable[[Transaction, Any], Awaitable[object]]
TakeFrom = Callable[[Transaction, Any, str], Awaitable[object]]


def of_home(take: Take) -> Handler:
    """What this node's own services announce."""

    async def hear(tx: Transaction, event: Any, _: Envelope) -> None:
        await take(tx, event)

    return hear


def of_partner(take: TakeFrom) -> Handler:
    """What any node announces; the operation judges by the node whether it may."""

    async def hear(tx: Transaction, event: Any, envelope: Envelope) -> None:
        await take(tx, event, envelope.node)

    return hear


def of_itself(field: str, take: Take) -> Handler:
    """What a node says of itself, being the one that `field` names; of anybody else it says nothing."""

    async def hear(tx: Transaction, event: Any, envelope: Envelope) -> None:
        if getattr(event, field) == envelope.node:
            await take(tx, event)

    return hear


def of_convener(take: Take) -> Handler:
    """A step of a run that its convener (召集方) announces; from anybody else it is none."""

    async def hear(tx: Transaction, event: Any, envelope: Envelope) -> None:
        if await participant.convenes(tx, event.run, envelope.node):
            await take(tx, event)

    return hear


async def to_convener(tx: Transaction, event: Any, envelope: Envelope) -> None:
    """What each participant says to the convener of a run, or of a pass of it; the latest word counts."""
    await coordinator.note(tx, event.run, getattr(event, "number", 0), envelope.node, event)


async def on_vacancy_withdrawn(tx: Transaction, event: VacancyWithdrawn, envelope: Envelope) -> None:
    if await lists.strike_vacancy(tx, event, envelope.node):
        await county.withdraw_of_vacancy(tx, event.vacancy, event.on)
        if envelope.node == tx.node.id:
            await message_processing.withdraw_vacancy(tx, event.vacancy)


async def on_spell_started(tx: Transaction, event: SpellStarted, _: Envelope) -> None:
    await city.start_work(tx, event.introduction, event.start)


async def on_spell_ended(tx: Transaction, event: SpellEnded, _: Envelope) -> None:
    if event.reason != "transfer":  # 转岗: a move to another post here is no end
        await city.end_work(tx, event.introduction, event.end, returned_home=event.returned_home)


SUBSCRIPTIONS: Subscriptions = {
    RunAnnounced: of_itself("convener", participant.join_run),
    RunCommitted: of_convener(participant.reveal),
    RunOpened: of_convener(participant.open_run),
    PassOpened: of_convener(participant.follow_pass),
    PassClosed: of_convener(participant.close_pass),
    RunSettled: of_convener(participant.settle_run),
    ResultStated: of_convener(participant.keep_result),
    RunStopped: of_convener(participant.follow_stop),
    CommitmentMade: to_convener,
    ShareRevealed: to_convener,
    ProgressStated: of_itself("node", coordinator.note_progress),
    PassReviewed: to_convener,
    PlacesStatedV2: of_partner(coordinator.note_places),
    AllotmentStated: of_itself("city", message_processing.hear_allotment),
    CardsProposedV2: of_itself("county", message_processing.hear_cards),
    PlacesFrozenV2: of_itself("county", message_processing.hear_frozen),
    CutoffsRaisedV2: of_itself("city", message_processing.hear_cutoffs),
    CertificateSigned: of_itself("city", participant.hear_certificate),
    WeightsPublished: of_itself("node", participant.hear_weights),
    LabourerRecorded: of_home(lists.record_labourer),
    LabourerErased: of_home(erasures.erase_person),
    LabourersMerged: of_home(merges.hear_merge),
    LabourersUnmerged: of_home(merges.hear_merge),
    VacancyAnnounced: of_partner(lists.list_vacancy),
    VacancyWithdrawn: on_vacancy_withdrawn,
    EmployersMerged: of_home(lists.merge_employers),
    DemandStated: of_partner(lists.record_demand),
    FairAnnounced: of_partner(fairs.hear_fair),
    FairCounted: of_partner(fairs.hear_count),
    IntroductionSent: of_partner(city.receive_introduction),
    IntroductionWithdrawn: of_partner(city.take_back_introduction),
    IntroductionAnswered: of_partner(county.hear_answer),
    ConsentWithdrawn: of_partner(consents.hear_withdrawal),
    CardErased: of_partner(consents.hear_erased),
    GuestReceived: of_home(city.receive_guest),
    SpellStarted: on_spell_started,
    SpellEnded: on_spell_ended,
    TokensRevoked: keep_revocation,
}
