"""Every link on every page leads somewhere, every page has its headers, and a service that is away does not break one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.support.console import (
    ANSWERS,
    INTRODUCTION,
    PERSON,
    RUN,
    VACANCY,
    Pretending,
    app_of,
    browser,
    open_console,
    sign_in,
    statements,
)
from tests.support.nodes import Nodes

PAGES = {
    "officer": [
        "/",
        "/people",
        f"/people/{PERSON}",
        "/quality",
        "/quality?township=花垣镇",
        "/quality/findings",
        "/vacancies",
        f"/vacancies/{VACANCY}",
        "/supply",
        f"/recommendations/people/{PERSON}",
        f"/recommendations/vacancies/{VACANCY}",
        "/introductions",
        f"/introductions/{INTRODUCTION}",
        f"/explanations/{PERSON}/{VACANCY}",
        "/runs",
        f"/runs/{RUN}",
        "/weights",
        "/today",
        "/province",
    ],
    "operator": ["/", "/province", "/health", "/weights"],
}


# A list in each of its sizes and orders, and a page twice in Chinese, would be asked for more often than they say something.
ALIKE = ("rows=", "sort=", "lang=zh", "theme=")


class Links(HTMLParser):
    """Addresses a page names: links, files, and forms that ask."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            return
        self.found |= {
            value for name in ("href", "src", "action") if (value := given.get(name)) and not value.startswith("#")
        }


def links_of(page: httpx.Response) -> set[str]:
    if not page.headers.get("content-type", "").startswith("text/html"):
        return set()
    links = Links()
    links.feed(page.text)
    return {urljoin(str(page.url), link) for link in links.found}


@pytest.mark.parametrize("role", PAGES)
async def test_every_link_on_every_page_leads_somewhere(nodes: Nodes, role: str) -> None:
    context = await open_console(nodes, "n433124")
    await context.inbox.receive(statements())
    async with browser(app_of(context)) as client:
        await sign_in(client, context, role)
        waiting, seen = {f"http://node{path}" for path in PAGES[role]}, set[str]()
        while waiting:
            address = waiting.pop()
            seen.add(address)
            page = await client.get(address)
            assert page.status_code < 400, f"{address}: {page.status_code}"
            here = {link for link in links_of(page) if urlsplit(link).netloc == "node"}
            waiting |= {link for link in here if not any(part in link for part in ALIKE)} - seen
    assert len(seen) > len(PAGES[role]) + 5
    assert {urlsplit(address).netloc for address in seen} == {"node"}


async def test_recommendations_are_linked_and_say_why(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        assert f'href="/recommendations/people/{PERSON}"' in (await client.get(f"/people/{PERSON}")).text
        for path in ("/supply", f"/vacancies/{VACANCY}"):
            assert f'href="/recommendations/vacancies/{VACANCY}"' in (await client.get(path)).text
        page = (await client.get(f"/recommendations/people/{PERSON}?about={VACANCY}")).text
        assert all(
            word in page
            for word in (
                "叉车司机",
                "有把握",
                "工资 462 · 工种 240",
                "上一轮录取线 385 分, 本人 440 分",
                "年龄超过岗位上限",
            )
        )
        page = (await client.get(f"/recommendations/vacancies/{VACANCY}?lang=en")).text
        assert all(
            word in page
            for word in (
                "石**",
                "below the last cutoff",
                "groups 120",
                "the last run needed 385 points",
                "older than the vacancy allows",
            )
        )


async def test_who_may_not_propose_is_not_offered_recommendations(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(app_of(context)) as client:
        await sign_in(client, context, "auditor")
        for path in (f"/people/{PERSON}", "/supply", f"/vacancies/{VACANCY}"):
            assert "/recommendations/" not in (await client.get(path)).text
        assert (await client.get(f"/recommendations/people/{PERSON}")).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/today",
        "/province",
        "/people",
        "/sign-in",
        "/nowhere",
        "/runs/not-an-id",
        "/health",
        "/static/console.css",
        "/console/v1/province",
        "/.well-known/jwks.json",
    ],
)
async def test_every_answer_has_the_strict_headers(nodes: Nodes, path: str) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        headers = (await client.get(path)).headers
    assert headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
    )
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


