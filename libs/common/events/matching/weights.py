"""Weights of the formula as a node publishes them: data with a version."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from libs.common.events.envelope import Audience, Event


class WeightsPublished(Event):
    """权重版本: a node publishes weights, and says them again with each run that it convenes with them.

    `digest` is SHA-256 of `weights` as canonical JSON (keys sorted, no white space). A node's version never changes.
    """

    TYPE: ClassVar[str] = "matching.weights.published.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "matching.weights"

    node: str
    version: str
    digest: str
    weights: dict[str, Any]
    note: str = ""
    published_at: datetime

    def key(self) -> str:
        return self.node
