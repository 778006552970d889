"""Composition of retention: the one file that knows all its rooms."""

from __future__ import annotations

from libs.common.events.audit import AuditHeadsStated
from libs.common.events.erasure import ErasedInRetention
from libs.common.events.retention import (
    ClaimDecided,
    ClaimRequested,
    PromisesStated,
    RepeatNoted,
    RepeatReported,
    RetentionIndicatorsStated,
    RiskReported,
    ServiceReported,
    SituationChanged,
    SpellEnded,
    SpellEndReported,
    SpellReported,
    SpellStarted,
    VerificationMoved,
    VerificationReported,
)
from libs.common.service import Service
from services.retention.routes import ROUTERS
from services.retention.settings import RetentionSettings
from services.retention.store.figures import INDICATORS
from services.retention.subscriptions import SUBSCRIPTIONS
from services.retention.tables import metadata
from services.retention.workers import state_promises

SERVICE = Service(
    name="retention",
    title="精准稳岗、精准服务 Keeping people in work: spells, verification, transfers, services and subsidies",
    settings=RetentionSettings,
    metadata=metadata,
    routers=ROUTERS,
    subscriptions=SUBSCRIPTIONS,
    indicators=INDICATORS,
    background=[state_promises],
    announces=[
        AuditHeadsStated,
        SpellStarted,
        SpellEnded,
        SpellReported,
        SpellEndReported,
        SituationChanged,
        VerificationMoved,
        VerificationReported,
        RiskReported,
        ServiceReported,
        ClaimRequested,
        ClaimDecided,
        RepeatNoted,
        RepeatReported,
        RetentionIndicatorsStated,
        PromisesStated,
        ErasedInRetention,
    ],
)
