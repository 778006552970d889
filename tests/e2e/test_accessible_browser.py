"""Nobody is shut out (无障碍): axe finds nothing serious on any kind of page, in light, in dark and on a phone."""

from __future__ import annotations

from itertools import chain

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from libs.common.service import ServiceContext
from services.console.operations.own_sessions import welcome_labourer
from services.console.operations.sessions import Guest
from services.console.routes.session import cookie_of
from tests.support.browser import enter, tab
from tests.support.console import PERSON, open_console, statements
from tests.support.nodes import Nodes
from tests.support.page_kinds import Tour

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# What is otherwise in the dark, and what is otherwise on a phone; everything else is looked at once.
IN_THE_DARK, ON_A_PHONE = ["color-contrast"], ["scrollable-region-focusable", "target-size", "meta-viewport"]
# Who sees which pages: what one may not open, another does.
ROLES = ("officer", "operator", "labourer")


async def serious(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds that shuts somebody out: the rule, and where."""
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found = await page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **only})
    return [
        f"{wrong['id']}: {node['html'][:120]} {node['failureSummary'].splitlines()[-1].strip()}"
        for wrong in found["violations"]
        if wrong["impact"] in ("serious", "critical")
        for node in wrong["nodes"][:2]
    ]


async def three_ways(page: Page) -> dict[str, list[str]]:
    """The same page in light, in dark and on a phone."""
    await page.evaluate(Axe().axe_script)
    found = {"light": await serious(page)}
    await page.emulate_media(color_scheme="dark")
    found["dark"] = await serious(page, IN_THE_DARK)
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found["phone"] = await serious(page, ON_A_PHONE)
    await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    await page.emulate_media(color_scheme="light")
    return {way: wrong for way, wrong in found.items() if wrong}


async def come_in(page: Page, address: str, context: ServiceContext, role: str) -> None:
    """By a password; a labourer by a code, of which here is only what follows it."""
    if role != "labourer":
        return await enter(page, address, context, role)
    guest = Guest(PERSON, "127.0.0.1", "a phone")
    async with context.database.transaction() as tx:
        word = await welcome_labourer(tx, guest)
    assert word is not None
    await page.context.add_cookies([{"name": cookie_of(context), "value": word, "url": address}])


async def test_axe_finds_nothing_serious_on_any_kind_of_page(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    await context.inbox.receive(statements())
    tour, refused, wrong = Tour(), set[str](), dict[str, dict[str, list[str]]]()
    for role in ROLES:
        async with tab(context) as (page, address, _):
            await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
            await come_in(page, address, context, role)
            before, refused = refused, set()
            for path in chain(sorted(before), tour.addresses()):
                answer = await page.goto(f"{address}{path}")
                assert answer is not None
                if answer.status in (403, 404):
                    refused.add(path)
                    continue
                assert answer.status < 400, (path, answer.status)
                tour.note(await page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))"))
                if found := await three_ways(page):
                    wrong[path] = found
    assert wrong == {}
    assert (tour.unseen, refused) == ([], set())
