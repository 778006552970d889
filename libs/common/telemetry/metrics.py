"""Metrics (指标): the measures of one service, as Prometheus reads them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The measures of one service; each has a registry of its own, so several can share a process."""

    def __init__(self, service: str):
        self.registry = registry = CollectorRegistry()
        self.requests = Histogram(
            "xieli_request_seconds", "Time to answer.", ["service", "method", "status"], registry=registry
        )
        self.handled = Counter("xieli_events_handled", "Events handled once.", ["service", "type"], registry=registry)
        self.repeated = Counter("xieli_events_repeated", "Events that came again.", ["service"], registry=registry)
        self.refused = Counter(
            "xieli_events_refused", "Records kept as dead letters.", ["service", "reason"], registry=registry
        )
        self.emptied = Counter(
            "xieli_dead_letters_emptied",
            "Dead letters whose bytes had to go, because there were too many.",
            ["service"],
            registry=registry,
        )
        self.gaps = Counter("xieli_sequence_gaps", "Holes seen in a sequence.", ["service"], registry=registry)
        self.parked = Counter("xieli_events_parked", "Events parked.", ["service"], registry=registry)
        self.worker_faults = Counter(
            "xieli_worker_faults",
            "Programming errors that made a worker begin again.",
            ["service", "work"],
            registry=registry,
        )
        self.outbox_age = Gauge(
            "xieli_outbox_age_seconds", "Age of the oldest unsent event.", ["service"], registry=registry
        )
        self.service = service
