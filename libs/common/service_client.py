"""The other services of this node (邻居), asked over HTTP as the node's own service; what must not rest on one event is asked here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx

from libs.common.identity import Signer
from libs.common.problems import MEDIA_TYPE, Unavailable
from libs.common.telemetry import current_traceparent, log

# A handler that asks holds its partition: it gives up soon, and the event waits.
SECONDS = 5.0
LIFETIME = timedelta(minutes=1)
# Refusals that say nothing of what was asked: who asks is not let in yet (a key that turns), or comes too often.
_NOT_NOW = frozenset({401, 403, 407, 408, 421, 425, 429})


class ServiceClient:
    """Where they answer (`{service}` stands for the name), and by whose key this one says who it is."""

    def __init__(self, address: str, signer: Signer, transport: httpx.AsyncBaseTransport | None = None):
        self.address = address
        self.signer = signer
        self.transport = transport
        self._client: httpx.AsyncClient | None = None

    async def get(self, asking: str, service: str, path: str, now: datetime) -> Any | None:
        """What a neighbour says, or None where it clearly says no; raises Unavailable while that cannot be known."""
        token = self.signer.issue(
            now, subject=asking, role="service", regions=[self.signer.node[1:]], lifetime=LIFETIME
        )
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "traceparent": current_traceparent() or "",
        }
        try:
            answer = await self._open().get(
                f"{self.address.replace('{service}', service)}/{service}/v1{path}", headers=headers
            )
            if _is_no(answer):
                log.error("neighbour_says_no", service=service, status=answer.status_code)
                return None
            return answer.raise_for_status().json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else 0
            log.error("neighbour_away", service=service, status=status, error=type(error).__name__)
            raise Unavailable(
                f"{service} 服务没有应答 The service {service} does not answer: {type(error).__name__}"
            ) from error

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _open(self) -> httpx.AsyncClient:
        """One client for all questions, opened with the first: its connections stay open."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=SECONDS, transport=self.transport, trust_env=False)
        return self._client


def _is_no(answer: httpx.Response) -> bool:
    """A problem of the service itself about what was asked; a gateway that has no such service says something else."""
    problem = answer.headers.get("content-type", "").startswith(MEDIA_TYPE)
    return 400 <= answer.status_code < 500 and answer.status_code not in _NOT_NOW and problem
