"""Composition: the service's API and worker from its rooms; the only place that knows all of them."""

from __future__ import annotations

from libs.common.events.audit import AuditHeadsStated
from libs.common.events.erasure import ErasedInMatching
from libs.common.events.matching import (
    AllotmentStated,
    CardsProposedV2,
    CertificateSigned,
    CommitmentMade,
    ConsentClosed,
    ConsentWithdrawn,
    CutoffsRaisedV2,
    DemandStated,
    FairCounted,
    IntroductionAgreed,
    IntroductionAnswered,
    IntroductionHired,
    IntroductionReleased,
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
from libs.common.service import Service
from services.matching.operations.recommendations import RecommendationCache
from services.matching.operations.runs.forgetting import forget_messages
from services.matching.routes import (
    fair_desk,
    fairs,
    introduction_bulk,
    introduction_steps,
    introductions,
    lists,
    outcomes,
    recommendations,
    run_outcomes,
    runs,
    weights,
)
from services.matching.settings import MatchingSettings
from services.matching.subscriptions import SUBSCRIPTIONS
from services.matching.tables import metadata
from services.matching.workers import keep_deadlines, keep_demand_stated, keep_recommendations, keep_runs_moving

SERVICE = Service(
    name="matching",
    title="匹配：两张清单、匹配运行与介绍 Matching: the two lists, runs and introductions",
    settings=MatchingSettings,
    metadata=metadata,
    # Routes are tried in this order, and recommendations are asked most.
    routers=[
        recommendations.router,
        lists.router,
        runs.router,
        runs.explanations,
        run_outcomes.router,
        introductions.router,
        introduction_bulk.router,
        introduction_steps.router,
        outcomes.router,
        fairs.router,
        fair_desk.router,
        weights.router,
    ],
    subscriptions=SUBSCRIPTIONS,
    announces=[
        AuditHeadsStated,
        DemandStated,
        RunAnnounced,
        RunCommitted,
        RunOpened,
        PassOpened,
        PassClosed,
        RunSettled,
        ResultStated,
        RunStopped,
        AllotmentStated,
        CommitmentMade,
        ShareRevealed,
        ProgressStated,
        PassReviewed,
        CutoffsRaisedV2,
        CertificateSigned,
        CardsProposedV2,
        PlacesFrozenV2,
        PlacesStatedV2,
        IntroductionAgreed,
        IntroductionHired,
        IntroductionReleased,
        IntroductionSent,
        IntroductionWithdrawn,
        IntroductionAnswered,
        ConsentWithdrawn,
        ConsentClosed,
        FairCounted,
        ErasedInMatching,
        WeightsPublished,
    ],
    background=[keep_demand_stated, keep_runs_moving, keep_deadlines],
    forgets=[forget_messages],
    cache=RecommendationCache,
    refresh=keep_recommendations,
)
