"""A fair's desk in front of the real services: somebody is found, comes and signs, once however often the page is sent."""

from __future__ import annotations

import re
from datetime import date

from libs.common.calendar import add_days
from libs.common.database import new_id
from libs.common.events.jobs import BoothAnnounced, FairAnnounced
from tests.integration.console.own_pages import INTRODUCTIONS, County, open_county
from tests.integration.registry.test_imports import a_number
from tests.support.console import browser, sign_in
from tests.support.nodes import Nodes, client_of
from tests.support.telling import a_vacancy, tell

NUMBER = a_number(order="001")


async def open_fair(county: County, day: date) -> tuple[str, str]:
    """A fair of the city with one firm; answers its id and the post that stands there."""
    post = a_vacancy()
    booth = BoothAnnounced(employer_uscc=post.employer_uscc or "", employer_name=post.employer_name, city=post.city)
    facts = {"city": "440300", "title": "湘粤专场", "place": "440300", "venue": "宝安体育馆", "state": "open"}
    fair = FairAnnounced(**facts, fair=new_id(), day=day, booths=(booth,), on=day)
    await tell(county.matching, post, fair, node="n440300", service="jobs")
    return str(fair.fair), str(post.vacancy)


async def test_the_desk_finds_somebody_notes_the_arrival_and_signs_once(nodes: Nodes) -> None:
    county = await open_county(nodes)
    fair, post = await open_fair(county, county.matching.node.today())
    here = f"/fairs/{fair}"
    async with browser(county.door) as client:  # type: ignore[arg-type]
        await sign_in(client, county.console)
        q = NUMBER
        empty = await client.get(f"{here}/desk")
        found = await client.post(f"{here}/desk", data={"q": q})
        person = re.findall(r'name="person" value="([0-9a-f-]{36})" checked', found.text)
        (entry,) = re.findall(r'name="entry" value="([0-9a-f-]{36})"', found.text)
        assert len(person) == 1
        said = {"q": q, "person": person[0], "vacancy": post, "entry": entry}
        unread = await client.post(f"{here}/desk", data=said)
        signed = [await client.post(f"{here}/desk", data={**said, "consent": "2017.1"}) for _ in range(2)]
        other = await client.post(f"{here}/desk", data={**said, "consent": "2017.1", "entry": str(new_id())})
        pages = {each: await client.get(f"{here}/{each}") for each in ("visitors", "gate", "results", "desk")}
        shown = await client.get(here)
        nobody = await client.post(f"{here}/desk", data={"q": "不存在的人"})
    assert 'name="vacancy"' not in empty.text
    assert "请先向本人宣读同意书并勾选" in unread.text
    assert [each.status_code for each in signed] == [303, 303]
    assert "此人与该岗位已有进行中的介绍" in other.text
    assert "没有找到" in nobody.text
    for each, page in pages.items():
        assert page.status_code == 200, each
    name = re.search(r'class="tick"><input type="radio"[^>]*> (\S+)', found.text)
    assert name
    assert name[1] in pages["gate"].text
    assert name[1] in pages["visitors"].text
    assert {"desk", "visitors", "gate", "results"} <= set(re.findall(rf'href="{here}/([a-z]+)"', shown.text))
    assert person == [county.one]
    async with client_of(county.matching) as officer:
        listed = (await officer.get(INTRODUCTIONS, params={"person": county.one})).json()["items"]
    assert [(each["state"], each["vacancy"]) for each in listed] == [("agreed", post)]


async def test_before_the_day_the_desk_signs_people_up(nodes: Nodes) -> None:
    county = await open_county(nodes)
    fair, _ = await open_fair(county, add_days(county.matching.node.today(), 3))
    async with browser(county.door) as client:  # type: ignore[arg-type]
        await sign_in(client, county.console)
        q = NUMBER
        found = await client.post(f"/fairs/{fair}/desk", data={"q": q})
        person = re.findall(r'name="person" value="([0-9a-f-]{36})"', found.text)[0]
        done = await client.post(f"/fairs/{fair}/desk", data={"q": q, "person": person})
        gate = await client.get(f"/fairs/{fair}/gate")
    assert 'name="vacancy"' not in found.text
    assert done.status_code == 303
    assert 'class="n">1<' in gate.text


async def test_somebody_without_an_account_signs_up_and_the_desk_finds_who_it_was(nodes: Nodes) -> None:
    county = await open_county(nodes)
    fair, _ = await open_fair(county, add_days(county.matching.node.today(), 3))
    given = {"name": "石秀英", "tail": NUMBER[-6:].lower(), "phone": "15400000001"}
    async with county.phone() as phone:
        opened = await phone.get(f"/f/{fair}")
        wrong = await phone.post(f"/f/{fair}", data={**given, "tail": "12"})
        same = [await phone.post(f"/f/{fair}", data=each) for each in (given, given, {**given, "name": "无名氏"})]
        nowhere = await phone.get(f"/f/{new_id()}")
    async with browser(county.door) as client:  # type: ignore[arg-type]
        await sign_in(client, county.console)
        poster = await client.get(f"/fairs/{fair}/poster")
        waiting = await client.get(f"/fairs/{fair}/scanned")
        page = re.findall(rf'href="(/fairs/{fair}/scanned/[0-9a-f-]{{36}})"', waiting.text)[0]
        found = await client.get(page)
        settled = await client.post(page, data={"person": county.one})
        after = await client.get(page)
        visitors = await client.get(f"/fairs/{fair}/visitors")
    assert "某电子有限公司" in opened.text
    assert (wrong.status_code, 'value="15400000001"' in wrong.text, 'class="wrong"' in wrong.text) == (422, True, True)
    said = {re.sub(r'value="[^"]*"', "", each.text) for each in same}
    assert ([each.status_code for each in same], len(said)) == ([200] * 3, 1)
    assert "已收到" in same[0].text
    assert nowhere.status_code == 404
    assert f'href="/f/{fair}"' in poster.text
    assert "<svg" in poster.text
    assert f'value="{county.one}"' in found.text
    assert (settled.status_code, "已核对" in after.text) == (303, True)
    assert county.one in visitors.text
