"""The other services of a node as a service under test reaches them: those that the test has opened, and what it says of matching."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import httpx

from libs.common.events.matching import IntroductionAgreed
from libs.common.problems import MEDIA_TYPE
from libs.common.service import ServiceContext
from tests.support.doors import application_of


class Siblings(httpx.AsyncBaseTransport):
    """Real services where there are any; else a matching that knows the consents it was told of, or is `away`."""

    def __init__(self, opened: Callable[[], Iterable[ServiceContext]], node: str):
        self._opened = opened
        self._node = node
        self.consents: dict[str, dict[str, Any]] = {}
        self.away = False
        # What it answers to everything, and whether that is a problem of the service itself.
        self.refuses, self.clearly = 0, True
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.refuses:
            return httpx.Response(self.refuses, headers={"Content-Type": MEDIA_TYPE if self.clearly else "text/html"})
        if self.away:
            raise httpx.ConnectError("away", request=request)
        service = request.url.path.split("/")[1]
        for context in self._opened():
            if (context.service.name, context.node.id) == (service, self._node):
                return await httpx.ASGITransport(application_of(context)).handle_async_request(request)
        found = self.consents.get(request.url.path.split("/")[-2])
        return httpx.Response(200, json=found) if found else httpx.Response(404, headers={"Content-Type": MEDIA_TYPE})


def siblings_of(context: ServiceContext) -> Siblings:
    transport = context.node.neighbours.transport
    assert isinstance(transport, Siblings)
    return transport


def record_consent(context: ServiceContext, agreed: IntroductionAgreed) -> None:
    """What an officer's call at this node's matching would have left."""
    told = agreed.model_dump(
        mode="json", include={"introduction", "person", "county", "city", "vacancy", "consent", "consent_on"}
    )
    siblings_of(context).consents[str(agreed.introduction)] = {
        **told,
        "by": "officer-1",
        "recorded_at": "2017-04-15T08:00:00Z",
        "withdrawn_on": None,
    }
