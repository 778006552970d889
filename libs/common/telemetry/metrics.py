"""Metrics (指标): the measures of one service, as Prometheus reads them."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The measures of one service; each has a registry of its own, so several can share a process."""

    def __init__(self, service: str):
        self.registry = CollectorRegistry()
        labels: dict[str, Any] = {"registry": self.registry}
        self.requests = Histogram("xieli_request_seconds", "Time to answer.", ["service", "method", "status"], **labels)
        self.handled = Counter("xieli_events_handled", "Events handled once.", ["service", "type"], **labels)
        self.repeated = Counter("xieli_events_repeated", "Events that came again.", ["service"], **labels)
        self.refused = Counter("xieli_events_refused", "Records kept as dead letters.", ["service", "reason"], **labels)
        self.emptied = Counter(
            "xieli_dead_letters_emptied",
            "Dead letters whose bytes had to go, because there were too many.",
            ["service"],
            **labels,
        )
        self.gaps = Counter("xieli_sequence_gaps", "Holes seen in a sequence.", ["service"], **labels)
        self.parked = Counter("xieli_events_parked", "Events parked.", ["service"], **labels)
        self.worker_faults = Counter(
            "xieli_worker_faults", "Programming errors that made a worker begin again.", ["service", "work"], **labels
        )
        self.outbox_age = Gauge("xieli_outbox_age_seconds", "Age of the oldest unsent event.", ["service"], **labels)
        self.service = service
