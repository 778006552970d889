"""Jobs put together: the one file that knows all its rooms."""

from __future__ import annotations

from libs.common.events.audit import AuditHeadsStated
from libs.common.events.jobs import (
    AdmissionChanged,
    AgreementAnnounced,
    AgreementConfirmed,
    CourseAnnounced,
    EmployersMerged,
    FairAnnounced,
    JobsIndicatorsStated,
    QuarterAnswered,
    QuarterClosed,
    QuarterStated,
    VacancyAnnounced,
    VacancyWithdrawn,
)
from libs.common.imports.forgetting import forgets_rows, forgets_trials
from libs.common.service import Service
from services.jobs.operations.imports import IMPORTS
from services.jobs.routes import ROUTERS
from services.jobs.settings import JobsSettings
from services.jobs.store.figures import INDICATORS
from services.jobs.subscriptions import SUBSCRIPTIONS
from services.jobs.tables import metadata
from services.jobs.workers import take_imports, watch_days

SERVICE = Service(
    name="jobs",
    title="岗位 Employers and vacancies: read from sheets, vetted with reasons, announced, withdrawn; training places",
    settings=JobsSettings,
    metadata=metadata,
    routers=ROUTERS,
    subscriptions=SUBSCRIPTIONS,
    indicators=INDICATORS,
    background=(take_imports, watch_days),
    forgets=(forgets_rows(IMPORTS), forgets_trials(IMPORTS)),
    announces=(
        VacancyAnnounced,
        VacancyWithdrawn,
        FairAnnounced,
        CourseAnnounced,
        AdmissionChanged,
        EmployersMerged,
        AgreementAnnounced,
        AgreementConfirmed,
        QuarterStated,
        QuarterAnswered,
        QuarterClosed,
        JobsIndicatorsStated,
        AuditHeadsStated,
    ),
)
