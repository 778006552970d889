"""What had to be started again at this node: the same at its address and on the page of the node's condition."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from deploy.local.supervised import Restarts, Supervised
from services.console.settings import ConsoleSettings
from tests.support.console import app_of, browser, open_console, sign_in
from tests.support.nodes import Nodes, client_of


async def test_a_part_that_died_is_told_of_by_address_and_on_the_page(nodes: Nodes, tmp_path: Path) -> None:
    context, supervised = await open_console(nodes), Supervised(tmp_path)
    context.settings = cast(ConsoleSettings, context.settings).model_copy(
        update={"console_restarts": supervised.record}
    )
    async with client_of(context, "operator") as client:
        assert (await client.get("/console/v1/restarts")).json() == {"parts": {}}
        supervised.note({"Kafka": Restarts(2, "2017-01-01T00:00:00+00:00", "ended", 4.0)})
        told = (await client.get("/console/v1/restarts")).json()["parts"]
    assert told == {"Kafka": {"count": 2, "last": "2017-01-01T00:00:00Z", "why": "ended", "pause": 4.0}}

    async with browser(app_of(context)) as client:
        await sign_in(client, context, "operator")
        page = (await client.get("/health")).text
    assert 'data-part="Kafka"' in page


async def test_only_who_looks_after_a_node_is_told(nodes: Nodes) -> None:
    async with client_of(await open_console(nodes), "analyst") as client:
        assert (await client.get("/console/v1/restarts")).status_code == 403
