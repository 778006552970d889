"""The city's table of cards on the page of a vacancy: who sits and how far the others are, from which run, or that none has come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from libs.common.access.policy import POLICY
from tests.support.console import (
    ANSWERS,
    CARDS,
    NO_CARDS,
    RUN,
    VACANCY,
    Pretending,
    app_of,
    browser,
    open_console,
    sign_in,
)
from tests.support.nodes import Nodes

PAGE, TABLE = f"/recommendations/vacancies/{VACANCY}", 'id="cards"'


async def shown(nodes: Nodes, language: str = "zh") -> tuple[str, list[str]]:
    """The page, and what it asked other services for."""
    context, others = await open_console(nodes, "n440300"), Pretending()
    async with browser(app_of(context, others)) as client:
        await sign_in(client, context)
        page = await client.get(f"{PAGE}?lang={language}")
    assert page.status_code == 200
    return page.text, [request.url.path for request in others.asked]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            (
                "古丈县",
                "已录取: 录取线 585 分, 此卡 602 分",
                "优先分低于录取线",
                "经验、文化、工种、负担合计 320",
                "第 2 次收口",
                "已定案",
                "名额 12，收到 143 张，录取 12 人",
            ),
        ),
        (
            "en",
            (
                "Guzhang",
                "open seat",
                "this place needed 585 points, this card had 440",
                "experience, schooling, occupation, burden 320",
                "pass 2",
                "143 cards came",
            ),
        ),
    ],
)
async def test_cards_stand_with_their_points_and_the_run_that_brought_them(
    nodes: Nodes, language: str, words: tuple[str, ...]
) -> None:
    page, _ = await shown(nodes, language=language)
    table = page.split(TABLE)[1]
    assert [word for word in words if word not in table] == []
    assert f'href="/runs/{RUN}"' in table
    assert table.index('data-recommended="p0a"') < table.index('data-recommended="p5f0c1d2e3a4b5c6d"')


async def test_a_vacancy_that_is_in_no_run_says_that_no_cards_have_come(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANSWERS, CARDS, NO_CARDS)
    page, _ = await shown(nodes)
    assert "还没有哪一轮给该岗位带来求职卡。" in page.split(TABLE)[1]
    monkeypatch.setitem(ANSWERS, CARDS, {**NO_CARDS, "run": RUN, "pass": 1, "state": "open", "withdrawn": True})
    table = (await shown(nodes))[0].split(TABLE)[1]
    assert "这一轮没有求职卡来到该岗位。" in table
    assert "已撤下" in table


async def test_a_vacancy_that_is_filled_still_shows_whose_cards_came(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANSWERS, CARDS.removesuffix("/cards"), 404)
    page, _ = await shown(nodes)
    assert "没有找到" in page
    assert 'data-recommended="p0a"' in page
    monkeypatch.setitem(
        ANSWERS, f"/jobs/v1/vacancies/{VACANCY}", {**ANSWERS[f"/jobs/v1/vacancies/{VACANCY}"], "openings_left": 0}
    )
    context = await open_console(nodes, "n440300")
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        assert f'href="{PAGE}"' in (await client.get(f"/vacancies/{VACANCY}")).text


@pytest.mark.parametrize("status", [404, 409])
async def test_another_nodes_vacancy_has_no_table_of_cards(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setitem(ANSWERS, CARDS, status)
    assert TABLE not in (await shown(nodes))[0]


async def test_who_takes_no_part_in_runs_is_not_asked_for_cards(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    line = replace(POLICY["matching.card.list"], cells={})
    monkeypatch.setitem(POLICY, line.name, line)
    page, asked = await shown(nodes)
    assert TABLE not in page
    assert CARDS not in asked
