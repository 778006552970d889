"""A consent withdrawn (撤回同意): told to the city, which erases the card, and at home, where none is sealed any more."""

from __future__ import annotations

from typing import ClassVar

from libs.common.events.envelope import Audience
from libs.common.events.matching.introductions import IntroductionStep


class ConsentWithdrawn(IntroductionStep):
    """County to city: the person no longer agrees. Late, repeated or before the card itself, it ends in the same state."""

    TYPE: ClassVar[str] = "matching.consent.withdrawn.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.consent"


class ConsentClosed(IntroductionStep):
    """The same for this node's own registry: on this consent no card is sealed any more. Stays at home."""

    TYPE: ClassVar[str] = "matching.consent.closed.v1"
    AUDIENCE: ClassVar[Audience] = "home"
