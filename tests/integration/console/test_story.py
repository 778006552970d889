"""The story's step 7 reads the console as its users do: what it sees on the page is what the JSON says."""

from __future__ import annotations

from pathlib import Path

from deploy.demo import show
from deploy.demo.story import Check, NodePlace, Story
from tests.support.console import app_of, open_console, served, statements
from tests.support.nodes import NOWHERE, Nodes


class Nobody:
    """Kills and starts nothing."""

    async def kill(self, node: str) -> None:
        raise AssertionError(node)

    start = kill


async def test_the_story_finds_on_the_page_what_the_json_says(nodes: Nodes, tmp_path: Path) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements())
    noted: list[Check] = []
    async with served(app_of(context)) as address:
        place = NodePlace("n430000", "湖南省", address, Path(context.settings.keys).parent, NOWHERE, (), ())
        story = Story({"n430000": place}, tmp_path, Nobody(), lambda text: None, noted.append)
        table = await story.get("n430000", "/console/v1/province")
        show._check_rates(story, table)
        await show._check_page(story)
        await story.close()
    assert [check.name for check in noted if not check.ok] == []
    assert len(noted) == 4
