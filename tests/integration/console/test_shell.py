"""The shell around the pages: views of one's own, light or dark, a session that is about to end, a form that outlives it."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx

from libs.common.service import ServiceContext
from services.console.routes.report import COUNTED
from tests.support.console import FROM_HERE, PERSON, Pretending, app_of, browser, open_console, self_asking, sign_in
from tests.support.nodes import Nodes

SAVED = {"page": "/accounts", "name": "在用的经办", "query": "role=officer&closed=false&after=MQ&trail=a.b&rows=20"}


async def test_a_view_is_ones_own_and_stands_beside_its_list(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(self_asking(context)) as client, browser(self_asking(context)) as other:
        await sign_in(client, context, "operator")
        await sign_in(other, context, "officer")
        saved = await client.post("/views", data=SAVED)
        assert saved.headers["location"] == "/accounts?role=officer&closed=false"
        await client.post("/views", data=SAVED | {"query": "role=cadre"})
        page = (await client.get("/accounts?role=officer")).text
        assert 'href="/accounts?role=cadre"' in page
        assert 'name="query" value="role=officer"' in page
        assert "在用的经办" not in (await other.get("/people")).text
        drop = page.partition('action="/views/')[2].partition('"')[0]
        refused = await other.post(f"/views/{drop}", data={"page": "/people"})
        assert refused.status_code == 404
        assert (await client.post(f"/views/{drop}", data={"page": "/accounts"})).headers["location"] == "/accounts"
        assert "在用的经办" not in (await client.get("/accounts")).text


async def test_a_view_without_a_name_or_of_no_list_and_one_too_many_are_refused(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, "operator")
        for wrong in ({"name": "  "}, {"page": "//elsewhere"}, {"page": "/accounts?x=1"}):
            assert (await client.post("/views", data=SAVED | wrong)).status_code == 422
        made = [(await client.post("/views", data=SAVED | {"name": str(number)})).status_code for number in range(13)]
        assert made == [303] * 12 + [409]
        assert (await client.post("/views", data=SAVED | {"name": "3"})).status_code == 303


async def test_light_or_dark_is_chosen_once_and_remembered(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        assert 'data-theme="dark"' in (await client.get("/province?theme=dark")).text
        assert 'data-theme="dark"' in (await client.get("/account")).text
        assert "data-theme" not in (await client.get("/account?theme=system")).text


async def moved_on(client: httpx.AsyncClient, context: ServiceContext, by: timedelta) -> None:
    """So much time passes without a request."""
    async with context.database.transaction() as tx:
        await (await tx.raw()).execute(
            "UPDATE console.session SET seen_at = seen_at - $1::interval, begun_at = begun_at - $1::interval", by
        )


async def test_a_session_about_to_end_is_said_and_one_press_goes_on(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    script = {"HX-Request": "true", **FROM_HERE}
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        assert 'role="alert" hidden>' in (await client.get("/people")).text.partition('id="ending"')[2]
        told = await client.post("/session", headers=script)
        assert told.headers["X-Session-Ends"] > str(context.node.clock.now())
        await moved_on(client, context, timedelta(minutes=25))
        assert (await client.post("/session", headers=script)).headers["X-Session-Ends"] > told.headers[
            "X-Session-Ends"
        ]
        assert (await client.post("/session", data={"next": "/people?after=MQ"})).headers[
            "location"
        ] == "/people?after=MQ"
        async with context.database.transaction() as tx:
            await (await tx.raw()).execute("UPDATE console.session SET begun_at = begun_at - interval '11:32'")
        assert 'role="alert">' in (await client.get("/people")).text.partition('id="ending"')[2].partition("</form>")[0]


async def test_a_form_half_filled_outlives_its_session(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    path = f"/people/{PERSON}/visit"
    filled = {"on": "2017-05-01", "wish.occupation": "龙某家的缝纫", "whose": "officer", "key": "k", "version": ""}
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        await moved_on(client, context, timedelta(hours=13))
        door = await client.post(path, data=filled)
        assert door.headers["location"] == f"/sign-in?next={path.replace('/', '%2F')}"
        assert "龙某家" not in str(client.cookies)
        assert "登录后继续" in (await client.get(door.headers["location"])).text
        await sign_in(client, context, "operator")
        kept = client.cookies["xieli-draft"]
        assert (await client.get(path)).status_code == 403
        await sign_in(client, context)
        page = await client.get(path)
        assert "您在会话结束前填的内容还在" in page.text
        assert "龙某家的缝纫" in page.text
        assert "xieli-draft" not in client.cookies
        assert "龙某家" not in (await client.get(path)).text
        for other in (kept[:-8] + "AAAAAAA=", "no draft"):
            client.cookies.set("xieli-draft", other)
            assert "您在会话结束前填的内容还在" not in (await client.get(path)).text


async def test_what_is_too_long_to_keep_is_said_to_be_lost(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    noise = "".join(chr(0x4E00 + number * 37 % 9000) for number in range(3000))
    async with browser(app_of(context)) as client:
        door = await client.post(f"/people/{PERSON}/visit", data={"wish.occupation": noise, "whose": "officer"})
        assert "没有保留" in (await client.get(door.headers["location"])).text
        assert "xieli-draft" not in client.cookies


async def test_the_countys_figures_are_counted_by_the_lists_behind_them(nodes: Nodes) -> None:
    context, pretending = await open_console(nodes, "n433124"), Pretending()
    async with browser(app_of(context, pretending)) as client:
        await sign_in(client, context)
        page = (await client.get("/people/figures")).text
        counted = {str(asked.url.query, "ascii") for asked in pretending.asked if asked.url.path.endswith("/counts")}
        today = context.node.today()
        assert len(counted) == len(COUNTED) + 1
        assert all(f"as_of={today}" in query for query in counted)
        assert '<a href="/people?labourer=true&amp;employed=true">3</a>' in page
        assert "花垣镇" in page
        assert "全县" in page


async def test_today_says_how_many_wait_and_where_that_is_not_counted_that_there_are_more(nodes: Nodes) -> None:
    """By the address that counts where there is one, else as far as one page of the list goes."""
    context, pretending = await open_console(nodes, "n433124"), Pretending()
    async with browser(app_of(context, pretending)) as client:
        await sign_in(client, context)
        page = (await client.get("/today")).text
    asked = [
        each.url for each in pretending.asked if "counts" in each.url.path or each.url.params.get("limit") == "200"
    ]
    assert "+</a>" not in page
    assert re.findall(r'class="count" href="/people[^"]*">([^<]*)<', page) == ["3"]
    assert re.findall(r'class="count" href="/conflicts">([^<]*)<', page) == ["超过 200"]
    assert {each.path for each in asked} >= {"/registry/v1/labourers/counts", "/registry/v1/sync/conflicts"}
