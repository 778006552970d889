"""两张清单, step 2 of the story: cities enter what employers offer, counties state what people seek, both see both."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import Any

from python_calamine import CalamineWorkbook

from deploy.demo.cast import Answer
from deploy.demo.story import Story, at_once, differences
from libs.common.codes.occupations import find_industry, general_group, industries
from libs.common.codes.wages import minimum_wage

SHEETS_HOLD_ON = "2017-03-31"
ASKED_ON = "2017-04-05"
LATEST_START = "2017-06-30"
_COUNTED = {
    "employers": ("total_rows", "accepted", "findings", "designated", "bases"),
    "vacancies": ("total_rows", "accepted", "findings", "vetted", "openings_vetted"),
}
# What officers hear when they ask the employers: words of the post -> what the work demands, or a certificate it needs.
_DEMANDS = {
    "装卸": ["lifting"],
    "贴片": ["fine_vision"],
    "焊锡": ["fine_vision"],
    "镶石": ["fine_vision"],
    "质检": ["fine_vision"],
    "品检": ["fine_vision"],
    "冲压": ["noise"],
    "抛光": ["noise"],
    "丝印": ["chemicals"],
    "服务员": ["hearing", "standing"],
    "传菜": ["standing"],
    "保安": ["hearing", "night"],
    "门卫": ["hearing"],
    "叉车": ["hearing"],
    "月嫂": ["hearing", "night"],
    "绿化": ["heights"],
}
_CERTIFICATES = {"叉车": ["forklift"], "焊工": ["welding"], "水电": ["electrician"], "养老护理": ["elderly_care"]}
_SITTING = ("缝纫", "首饰", "镶石", "贴片", "手工", "车位", "品检", "质检", "宿舍管理")


async def play(story: Story) -> None:
    """Enter and vet what the cities offer, add what their sheets lack, and see both lists where people use them."""
    for node in story.cities:
        await _enter_sheets(story, node)
    await asyncio.gather(*(_ask_employers(story, node) for node in story.cities))
    story.cast.vacancies = {
        node: await story.pages(node, "/jobs/v1/vacancies", state="vetted") for node in story.cities
    }
    await _check_names_are_known(story)
    await _check_supply(story)
    await _check_demand(story)


async def _enter_sheets(story: Story, node: str) -> None:
    name = story.places[node].name
    for kind in ("employers", "vacancies"):
        file = story.file(kind, node)
        told = await story.upload(node, "/jobs/v1/imports", file, kind=kind, as_of=SHEETS_HOLD_ON)
        truth = (story.truth or {}).get("files", {}).get(file.name)
        wrong = differences(told, truth, [key for key in _COUNTED[kind] if key in truth]) if truth else {}
        whole = told["accepted"] + told["refused"] == told["total_rows"]
        story.check(f"{name}: {kind} read as agreed", whole and not wrong, wrong or _summary(told))
        if told["refused_rows"]:
            await _check_refused(story, node, told)
    await _check_vetting(story, node)


def _summary(told: Mapping[str, Any]) -> str:
    offered = (
        f", {told['vetted']} vetted with {told['openings_vetted']} openings" if told["kind"] == "vacancies" else ""
    )
    return f"{told['accepted']} of {told['total_rows']} rows in, {told['flagged']} flagged{offered}"


async def _check_refused(story: Story, node: str, told: Mapping[str, Any]) -> None:
    workbook = await story.fetch(node, told["refused_rows"])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    reasons = [str(row[-1]) for row in rows[1:]]
    ok = rows[0][-1] == "退回原因" and len(reasons) == told["refused"] and all(reasons)
    story.check(f"{story.places[node].name}: refused {told['kind']} come back with a reason", ok, sorted(set(reasons)))


async def _check_vetting(story: Story, node: str) -> None:
    """Nothing offered is under the local minimum; whatever is not offered says why and by which law."""
    vacancies = await story.pages(node, "/jobs/v1/vacancies")
    minimum = minimum_wage(node[1:]) or 0
    low = [
        each["title"]
        for each in vacancies
        if each["state"] == "vetted" and each["wage"] is not None and each["wage"] < minimum
    ]
    refused = [each for each in vacancies if each["state"] == "refused"]
    mute = [
        each["title"] for each in refused if not each["reasons"] or not all(reason["law"] for reason in each["reasons"])
    ]
    codes = sorted({reason["code"] for each in refused for reason in each["reasons"]})
    story.check(
        f"{story.places[node].name}: vetting refuses with reasons",
        not low and not mute,
        low or mute or f"{len(refused)}: {codes}",
    )


async def _ask_employers(story: Story, node: str) -> None:
    """Officers add what the sheet lacks: latest start, demands, certificates, accommodations, a group the title does not give."""
    designated = {each["uscc"] for each in await story.pages(node, "/jobs/v1/employers", designated=True)}
    vacancies = await story.pages(node, "/jobs/v1/vacancies", state="vetted")

    async def add(vacancy: Answer) -> None:
        terms = _heard(vacancy, vacancy["employer_uscc"] in designated or not designated)
        await story.patch(node, f"/jobs/v1/vacancies/{vacancy['id']}", terms)

    await at_once(add, vacancies)
    now = await story.pages(node, "/jobs/v1/vacancies", state="vetted")
    ready = [each for each in now if each["occupation"] and each["starts_by"] == LATEST_START]
    signing = sum("sign_language" in each["accommodations"] for each in now)
    detail = f"{len(ready)} of {len(now)}, {signing} with sign language"
    story.check(f"{story.places[node].name}: officers add what the sheets lack", now and len(ready) == len(now), detail)


def _heard(vacancy: Mapping[str, Any], designated: bool) -> Answer:
    title, shift = vacancy["title"], vacancy["shift"]
    demands = [name for word, names in _DEMANDS.items() if word in title for name in names]
    demands += ["night"] if "三班" in shift else []
    trade = find_industry(vacancy["industry"])
    return {
        "starts_by": LATEST_START,
        "on": ASKED_ON,
        "demands": sorted(set(demands)),
        "occupation": vacancy["occupation"] or (industries()[trade] if trade else general_group()),
        "certificates": [name for word, names in _CERTIFICATES.items() if word in title for name in names],
        "accommodations": _provided(title, shift, designated),
        "experience_points": 5 if vacancy["occupation"] != general_group() else 0,
    }


def _provided(title: str, shift: str, designated: bool) -> list[str]:
    """定点接收单位 have somebody who signs and a way without steps; sitting and quiet are a matter of the work."""
    sitting = any(word in title for word in _SITTING)
    given = {
        "sign_language": designated,
        "wheelchair": designated and sitting,
        "seated": sitting,
        "quiet": sitting and "三班" not in shift,
    }
    return [name for name, holds in given.items() if holds]


async def _check_names_are_known(story: Story) -> None:
    node, vacancy = next((node, offered[0]["id"]) for node, offered in story.cast.vacancies.items() if offered)
    answer = await story.at(node).get(f"/jobs/v1/vacancies/{vacancy}")
    refused = await story.at(node).patch(
        f"/jobs/v1/vacancies/{vacancy}",
        json={"demands": ["standing", "flying"]},
        headers={"If-Match": answer.headers["etag"]},
    )
    pointers = [error["pointer"] for error in refused.json().get("errors", [])]
    story.check(
        "a name that no list knows is refused by pointer",
        refused.status_code == 422 and pointers == ["/demands/1"],
        pointers,
    )


async def _check_supply(story: Story) -> None:
    """Every county sees every vetted vacancy of every city, as the city knows it now."""
    offered = [each for vacancies in story.cast.vacancies.values() for each in vacancies if each["openings_left"] > 0]
    expected = {each["id"]: _as_seen(each) for each in offered}
    for node in story.counties:

        async def arrived(node: str = node) -> dict[str, tuple[Any, ...]]:
            items = await story.pages(node, "/matching/v1/supply")
            seen = {each["vacancy"]: _as_seen(each) for each in items if f"n{each['city']}" in story.cities}
            return seen if seen == expected else {}

        seen = await story.eventually(arrived, what=f"the supply list at {node}")
        openings = sum(each["openings_left"] for each in offered)
        story.check(
            f"{story.places[node].name} sees what the cities offer", seen, f"{len(seen)} vacancies, {openings} openings"
        )


def _as_seen(vacancy: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        vacancy["openings_left"],
        vacancy["starts_by"],
        vacancy["occupation"],
        tuple(vacancy["accommodations"]),
        tuple(vacancy["demands"]),
    )


async def _check_demand(story: Story) -> None:
    """What each county states of its people has reached the cities and the province, as counts alone."""

    async def agreed() -> Answer:
        own = {node[1:]: (await _statements_at(story, node)).get(node[1:]) for node in story.counties}
        listed = {node[1:]: await _count_seekers(story, node) for node in story.counties}
        if listed != {node[1:]: await _count_willing(story, node) for node in story.counties}:
            return {}  # what the register has told is still on its way
        if any(stated is None or stated["people"] != listed[county] for county, stated in own.items()):
            return {}
        seen = [await _statements_at(story, node) for node in [*story.cities, story.province]]
        return own if all({county: each.get(county) for county in own} == own for each in seen) else {}

    stated = await story.eventually(agreed, what="the demand lists of the counties at all their partners")
    sums = [
        sum(each[counts].values()) == each["people"]
        for each in stated.values()
        for counts in ("by_occupation", "by_wage")
    ]
    detail = ", ".join(f"{story.places['n' + county].name} {each['people']} people" for county, each in stated.items())
    story.check("the counties' demand is known to all as counts", all(sums), detail)
    strangers = [
        node for node in [*story.cities, story.province] if (await story.get(node, "/matching/v1/demand"))["people"]
    ]
    story.check(
        "nobody but the county sees who seeks", not strangers, strangers or "counts only at cities and province"
    )


async def _statements_at(story: Story, node: str) -> Answer:
    return {each["county"]: each for each in (await story.get(node, "/matching/v1/demand"))["items"]}


async def _count_willing(story: Story, node: str) -> int:
    """Labourers who would leave, as the register has them."""
    rows = await story.pages(node, "/registry/v1/labourers", labourer="true")
    return sum(bool(row["willing"]) for row in rows)


async def _count_seekers(story: Story, node: str) -> int:
    """How many people a county's own officer sees on the list."""
    people = 0
    after: dict[str, str] = {}
    while True:
        page = await story.get(node, "/matching/v1/demand", limit=200, **after)
        people += len(page["people"])
        if page["next"] is None:
            return people
        after = {"after": page["next"]}
