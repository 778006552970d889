"""Introductions in the console, in front of the real matching: all that are ticked take a step at once, and one ends in its own way."""

from __future__ import annotations

import re
from html import unescape

from tests.integration.console.own_pages import open_county
from tests.support.console import INTRODUCTION, VACANCY, app_of, browser, open_console, sign_in
from tests.support.nodes import Nodes


async def test_ticked_introductions_take_a_step_together_and_whoever_did_not_is_shown_with_the_reason(
    nodes: Nodes,
) -> None:
    county = await open_county(nodes)
    first, second = await county.offer(), await county.offer()
    async with browser(county.door) as client:  # type: ignore[arg-type]
        await sign_in(client, county.console)
        everything = await client.get("/introductions")
        listed = await client.get("/introductions", params={"state": "offered"})
        nothing = await client.post("/introductions/bulk", data={"verb": "agree"})
        taken = await client.post("/introductions/bulk", data={"verb": "agree", "introduction": [first, second]})
        unknown = await client.post("/introductions/bulk", data={"verb": "sing", "introduction": [first]})
        page = await client.get(f"/introductions/{first}")
        form = await client.get(f"/introductions/{first}/cancel")
        hidden = dict(re.findall(r'type="hidden" name="(key|whose|version)" value="([^"]*)"', form.text))
        said = {"reason": "family_care", "on": "", **{name: unescape(value) for name, value in hidden.items()}}
        cancelled = await client.post(f"/introductions/{first}/cancel", data=said)
        today = await client.get("/today")
    assert 'form="many"' not in everything.text
    assert set(re.findall(r'form="many" name="introduction" value="([0-9a-f-]{36})"', listed.text)) == {first, second}
    assert re.findall(r'name="verb" value="([a-z-]+)"', listed.text) == ["agree", "decline"]
    assert nothing.status_code == 303
    assert "已办理 1 条，未办理 1 条" in taken.text
    assert "此人已同意另一介绍" in taken.text
    assert unknown.status_code in (404, 405, 422)
    offered = set(re.findall(rf'href="/introductions/{first}/([a-z-]+)"', page.text))
    assert {"cancel", "undo", "withdraw-consent"} <= offered
    assert "逾期不办" in page.text
    assert (cancelled.status_code, (await county.introduction(first))["state"]) == (303, "cancelled")
    assert "即将逾期" in today.text


async def test_what_a_post_promised_and_kept_stands_on_the_page_where_somebody_is_asked(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        page = (await client.get(f"/introductions/{INTRODUCTION}")).text
        listed = (await client.get("/promises/stated")).text
        supply = (await client.get("/supply")).text
        english = (await client.get("/promises/stated", params={"lang": "en"})).text
    promised = page[page.index("承诺与兑现") :]
    for shown in ("4,000", "4,200", "91.7%", "包吃、缴保险"):
        assert shown in promised
        assert shown in listed
    assert re.search(r"是否兑现没有记录</dt><dd>包吃</dd>", promised)
    assert f"/promises/stated?vacancy={VACANCY}" in supply
    assert "Not recorded whether kept" in english
    assert "Board" in english


async def test_a_check_leads_to_each_line_and_to_its_end(nodes: Nodes) -> None:
    context = await open_console(nodes, "n440300")
    check = "00000000-0000-0000-0000-000000000028"
    line = f"/checks/{check}/lines/00000000-0000-0000-0000-000000000029"
    async with browser(app_of(context)) as client:
        await sign_in(client, context, "officer")
        one = (await client.get(line)).text
        page = (await client.get(f"/checks/{check}")).text
        listed = (await client.get("/checks")).text
    assert f'href="{line}/answer"' in one
    assert f'href="{line}/judge"' in one
    assert "劳动合同、工资流水" in page
    assert f'href="/checks/{check}/conclude"' in page
    assert f'href="{line}"' in page
    assert "待办结" in listed
