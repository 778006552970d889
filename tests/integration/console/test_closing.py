"""What the console opens for its way to the other services is closed with it."""

from __future__ import annotations

from libs.common.api.application import create_api
from services.console.app import SERVICE
from tests.support.nodes import Nodes


async def test_the_client_of_the_other_services_is_closed_with_the_console(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    client = create_api(context).state.neighbours._client
    assert not client.is_closed
    await context.close()
    assert client.is_closed
