"""精准识别, step 1 of the story: each county imports its people and the wishes of the quarter's visits; who can work, and why."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from python_calamine import CalamineWorkbook

from deploy.demo.cast import Answer
from deploy.demo.revealing import WHY
from deploy.demo.story import WAITING, Story, differences

IMPORTS, LABOURERS = "/registry/v1/imports", "/registry/v1/labourers"
_COUNTED = {
    "people": (
        "total_rows",
        "accepted",
        "refused",
        "flagged",
        "findings",
        "ignored_rows",
        "households",
        "labourers",
        "labourer_rows",
        "labourers_by_township",
        "not_labourers_by_reason",
        "labourers_by_work_place",
    ),
    "wishes": ("total_rows", "accepted", "refused", "flagged", "findings", "ignored_rows", "willing", "couples"),
}


async def play(story: Story) -> None:
    """The people's file, the rule over it, the wishes; refused rows come back, and a wrong file changes nothing."""
    for node in story.counties:
        people = await _import(story, node, "people")
        await _check_refused(story, node, people)
        await _check_identification(story, node, people)
        await _check_reasons(story, node, people)
        await _import(story, node, "wishes")
        await _check_repeated(story, node)
    await _check_wrong_file(story, story.counties[0])
    await _check_who_sees_what(story, story.counties[0])


async def _import(story: Story, node: str, kind: str) -> Answer:
    file, name = story.file(kind, node), story.places[node].name
    told: Answer = await story.upload(node, IMPORTS, file, kind=kind)
    truth = (story.truth or {}).get("files", {}).get(file.name)
    wrong = differences(told, truth, [key for key in _COUNTED[kind] if key in truth]) if truth else {}
    whole = told["accepted"] + told["refused"] == told["total_rows"] and told["added"] == told["accepted"]
    kept = await story.get(node, f"{IMPORTS}/{told['id']}")
    more = (
        f"{told['labourers']} labourers in {told['households']} households"
        if kind == "people"
        else f"{told['willing']} willing to leave"
    )
    detail = f"{told['accepted']} of {told['total_rows']} rows in, {told['flagged']} flagged, {told['refused']} refused; {more}"
    story.check(f"{name}: {kind} read as agreed", whole and kept == told and not wrong, wrong or detail)
    return told


async def _check_refused(story: Story, node: str, told: Answer) -> None:
    """Refused rows come back as an xlsx whose last column says why, in words and by code."""
    if not told["refused_rows"]:
        return
    workbook = await story.fetch(node, told["refused_rows"])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    reasons = [str(row[-1]) for row in rows[1:]]
    ok = rows[0][-1] == "退回原因" and len(reasons) == told["refused"] and all(reasons)
    story.check(
        f"{story.places[node].name}: refused people come back with a reason",
        ok,
        f"{len(reasons)} rows, e.g. {reasons[0] if reasons else ''}",
    )


async def _check_identification(story: Story, node: str, people: Answer) -> None:
    """The register judged on the file's day says what the import said, by township and by reason."""
    seen = await story.get(node, "/registry/v1/identification", as_of=people["as_of"])
    townships = {each["township"]: each["labourers"] for each in seen["townships"] if each["labourers"]}
    told = (people["accepted"], people["labourers"], people["not_labourers_by_reason"], people["labourers_by_township"])
    same = (seen["people"], seen["labourers"], seen["reasons"], townships) == told
    detail = f"rule {seen['rule']} as of {seen['as_of']}: {seen['labourers']} of {seen['people']} in {len(townships)} townships"
    story.check(f"{story.places[node].name}: identification by township and reason", same and seen["rule"], detail)


async def _check_reasons(story: Story, node: str, people: Answer) -> None:
    """Everybody has a verdict with its reasons; one yes and one no are read as an officer would."""
    rows = await story.pages(node, LABOURERS, as_of=people["as_of"])
    clear = all(row["labourer"] is not bool(row["reasons"]) for row in rows)
    both = [next((row for row in rows if row["labourer"] is wanted), None) for wanted in (True, False)]
    shown = [await story.get(node, f"{LABOURERS}/{row['id']}", as_of=people["as_of"]) for row in both if row]
    said = all(
        one["labourer"] == all(reason["holds"] for reason in one["identification"])
        and all(reason["zh"] and reason["en"] for reason in one["identification"])
        for one in shown
    )
    no = "; ".join(reason["zh"] for reason in shown[-1]["identification"] if not reason["holds"])
    story.check(
        f"{story.places[node].name}: a reason for every yes and no",
        clear and said and len(rows) == people["accepted"],
        f"{len(rows)} people; one no: {no}",
    )


async def _check_repeated(story: Story, node: str) -> None:
    """The same files once more: nothing new, nothing changed."""
    again = [await story.upload(node, IMPORTS, story.file(kind, node), kind=kind) for kind in ("people", "wishes")]
    done = [(each["added"], each["changed"], each["known"]) for each in again]
    expected = [(0, 0, each["accepted"]) for each in again]
    story.check_equal(f"{story.places[node].name}: imported again, a file changes nothing", done, expected)


async def _check_wrong_file(story: Story, node: str) -> None:
    """A letter that calls itself a workbook: a clear problem, and the register is as before."""
    before = (await story.get(node, "/registry/v1/identification"))["people"]
    files = {"file": ("people.xlsx", "这是一封信，不是表格。".encode())}
    answer = await story.at(node).post(IMPORTS, data={"kind": "people"}, files=files, headers=WAITING)
    problem: Mapping[str, Any] = answer.json()
    pointers = [error["pointer"] for error in problem.get("errors", [])]
    after = (await story.get(node, "/registry/v1/identification"))["people"]
    ok = answer.status_code == 422 and pointers == ["/file"] and before == after
    story.check(
        "a wrong file is a clear problem and changes nothing", ok, f"{answer.status_code} {problem.get('title')}"
    )


async def _check_who_sees_what(story: Story, node: str) -> None:
    """Masked to everybody; a cadre sees the own township; a name is told for a purpose, to who may, and never by a parameter."""
    first = (await story.get(node, LABOURERS, limit=1))["items"][0]
    township = first["township"]
    cadre = story.at(node, "cadre", regions=[f"{node[1:]}:{township}"])
    seen = (await cadre.get(LABOURERS, params={"limit": 200})).json()["items"]
    asked = [
        await story.at(node, role).post(f"{LABOURERS}/{first['id']}/reveal", json=why)
        for role, why in (("officer", WHY), ("officer", {}), ("auditor", WHY))
    ]
    nobody = await story.at(node, "officer", regions=["110000"]).get(LABOURERS)
    masked = "*" in first["name"] and first["number"][6:] == "*" * 12 and not first.keys() & {"birth_date", "age"}
    told = [answer.status_code for answer in asked] == [200, 422, 403] and asked[0].json()["name"][0] == first["name"][
        0
    ]
    ok = masked and told and {row["township"] for row in seen} == {township} and nobody.status_code == 403
    story.check(
        "names are masked, a cadre sees one township, strangers nothing", ok, f"{first['name']} {first['number']}"
    )
    stale = await story.at(node).patch(f"{LABOURERS}/{first['id']}", json={"phone": ""}, headers={"If-Match": '"v0"'})
    story.check("a correction on an old version is refused", stale.status_code == 412, stale.status_code)
