"""The other services of this node (邻居), asked over HTTP as the node's own service; what must not rest on one event is asked here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx

from libs.common.identity import Signer
from libs.common.problems import Unavailable
from libs.common.telemetry import current_traceparent, log

# A handler that asks holds its partition: it gives up soon, and the event waits.
SECONDS = 5.0
LIFETIME = timedelta(minutes=1)
_NO = (401, 403, 404)


class Neighbours:
    """Where they answer (`{service}` stands for the name), and by whose key this one says who it is."""

    def __init__(self, address: str, signer: Signer, transport: httpx.AsyncBaseTransport | None = None):
        self.address = address
        self.signer = signer
        self.transport = transport

    async def get(self, asking: str, service: str, path: str, now: datetime) -> Any | None:
        """What a neighbour says, or None where it says no; raises Unavailable while it does not answer."""
        token = self.signer.issue(now, subject=asking, role="service", regions=[self.signer.node[1:]], lifetime=LIFETIME)
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "traceparent": current_traceparent() or ""}
        address = self.address.replace("{service}", service)
        try:
            async with httpx.AsyncClient(base_url=address, timeout=SECONDS, transport=self.transport, trust_env=False) as client:
                answer = await client.get(f"/{service}/v1{path}", headers=headers)
            if answer.status_code in _NO:
                log.error("neighbour_says_no", service=service, status=answer.status_code)
                return None
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Unavailable(f"{service} 没有应答 {service} does not answer: {type(error).__name__}") from error