async def test_an_unexpected_error_is_a_page_with_the_headers_and_without_internals(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        monkeypatch.setattr("services.console.routes.province.lay_out", lambda lines: 1 // 0)
        page = await client.get("/province")
    assert page.status_code == 500
    assert "content-security-policy" in page.headers
    assert "ZeroDivision" not in page.text


@pytest.mark.parametrize(
    ("path", "service"),
    [("/people", "registry"), ("/vacancies", "jobs"), ("/introductions", "matching"), ("/runs", "matching")],
)
async def test_a_service_that_is_away_is_said_on_the_page(nodes: Nodes, path: str, service: str) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context, Pretending(service))) as client:
        await sign_in(client, context)
        page = await client.get(path)
        assert page.status_code == 503
        assert "暂时没有应答" in page.text
        assert (await client.get("/province")).status_code == 200


async def test_the_health_page_shows_the_others_when_one_is_away(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context, Pretending("matching"))) as client:
        await sign_in(client, context, "operator")
        page = await client.get("/health")
    assert page.status_code == 200
    assert "没有应答" in page.text
    assert "jobs.vacancy.announced.v1" in page.text


async def test_what_a_role_may_not_see_is_refused_and_not_offered(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        assert 'href="/health"' not in (await client.get("/province")).text
        assert (await client.get("/health")).status_code == 403


async def test_a_refusal_stands_in_the_frame_and_the_language_of_the_page(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        for path in ("/health", "/runs/not-an-id"):
            chinese, english = [(await client.get(path, params={"lang": language})).text for language in ("zh", "en")]
            assert all('href="/people"' in page and "officer" in page for page in (chinese, english))
            told = [page.partition("<main")[2].partition("</main>")[0] for page in (chinese, english)]
            assert "Not allowed" not in told[0]
            assert re.search("[\u3400-\u9fff]", told[1]) is None


async def test_english_is_one_click_away_and_remembered(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        assert "全省一张表" in (await client.get("/province")).text
        assert "The province" in (await client.get("/province?lang=en")).text
        assert "Introductions" in (await client.get("/introductions")).text
        assert "介绍上岗" in (await client.get("/introductions?lang=zh")).text


async def test_what_others_say_is_text_and_never_markup(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    context = await open_console(nodes)
    evil = {"items": [{"id": VACANCY, "title": "<script>alert(1)</script>", "wage": None}], "next": None}
    monkeypatch.setattr(Pretending, "__call__", lambda self, request: httpx.Response(200, json=evil))
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        page = await client.get("/vacancies")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_the_next_page_keeps_the_filters(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        page = await client.get("/vacancies?state=vetted")
        assert 'href="/vacancies?state=vetted&amp;after=MQ"' in page.text
        assert "第 1–3 条" in page.text
        assert "后面还有" in page.text
        last = await client.get("/vacancies?state=vetted&after=MQ&rows=20")
        assert "第 21–23 条，共 23 条" in last.text
        assert 'rel="prev" id="page-before" href="/vacancies?state=vetted&amp;rows=20"' in last.text


async def test_whoever_looks_at_one_finds_back_to_the_list_as_it_was_left(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        assert 'href="/people">← ' in (await client.get(f"/people/{PERSON}")).text
        await client.get("/people?township=花垣镇&after=MQ")
        for _ in range(2):
            page = await client.get(f"/people/{PERSON}")
            assert 'href="/people?township=%E8%8A%B1%E5%9E%A3%E9%95%87&amp;after=MQ">← ' in page.text
        assert 'href="/vacancies">← ' in (await client.get(f"/vacancies/{VACANCY}")).text


async def test_a_list_asked_for_in_part_leads_to_the_whole_page_where_there_is_no_list(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    partly = {"HX-Request": "true", "HX-Boosted": "true", "HX-Current-URL": "http://node/people?labourer=true"}
    async with browser(app_of(context)) as client:
        door = (await client.get("/people?after=MQ", headers=partly)).headers["HX-Redirect"]
        assert door == "/sign-in?next=%2Fpeople%3Flabourer%3Dtrue"
        await sign_in(client, context)
        refused = await client.get("/people", params={"township": "x" * 500}, headers=partly)
        assert refused.headers["HX-Redirect"].startswith("/people?township=xxx")


async def test_an_age_and_a_verdict_stand_with_their_day(nodes: Nodes) -> None:
    context, pretending = await open_console(nodes), Pretending()
    today = str(context.node.today())
    async with browser(app_of(context, pretending)) as client:
        await sign_in(client, context)
        listed, shown = (await client.get("/people?lang=en")).text, (await client.get(f"/people/{PERSON}")).text
    lists = [asked.url.params for asked in pretending.asked if asked.url.path == "/registry/v1/labourers"]
    assert [params.get("as_of") for params in lists if "ids" not in params] == [today]
    assert f"as of {today}; age at the end of last year; identified as of the day of the register's file" in listed
    assert '30-34 <span class="hint">at the end of last year</span>' in shown
    assert "age not within 16 to 59" in shown


async def test_a_persons_page_shows_what_the_list_shows(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        listed, shown = (await client.get("/people")).text, (await client.get(f"/people/{PERSON}")).text
    row = re.findall(r">([^<>\s][^<>]*)</", listed.partition("<tbody>")[2].partition("</tr>")[0])
    assert len(row) == 11
    assert [fact for fact in row if fact not in shown] == []


@pytest.mark.parametrize(("node", "partial"), [("n430000", False), ("n433124", True), ("n440300", True)])
async def test_a_node_that_hears_its_partners_alone_says_so_of_the_total(
    nodes: Nodes, node: str, partial: bool
) -> None:
    context = await open_console(nodes, node)
    await context.inbox.receive(statements())
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        page = await client.get("/province")
    assert ("只收到伙伴节点的报数" in page.text) is partial


@pytest.mark.parametrize("path", ["/vacancies", f"/vacancies/{VACANCY}", "/supply", "/demand"])
@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("zh", ("运输设备和通用工程机械操作人员", "计算机、通信")),
        ("en", ("vehicles and general machinery", "electronics")),
    ],
)
async def test_an_occupation_is_named_beside_its_code(
    nodes: Nodes, path: str, language: str, names: tuple[str, str]
) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        page = await client.get(f"{path}?lang={language}")
    assert names[path == "/demand"] in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "The register is empty."),
        ("?after=MQ", "The register is empty."),
        ("?township=花垣镇", "Nothing matches."),
        ("?township=&employed=true", "Nothing matches."),
    ],
)
async def test_an_empty_list_says_whether_it_was_asked_with_a_condition(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch, query: str, said: str
) -> None:
    context = await open_console(nodes)
    monkeypatch.setitem(ANSWERS, "/registry/v1/labourers", [])
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        await client.get("/people?lang=en")
        page = await client.get(f"/people{query}")
    assert [one for one in ("The register is empty.", "Nothing matches.") if one in page.text] == [said]


async def test_the_nodes_public_keys_are_where_programs_look(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert {key["use"] for key in keys} == {"sig", "enc"}
    assert not any("d" in key for key in keys)


async def test_the_versions_of_the_weights_are_shown_with_what_each_changed(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(app_of(context)) as client:
        await sign_in(client, context, "operator")
        page = (await client.get("/weights")).text
    assert "<code>/group_points/zero_employment</code> 120 → 140" in page
    assert '<code>/closeness/433126</code> {"430100": 65} → —' in page.replace("&#34;", '"')
    assert "2018-01-10 16:00" in page
