"""Lists of people on real PostgreSQL: each filter shows just those of whom it holds, in the order asked for, and is counted the same."""

from __future__ import annotations

import io
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from services.registry.app import SERVICE
from tests.integration.registry.files import a_file, a_row, listed, send, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

DAY = "2017-03-31"
Person = dict[str, Any]


def has_phone(one: Person) -> bool:
    return bool(one["phone"] or one["household_phone"])


def not_visited(one: Person) -> bool:
    return one["visited"] is None or one["visited"] < "2017-02-15"


HOLDS: dict[str, dict[str, Callable[[Person], bool]]] = {
    "labourer": {"true": lambda one: one["labourer"], "false": lambda one: not one["labourer"]},
    "employed": {"true": lambda one: one["employed"], "false": lambda one: not one["employed"]},
    "willing": {
        "true": lambda one: one["willing"] is True,
        "false": lambda one: one["willing"] is False,
        "none": lambda one: one["willing"] is None,
    },
    "visited_before": {"2017-02-15": not_visited},
    "no_phone": {"true": lambda one: not has_phone(one), "false": has_phone},
    "group": {
        name: lambda one, name=name: name in one["groups"]  # type: ignore[misc]
        for name in ("disabled", "older_or_low_schooled", "zero_employment")
    },
    "township": {"花垣镇": lambda one: one["township"] == "花垣镇"},
}


async def counted(client: httpx.AsyncClient, **params: str) -> int:
    answer = await client.get("/registry/v1/labourers/counts", params={"as_of": DAY, **params})
    return int(answer.json()["people"])


@pytest.fixture
async def county(nodes: Nodes) -> Any:
    """The sample county with its wishes."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        for kind in ("people", "wishes"):
            (await send(client, kind)).raise_for_status()
        yield client


async def test_each_filter_shows_just_those_of_whom_it_holds_and_counts_them(county: httpx.AsyncClient) -> None:
    everybody = await listed(county, as_of=DAY)
    assert await counted(county) == len(everybody)
    for name, values in HOLDS.items():
        for value, holds in values.items():
            shown = await listed(county, as_of=DAY, **{name: value})
            assert [one["id"] for one in shown] == [one["id"] for one in everybody if holds(one)], (name, value)
            assert await counted(county, **{name: value}) == len(shown)
    assert Counter(one["willing"] for one in everybody).keys() == {True, False, None}


async def test_a_household_is_one_of_zero_transfer_while_nobody_of_it_who_could_works(
    county: httpx.AsyncClient,
) -> None:
    """Computed from the members, on the day that is asked for; one that somebody said to have no work may be another."""
    everybody, homes = await listed(county, as_of=DAY), dict[str, list[bool]]()
    for one in everybody:
        if one["labourer"]:
            homes.setdefault(one["household"], []).append(one["employed"])
    meant = [one["id"] for one in everybody if one["household"] in homes and not any(homes[one["household"]])]
    shown = await listed(county, as_of=DAY, group="zero_transfer")
    assert [one["id"] for one in shown] == meant != []
    assert await counted(county, group="zero_transfer") == len(meant)
    assert len(meant) < len(everybody)


async def test_filters_hold_together_with_each_other_and_with_a_search(county: httpx.AsyncClient) -> None:
    asked = {"labourer": "true", "employed": "false", "willing": "true", "township": "花垣镇"}
    everybody = await listed(county, as_of=DAY)
    meant = [one["id"] for one in everybody if all(HOLDS[name][value](one) for name, value in asked.items())]
    assert [one["id"] for one in await listed(county, as_of=DAY, **asked)] == meant != []
    assert await counted(county, **asked) == len(meant)
    named = [one["id"] for one in everybody if one["id"] in meant and one["name"] == "石**"]
    assert set(named) <= {one["id"] for one in await listed(county, as_of=DAY, q="石", **asked)} <= set(meant)
    home = everybody[0]["household"]
    same = [one["id"] for one in everybody if one["household"] == home]
    assert [one["id"] for one in await listed(county, household=home)] == same


@pytest.mark.parametrize("sort", ["entry", "place", "visited"])
async def test_every_order_holds_everybody_once_page_by_page(county: httpx.AsyncClient, sort: str) -> None:
    pages = await listed(county, as_of=DAY, sort=sort, limit=67)
    keys = {
        "entry": [one["id"] for one in pages],
        "place": [(one["township"], one["village"], one["id"]) for one in pages],
        "visited": [(one["visited"] or "", one["id"]) for one in pages],
    }
    assert len({one["id"] for one in pages}) == len(pages) == await counted(county)
    if sort != "place":  # places are in the order of the database
        assert keys[sort] == sorted(keys[sort])
    places = [(one["township"], one["village"]) for one in pages]
    assert sort != "place" or len([1 for a, b in itertools.pairwise(places) if a != b]) + 1 == len(set(places))


async def test_the_countys_figures_leave_as_a_workbook_with_their_sums(county: httpx.AsyncClient) -> None:
    told = (await county.get("/registry/v1/villages", params={"as_of": DAY})).json()["townships"]
    answer = await county.get("/registry/v1/villages.xlsx", params={"as_of": DAY})
    assert answer.status_code == 200, answer.text
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[2:]
    people = head.index("人数")
    assert len(rows) == sum(len(each["villages"]) + 1 for each in told) + 1
    assert {row[0]: row[people] for row in rows if row[1] == "合计"} == {
        **{each["township"]: each["people"] for each in told},
        "全县": sum(each["people"] for each in told),
    }


async def test_villages_in_figures_are_those_of_the_list(county: httpx.AsyncClient) -> None:
    told = (await county.get("/registry/v1/villages", params={"as_of": DAY})).json()
    everybody = await listed(county, as_of=DAY)
    people = Counter((one["township"], one["village"]) for one in everybody)
    labourers = [one for one in everybody if one["labourer"]]
    shown = {(each["township"], one["village"]): one for each in told["townships"] for one in each["villages"]}
    assert {place: one["people"] for place, one in shown.items()} == people
    for place, one in shown.items():
        own = [each for each in labourers if (each["township"], each["village"]) == place]
        known = {
            "with_phone": sum(map(has_phone, own)),
            "with_ability": sum(bool(each["ability"]) for each in own),
            "with_education": sum(bool(each["education"]) for each in own),
            "with_wish": sum(each["willing"] is not None for each in own),
        }
        assert {name: one[name] for name in known} == known
        assert one["employed"] == sum(each["employed"] for each in own)
        assert one["completeness"] == (round(sum(known.values()) / (4 * len(own)), 4) if own else None)
        homes = {each["household"] for each in everybody if (each["township"], each["village"]) == place}
        assert one["households"] == len(homes)


async def test_a_cadre_counts_the_own_township_alone(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    rows = a_file(a_row(a_number()), a_row(a_number(order="003"), "吴老二", 乡="边城镇", 户编号="430002"))
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        await send_bytes(client, rows, "a.csv")
        assert (await counted(client), await counted(cadre)) == (2, 1)
        told = (await cadre.get("/registry/v1/villages")).json()
        unknown = await cadre.get("/registry/v1/labourers/counts", params={"township": "花垣镇"})
    assert [each["township"] for each in told["townships"]] == ["边城镇"]
    assert unknown.status_code == 422
