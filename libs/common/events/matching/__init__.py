"""What matching announces: the demand list, the steps of a run, introductions, and versions of the weights."""

from libs.common.events.matching.consents import (
    ConsentClosed,
    ConsentWithdrawn,
)
from libs.common.events.matching.demand import (
    DemandStated,
)
from libs.common.events.matching.introductions import (
    IntroductionAgreed,
    IntroductionAnswered,
    IntroductionHired,
    IntroductionSent,
    IntroductionWithdrawn,
)
from libs.common.events.matching.packed import (
    PackedCards,
    PackedCutoffs,
    PackedFrozen,
    PackedPlaces,
)
from libs.common.events.matching.runs import (
    Channel,
    PassClosed,
    PassOpened,
    ResultStated,
    RunAnnounced,
    RunCommitted,
    RunOpened,
    RunSettled,
    RunStopped,
)
from libs.common.events.matching.turns import (
    AllotmentStated,
    Allotted,
    Card,
    CardsProposed,
    CertificateSigned,
    CommitmentMade,
    Counted,
    Cutoff,
    CutoffsRaised,
    PassReviewed,
    PlacesFrozen,
    PlacesStated,
    ProgressStated,
    ShareRevealed,
    Taken,
)
from libs.common.events.matching.weights import (
    WeightsPublished,
)

__all__ = [
    "AllotmentStated",
    "Allotted",
    "Card",
    "CardsProposed",
    "CertificateSigned",
    "Channel",
    "CommitmentMade",
    "ConsentClosed",
    "ConsentWithdrawn",
    "Counted",
    "Cutoff",
    "CutoffsRaised",
    "DemandStated",
    "IntroductionAgreed",
    "IntroductionAnswered",
    "IntroductionHired",
    "IntroductionSent",
    "IntroductionWithdrawn",
    "PackedCards",
    "PackedCutoffs",
    "PackedFrozen",
    "PackedPlaces",
    "PassClosed",
    "PassOpened",
    "PassReviewed",
    "PlacesFrozen",
    "PlacesStated",
    "ProgressStated",
    "ResultStated",
    "RunAnnounced",
    "RunCommitted",
    "RunOpened",
    "RunSettled",
    "RunStopped",
    "ShareRevealed",
    "Taken",
    "WeightsPublished",
]
