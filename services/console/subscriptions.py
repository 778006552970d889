"""What the console hears: every node's figures, its own included, and whom the registry has erased."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.events.envelope import Envelope
from libs.common.events.jobs import JobsIndicatorsStated
from libs.common.events.registry import LabourerErased, RegistryIndicatorsStated
from libs.common.events.retention import RetentionIndicatorsStated
from libs.common.inbox import Subscriptions
from services.console import operations
from services.console.operations import own_sessions
from services.console.rules.province import Statement

IndicatorsStated = RegistryIndicatorsStated | JobsIndicatorsStated | RetentionIndicatorsStated


async def on_indicators_stated(tx: Transaction, event: IndicatorsStated, envelope: Envelope) -> None:
    statement = Statement(
        kind=event.TYPE.split(".", 1)[0],
        division=event.division,
        as_of=event.as_of,
        rule=event.rule,
        figures=event.figures,
        sequence=envelope.sequence,
        event=envelope.id,
        stated_at=envelope.time,
    )
    await operations.record_statement(tx, envelope.node, statement)


async def on_labourer_erased(tx: Transaction, event: LabourerErased, envelope: Envelope) -> None:
    await own_sessions.forget_labourer(tx, event.person)


SUBSCRIPTIONS: Subscriptions = {
    LabourerErased: on_labourer_erased,
    RegistryIndicatorsStated: on_indicators_stated,
    JobsIndicatorsStated: on_indicators_stated,
    RetentionIndicatorsStated: on_indicators_stated,
}
