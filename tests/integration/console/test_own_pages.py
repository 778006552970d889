"""A labourer's own pages: a code opens them for exactly that person, guesses are counted, and an answer is her own."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from libs.common.events.registry import LabourerErased
from libs.common.service import ServiceContext
from tests.integration.console.own_pages import County, open_county
from tests.support.console import browser, sign_in
from tests.support.nodes import Nodes
from tests.support.telling import tell


@pytest.fixture
async def county(nodes: Nodes) -> County:
    return await open_county(nodes)


async def count_accounts(console: ServiceContext, login: str) -> int:
    async with console.database.reading() as tx:
        query = text("SELECT count(*) FROM account WHERE login = :login")
        return int((await tx.execute(query, {"login": login})).scalar_one())


def wrong(code: str) -> str:
    """The same code meant, with another secret."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


async def enter(phone: httpx.AsyncClient, code: str) -> httpx.Response:
    return await phone.post("/my/enter", data={"code": code})


async def test_a_code_opens_the_pages_of_exactly_that_person_until_she_is_erased(county: County) -> None:
    code = await county.code()
    async with county.phone() as phone, county.phone() as second:
        door, opened = await phone.get("/my"), await enter(phone, code)
        mine, plain = await phone.get("/my"), await phone.post("/my/own")
        looked, home = await phone.get("/my/accesses"), await phone.get("/")
        beyond = [(await phone.get(f"/people/{each}")).status_code for each in (county.other, county.one)]
        lists = {(await phone.get(path)).status_code for path in ("/people", "/households", "/reveals", "/accounts")}
        again = await enter(second, code)
        await tell(county.console, LabourerErased(person=UUID(county.one), on=date(2017, 6, 1)))
        after = await phone.get("/my")
    assert (door.headers["location"], opened.headers["location"], home.headers["location"]) == (
        "/my/enter",
        "/my",
        "/my",
    )
    assert "max-age=2592000" in opened.headers["set-cookie"].lower()
    assert "石**" in mine.text
    assert not re.search(r"\d{17}", mine.text)
    assert "石秀英" in plain.text
    assert re.search(r"\d{17}", plain.text)
    assert ("本人查看" in looked.text, "/province" in mine.text) == (True, False)
    assert (beyond, lists, again.status_code) == ([404, 200], {403}, 401)
    assert after.headers["location"] == "/my/enter"
    assert await count_accounts(county.console, county.one) == 0


async def test_whoever_guesses_waits_and_ends_the_code_and_nobody_else_s(county: County) -> None:
    codes = [await county.code(), await county.code(county.other)]
    async with county.phone("203.0.113.7") as guesser:
        same = [(await enter(guesser, wrong(codes[0]))).status_code for _ in range(6)]
        many = [(await enter(guesser, f"{number:06}000000")).status_code for number in range(30)]
    async with county.phone("203.0.113.8") as elsewhere:
        await enter(elsewhere, wrong(codes[0]))
        spent, other = await enter(elsewhere, codes[0]), await enter(elsewhere, codes[1])
    assert same == [401] * 4 + [429] * 2
    assert (many[0], many[-1]) == (401, 429)
    assert spent.status_code == 401
    assert other.headers["location"] == "/my"


async def slip_of(county: County) -> str:
    """The code on the slip that an officer prints, which names nobody."""
    async with browser(county.door) as officer:  # type: ignore[arg-type]
        await sign_in(officer, county.console)
        page = await officer.get(f"/people/{county.one}")
        slip = await officer.post(f"/people/{county.one}/code")
    found = re.search(r"\d{4} \d{4} \d{4}", slip.text)
    assert found
    assert (f"/people/{county.one}/code" in page.text, "石" in slip.text) == (True, False)
    return found[0]


async def test_after_her_yes_she_may_think_again_and_have_her_card_erased(county: County) -> None:
    one = await county.offer()
    async with county.phone() as other, county.phone() as phone:
        await enter(other, await county.code(county.other))
        await enter(phone, await county.code())
        await phone.post(f"/my/offers/{one}/agree")
        foreign = await other.post(f"/my/offers/{one}/cancel", data={"reason": "family_care"})
        page = (await phone.get(f"/my/offers/{one}")).text
        nameless = await phone.post(f"/my/offers/{one}/cancel", data={"reason": ""})
        withdrawn = await phone.post(f"/my/offers/{one}/withdraw-consent")
        after = (await phone.get(f"/my/offers/{one}")).text
    row = await county.introduction(one)
    assert foreign.status_code == 404
    assert {f"/my/offers/{one}/{verb}" in page for verb in ("cancel", "withdraw-consent")} == {True}
    assert nameless.status_code == 422
    assert withdrawn.headers["location"] == "/my"
    assert (row["state"], row["reason"], row["steps"][-1]["by"]) == (
        "declined",
        "consent_withdrawn",
        "n433124/labourer",
    )
    assert "对方城市正在删除" in after
    assert "/cancel" not in after


async def test_she_cancels_after_her_yes_with_a_reason(county: County) -> None:
    one = await county.offer()
    async with county.phone() as phone:
        await enter(phone, await county.code())
        await phone.post(f"/my/offers/{one}/agree")
        cancelled = await phone.post(f"/my/offers/{one}/cancel", data={"reason": "family_care"})
        after = (await phone.get(f"/my/offers/{one}")).text
    assert cancelled.headers["location"] == "/my"
    assert (await county.introduction(one))["state"] == "cancelled"
    assert f"/my/offers/{one}/cancel" not in after


async def test_with_the_slip_of_an_officer_she_answers_her_own_offers_and_nobody_else_s(county: County) -> None:
    first, second = await county.offer(), await county.offer()
    async with county.phone() as other:
        await enter(other, await county.code(county.other))
        refused = [await other.get(f"/my/offers/{first}"), await other.post(f"/my/offers/{first}/agree")]
    async with county.phone() as phone:
        await enter(phone, await slip_of(county))
        listed = (await phone.get("/my")).text
        declined = await phone.post(f"/my/offers/{first}/decline", data={"reason": "too_far"})
        version = re.search(r'name="version" value="(\S+)"', (await phone.get(f"/my/offers/{second}")).text)
        stale = await phone.post(f"/my/offers/{second}/agree", data={"version": '"99"'})
        agreed = await phone.post(f"/my/offers/{second}/agree")
    found = [await county.introduction(each) for each in (first, second)]
    assert [each.status_code for each in refused] == [404, 404]
    assert {f"/my/offers/{each}" in listed for each in (first, second)} == {True}
    assert version
    assert (stale.status_code, declined.headers["location"], agreed.headers["location"]) == (412, "/my", "/my")
    assert [(each["state"], each["steps"][-1]["by"]) for each in found] == [
        ("declined", "n433124/labourer"),
        ("agreed", "n433124/labourer"),
    ]
