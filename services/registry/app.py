"""The registry put together: the one file that knows all its rooms."""

from __future__ import annotations

from libs.common.events.audit import AuditHeadsStated
from libs.common.events.registry import (
    ApplicationSent,
    CardErased,
    CardSealed,
    GuestReceived,
    LabourerErased,
    LabourerRecorded,
    LabourersMerged,
    LabourersUnmerged,
    RegistryIndicatorsStated,
    WorkChecked,
)
from libs.common.imports.forgetting import forgets_rows, forgets_trials
from libs.common.service import Service
from services.registry.operations.imports import IMPORTS
from services.registry.operations.self_sign_ups import forget_self_sign_ups
from services.registry.operations.sign_in_codes import forget_codes
from services.registry.operations.sync_forgetting import FORGETS
from services.registry.routes import ROUTERS
from services.registry.settings import RegistrySettings
from services.registry.store.figures import INDICATORS
from services.registry.subscriptions import SUBSCRIPTIONS
from services.registry.tables import metadata
from services.registry.workers import fill_search_index, judge_quality, list_rounds, take_imports

SERVICE = Service(
    name="registry",
    title="建档 Who lives here and can work: people, wishes and guests, identified with reasons, named to those who may ask",
    settings=RegistrySettings,
    metadata=metadata,
    routers=ROUTERS,
    subscriptions=SUBSCRIPTIONS,
    indicators=INDICATORS,
    background=(fill_search_index, take_imports, list_rounds, judge_quality),
    forgets=(*FORGETS, forget_codes, forget_self_sign_ups, forgets_rows(IMPORTS), forgets_trials(IMPORTS)),
    announces=(
        LabourerRecorded,
        WorkChecked,
        LabourerErased,
        LabourersMerged,
        LabourersUnmerged,
        ApplicationSent,
        CardSealed,
        CardErased,
        GuestReceived,
        RegistryIndicatorsStated,
        AuditHeadsStated,
    ),
)
