"""Statements arrive in any order and more than once; the table is the same, and its JSON says where each figure is from."""

from __future__ import annotations

import random
from datetime import date

import pytest
from sqlalchemy import func, select

from libs.common.events.registry import RegistryIndicatorsStated
from libs.common.service import ServiceContext
from services.console.app import SERVICE
from services.console.tables import statement
from tests.support.console import app_of, arrival, browser, open_console, sign_in, statements
from tests.support.nodes import Nodes, client_of

SPRING, SUMMER = date(2017, 3, 31), date(2017, 6, 30)


async def province(context: ServiceContext, as_of: date | None = None) -> dict[str, object]:
    async with client_of(context, "auditor") as client:
        answer = await client.get("/console/v1/province", params={"as_of": str(as_of)} if as_of else {})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_of_arrival_gives_the_same_table(nodes: Nodes, seed: int) -> None:
    context = await nodes.open(SERVICE, "n430000")
    told = [*statements(SPRING, first=1), *statements(SUMMER, first=2, more=5), *statements(SPRING, first=3, more=1)]
    random.Random(seed).shuffle(told)
    for one in told:
        await context.inbox.receive([one])
    table = await province(context, SUMMER)
    assert table["total"]["employed"] == 181 + 88 + 10  # type: ignore[index]
    assert (await province(context, SPRING))["total"]["employed"] == 181 + 88 + 2  # type: ignore[index]


async def test_a_statement_that_comes_twice_counts_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n430000")
    told = statements(SUMMER)
    await context.inbox.receive(told)
    await context.inbox.receive(told)
    async with context.database.reading() as tx:
        assert (await tx.execute(select(func.count()).select_from(statement))).scalar() == len(told)


async def test_what_a_node_says_of_another_division_is_not_counted(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n430000")
    false = RegistryIndicatorsStated(
        division="433124", as_of=SUMMER, rule="registry.indicators.1", figures={"labourers": 9_999_999}
    )
    await context.inbox.receive([*statements(SUMMER), arrival(false, "n440300", 50)])
    assert (await province(context))["total"]["labourers"] == 605  # type: ignore[index]


async def test_every_rate_has_its_parts_and_every_figure_its_statement(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n430000")
    await context.inbox.receive(statements(SUMMER))
    table = await province(context, date(2017, 12, 31))
    share = table["total"]["employed_share"]  # type: ignore[index]
    assert share == {"numerator": 269, "denominator": 605, "value": 0.4446, "rule": "province.1", "as_of": "2017-12-31"}
    lines = {line["division"]: line for line in table["divisions"]}  # type: ignore[attr-defined]
    assert lines["440300"]["labourers"] is None
    assert {one["source"] for one in lines["433124"]["statements"]} == {"/n433124/registry", "/n433124/retention"}
    assert [one["as_of"] for one in table["statements"]] == ["2017-06-30"] * 7  # type: ignore[attr-defined]


async def test_the_first_page_shows_the_figures_of_the_json(nodes: Nodes) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements(SUMMER))
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
        page = (await client.get("/province")).text
        shown = (await client.get("/console/v1/province")).json()
    total = page[page.index('data-division="total"') :]
    for figure in ("labourers", "employed", "openings_left", "subsidies_fen"):
        assert f'<data value="{shown["total"][figure]}" data-figure="{figure}">' in total


@pytest.mark.parametrize(("role", "status"), [("officer", 200), ("operator", 200), ("employer", 403)])
async def test_figures_are_for_those_who_may_read_them(nodes: Nodes, role: str, status: int) -> None:
    context = await nodes.open(SERVICE, "n430000")
    async with client_of(context, role) as client:
        assert (await client.get("/console/v1/province")).status_code == status


async def test_without_a_token_or_session_programs_get_401_as_a_problem(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n430000")
    async with browser(app_of(context)) as client:
        answer = await client.get("/console/v1/province")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_a_wrong_date_is_named(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n430000")
    async with client_of(context) as client:
        answer = await client.get("/console/v1/province", params={"as_of": "2017-02-30"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/as_of")
