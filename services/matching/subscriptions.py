"""What wakes matching: news of labourers, vacancies, guests and spells, what its partners say, and a changed list."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from libs.common.database import Transaction
from libs.common.events.console import TokensRevoked
from libs.common.events.envelope import Envelope
from libs.common.events.jobs import VacancyAnnounced, VacancyWithdrawn
from libs.common.events.matching import (
    AllotmentStated,
    CardsProposedV2,
    CertificateSigned,
    CommitmentMade,
    ConsentWithdrawn,
    CutoffsRaisedV2,
    DemandStated,
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
from libs.common.events.registry import CardErased, GuestReceived, LabourerErased, LabourerRecorded
from libs.common.events.retention import SpellEnded, SpellStarted
from libs.common.inbox import Subscriptions
from libs.common.revocations import keep_revocation
from libs.common.service import ServiceContext
from libs.common.workers import keep_stated
from services.matching.files import packing
from services.matching.operations import erasures, lists
from services.matching.operations.introductions import city, consents, county
from services.matching.operations.recommendations import MOST_SECONDS, Memory
from services.matching.operations.runs import coordinator, message_processing, participant
from services.matching.settings import MatchingSettings
from services.matching.store.runs import HINT


async def on_labourer_recorded(tx: Transaction, event: LabourerRecorded, envelope: Envelope) -> None:
    await lists.record_labourer(tx, event)


async def on_labourer_erased(tx: Transaction, event: LabourerErased, envelope: Envelope) -> None:
    await erasures.erase_person(tx, event)


async def on_vacancy_announced(tx: Transaction, event: VacancyAnnounced, envelope: Envelope) -> None:
    await lists.list_vacancy(tx, event, envelope.node)


async def on_vacancy_withdrawn(tx: Transaction, event: VacancyWithdrawn, envelope: Envelope) -> None:
    if await lists.strike_vacancy(tx, event, envelope.node):
        await county.withdraw_of_vacancy(tx, event.vacancy, event.on)
        if envelope.node == tx.node.id:
            await message_processing.withdraw_vacancy(tx, event.vacancy)


async def on_demand_stated(tx: Transaction, event: DemandStated, envelope: Envelope) -> None:
    await lists.record_demand(tx, event, envelope.node)


async def on_introduction_sent(tx: Transaction, event: IntroductionSent, envelope: Envelope) -> None:
    await city.receive_introduction(tx, event, envelope.node)


async def on_introduction_withdrawn(tx: Transaction, event: IntroductionWithdrawn, envelope: Envelope) -> None:
    await city.take_back_introduction(tx, event, envelope.node)


async def on_introduction_answered(tx: Transaction, event: IntroductionAnswered, envelope: Envelope) -> None:
    await county.hear_answer(tx, event, envelope.node)


async def on_consent_withdrawn(tx: Transaction, event: ConsentWithdrawn, envelope: Envelope) -> None:
    await consents.hear_withdrawal(tx, event, envelope.node)


async def on_card_erased(tx: Transaction, event: CardErased, envelope: Envelope) -> None:
    await consents.hear_erased(tx, event, envelope.node)


async def on_guest_received(tx: Transaction, event: GuestReceived, envelope: Envelope) -> None:
    await city.receive_guest(tx, event)


async def on_spell_started(tx: Transaction, event: SpellStarted, envelope: Envelope) -> None:
    await city.start_work(tx, event.introduction, event.start)


async def on_spell_ended(tx: Transaction, event: SpellEnded, envelope: Envelope) -> None:
    if event.returned_home:
        await city.end_work(tx, event.introduction, event.end)


async def on_run_announced(tx: Transaction, event: RunAnnounced, envelope: Envelope) -> None:
    if event.convener == envelope.node:
        await participant.join_run(tx, event)


async def on_run_committed(tx: Transaction, event: RunCommitted, envelope: Envelope) -> None:
    if await participant.convenes(tx, event.run, envelope.node):
        await participant.reveal(tx, event)


async def on_run_opened(tx: Transaction, event: RunOpened, envelope: Envelope) -> None:
    if await participant.convenes(tx, event.run, envelope.node):
        await participant.open_run(tx, event)


async def on_pass_opened(tx: Transaction, event: PassOpened, envelope: Envelope) -> None:
    if await participant.convenes(tx, event.run, envelope.node):
        await participant.follow_pass(tx, event)


async def on_pass_closed(tx: Transaction, event: PassClosed, envelope: Envelope) -> None:
    if await participant.convenes(tx, event.run, envelope.node):
        await participant.close_pass(tx, event)


async def on_run_settled(tx: Transaction, event: RunSettled, envelope: Envelope) -> None:
    if await participant.convenes(tx, event.run, envelope.node):
        await participant.settle_run(tx, event)


async def on_result_stated(tx: Transaction, event: ResultStated, envelope: Envelope) -> None:
    if await participant.convenes(tx, event.run, envelope.node):
        await participant.keep_result(tx, event)


async def on_run_stopped(tx: Transaction, event: RunStopped, envelope: Envelope) -> None:
    if await participant.convenes(tx, event.run, envelope.node):
        await participant.follow_stop(tx, event)


async def on_commitment_made(tx: Transaction, event: CommitmentMade, envelope: Envelope) -> None:
    await coordinator.note(tx, event.run, 0, "commitment", envelope.node, event.model_dump(mode="json"))


async def on_share_revealed(tx: Transaction, event: ShareRevealed, envelope: Envelope) -> None:
    await coordinator.note(tx, event.run, 0, "share", envelope.node, event.model_dump(mode="json"))


async def on_progress_stated(tx: Transaction, event: ProgressStated, envelope: Envelope) -> None:
    if event.node == envelope.node:
        await coordinator.note_progress(tx, event)


async def on_pass_reviewed(tx: Transaction, event: PassReviewed, envelope: Envelope) -> None:
    await coordinator.note(tx, event.run, event.number, "review", envelope.node, event.model_dump(mode="json"))


async def on_places_stated(tx: Transaction, event: PlacesStatedV2, envelope: Envelope) -> None:
    packing.unpack_places(event.model_dump(include={"count", "persons", "vacancies"}))
    await coordinator.note(tx, event.run, event.number, "places", envelope.node, event.model_dump(mode="json"))


async def on_allotment_stated(tx: Transaction, event: AllotmentStated, envelope: Envelope) -> None:
    if event.city == envelope.node:
        await message_processing.hear_allotment(tx, event)


async def on_cards_proposed(tx: Transaction, event: CardsProposedV2, envelope: Envelope) -> None:
    if event.county == envelope.node:
        await message_processing.hear_cards(tx, event)


async def on_places_frozen(tx: Transaction, event: PlacesFrozenV2, envelope: Envelope) -> None:
    if event.county == envelope.node:
        await message_processing.hear_frozen(tx, event)


async def on_cutoffs_raised(tx: Transaction, event: CutoffsRaisedV2, envelope: Envelope) -> None:
    if event.city == envelope.node:
        await message_processing.hear_cutoffs(tx, event)


async def on_certificate_signed(tx: Transaction, event: CertificateSigned, envelope: Envelope) -> None:
    if event.city == envelope.node:
        await participant.hear_certificate(tx, event)


async def on_weights_published(tx: Transaction, event: WeightsPublished, envelope: Envelope) -> None:
    if event.node == envelope.node:
        await participant.hear_weights(tx, event)


SUBSCRIPTIONS: Subscriptions = {
    RunAnnounced: on_run_announced,
    RunCommitted: on_run_committed,
    RunOpened: on_run_opened,
    PassOpened: on_pass_opened,
    PassClosed: on_pass_closed,
    RunSettled: on_run_settled,
    ResultStated: on_result_stated,
    RunStopped: on_run_stopped,
    CommitmentMade: on_commitment_made,
    ShareRevealed: on_share_revealed,
    ProgressStated: on_progress_stated,
    PassReviewed: on_pass_reviewed,
    PlacesStatedV2: on_places_stated,
    AllotmentStated: on_allotment_stated,
    CardsProposedV2: on_cards_proposed,
    PlacesFrozenV2: on_places_frozen,
    CutoffsRaisedV2: on_cutoffs_raised,
    CertificateSigned: on_certificate_signed,
    WeightsPublished: on_weights_published,
    LabourerRecorded: on_labourer_recorded,
    LabourerErased: on_labourer_erased,
    VacancyAnnounced: on_vacancy_announced,
    VacancyWithdrawn: on_vacancy_withdrawn,
    DemandStated: on_demand_stated,
    IntroductionSent: on_introduction_sent,
    IntroductionWithdrawn: on_introduction_withdrawn,
    IntroductionAnswered: on_introduction_answered,
    ConsentWithdrawn: on_consent_withdrawn,
    CardErased: on_card_erased,
    GuestReceived: on_guest_received,
    SpellStarted: on_spell_started,
    SpellEnded: on_spell_ended,
    TokensRevoked: keep_revocation,
}


async def keep_demand_stated(context: ServiceContext) -> None:
    await keep_stated(lists.restate_demand, context)


GATHER_LONGEST = 1.0


async def keep_runs_moving(context: ServiceContext) -> None:
    """Background: answers the messages of open passes, all that have come at once, so that many cards are one batch; then
    looks again at once, and rests when nothing has come meanwhile."""
    assert isinstance(context.settings, MatchingSettings)
    hint, clock = asyncio.Event(), asyncio.get_running_loop().time
    connection = await context.database.connect_raw()
    try:
        await connection.add_listener(HINT, lambda *_: hint.set())
        while not connection.is_closed():
            hint.clear()
            begun = clock()
            async with context.database.transaction() as tx:
                moved = await message_processing.answer_messages(tx)
            took = clock() - begun
            if not moved:
                with suppress(TimeoutError):
                    await asyncio.wait_for(hint.wait(), context.settings.look_seconds)
            # The slower a turn is here, the more is to be gathered for the next one.
            await asyncio.sleep(max(context.settings.gather_seconds, min(GATHER_LONGEST, 2 * took)))
        raise ConnectionError("the connection that hears hints was closed")
    finally:
        await connection.close()


async def keep_recommendations(context: ServiceContext) -> None:
    """Beside the door: what recommendations are answered from follows the lists while somebody asks, however many changes come
    at once."""
    assert isinstance(context.settings, MatchingSettings)
    memory: Memory = context.cache
    clock = asyncio.get_running_loop().time
    while True:
        await memory.asked.wait()
        memory.asked.clear()
        begun = clock()
        await memory.follow(context.database.reading)
        # A large county's lists that change all the time are not to take a whole processor.
        await asyncio.sleep(max(context.settings.remember_seconds, min(MOST_SECONDS, 4 * (clock() - begun))))
