"""花垣的一天, a day at a county's desks: somebody is found and entered, a phone without a network, a file put right and taken back, papers."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
from stdnum.cn import ric

from deploy.demo.cast import Answer
from deploy.demo.day_pages import play_pages
from deploy.demo.story import WAITING, Story, StoryBroken
from libs.common.node import Clock

IMPORTS, LABOURERS, HOUSEHOLDS = "/registry/v1/imports", "/registry/v1/labourers", "/registry/v1/households"
SYNC, ROUNDS, DUPLICATES = "/registry/v1/sync", "/registry/v1/rounds", "/registry/v1/duplicates"
# Who is met on this day; nobody in the files is called so.
FOUND, HALF_BROTHER = "麻山月", "麻山风"


@dataclass(frozen=True)
class Day:
    """The county, the day, the office's village, and the household that is visited first."""

    story: Story
    node: str
    today: date
    household: Answer

    @property
    def place(self) -> dict[str, str]:
        return {"township": self.household["township"], "village": self.household["village"]}

    @property
    def cadre(self) -> httpx.AsyncClient:
        return self.story.at(self.node, "cadre", regions=[f"{self.node[1:]}:{self.place['township']}"])

    def number(self, born: str, order: int) -> str:
        """An identity number of the county that nobody has: the right check character, a day of birth, an order."""
        first = f"{self.node[1:]}{born}{order:03d}"
        return first + ric.calc_check_digit(first + "0")


async def play(story: Story) -> None:
    """The ten things of an officer's and a cadre's day over HTTP, then at the pages."""
    node = story.counties[0]
    household = (await story.get(node, HOUSEHOLDS, limit=1))["items"][0]
    day = Day(story, node, Clock().today(), household)
    person = await _enter(day)
    await _visit(day, person)
    await _round(day, person)
    await _phone(day, person)
    await _file(day)
    await _leave(day, person)
    await _twice(day, person)
    await play_pages(story, node, person["id"], FOUND)


async def _enter(day: Day) -> Answer:
    """Number first: a slip of the pen is told, then everything that follows from the number is filled in, once."""
    story, number = day.story, day.number("19900307", 661)
    slip = number[:-1] + ("1" if number[-1] != "1" else "2")
    wrong = await story.post(day.node, f"{LABOURERS}/checks", {"number": slip})
    right = await story.post(day.node, f"{LABOURERS}/checks", {"number": number})
    card = {"number": number, "name": FOUND, "kinship": "其他", "education": "初中", "ability": "普通劳动力"}
    body = {**card, "household": day.household["id"], "on": str(day.today), "confirmed": True}
    person: Answer = await story.post(day.node, LABOURERS, body)
    again = await story.at(day.node).post(LABOURERS, json=body)
    said = (wrong["valid"], right["valid"], right["birth_date"], again.status_code)
    story.check_equal("a day: somebody found is entered once, number first", said, (False, True, "1990-03-07", 409))
    found = await story.post(day.node, f"{LABOURERS}/searches", {"q": FOUND})
    story.check_equal("a day: she is found by her name", [each["id"] for each in found["items"]], [person["id"]])
    return person


async def _visit(day: Day, person: Answer) -> None:
    """She would go: the wish of a visit stands in her history beside how she was entered."""
    wish = {"willing": True, "destinations": ["440300"], "wage_expected": 4200}
    visit = {"on": str(day.today), "found": "changed", "wish": wish}
    await day.story.post(day.node, f"{LABOURERS}/{person['id']}/visits", visit)
    future = {**visit, "on": str(day.today.replace(year=day.today.year + 1))}
    refused = await day.story.at(day.node).post(f"{LABOURERS}/{person['id']}/visits", json=future)
    history = await day.story.pages(day.node, f"{LABOURERS}/{person['id']}/history")
    ok = refused.status_code == 422 and len(history) >= 2
    day.story.check(
        "a day: a visit with a wish is kept, one of a day to come is refused", ok, f"{len(history)} changes"
    )


async def _round(day: Day, person: Answer) -> None:
    """The quarter's round: listed in the background, one press settles whom nothing has changed for, and once."""
    story, quarter = day.story, f"{day.today.year}Q{(day.today.month + 2) // 3}"
    made = await story.post(day.node, ROUNDS, {"kind": "quarter", "period": quarter})
    path = f"{ROUNDS}/{made['id']}"

    async def listed() -> bool:
        return bool((await story.get(day.node, path))["state"] == "open")

    await story.eventually(listed, what="the round's list is drawn up")
    before = (await story.get(day.node, f"{path}/progress"))["total"]
    waiting = await story.pages(day.node, f"{path}/labourers", state="open", **day.place)
    one = f"{path}/labourers/{waiting[0]['person']}/no-change"
    for _ in range(2):
        await story.post(day.node, one, {"on": str(day.today)})
    after = (await story.get(day.node, f"{path}/progress"))["total"]
    seen = (after["settled"] - before["settled"], after["settled"] + after["open"] + after["left"])
    story.check_equal("a day: a round's press settles somebody once", seen, (1, after["listed"]))


async def _twice(day: Day, person: Answer) -> None:
    """Somebody entered twice with two numbers: both side by side, one person, and two again."""
    story, number = day.story, day.number("19900307", 664)
    card = {"number": number, "name": FOUND, "kinship": "其他", "education": "高中", "ability": "普通劳动力"}
    body = {**card, "household": day.household["id"], "on": str(day.today), "confirmed": True}
    asked = await story.at(day.node).post(LABOURERS, json={**body, "confirmed": False})
    again = await story.post(day.node, LABOURERS, body)
    pair = await story.post(day.node, DUPLICATES, {"one": person["id"], "other": again["id"]})
    path = f"{DUPLICATES}/{pair['id']}"
    shown = await story.at(day.node).get(path)
    same = {"decision": "same", "stays": person["id"], "taken": [], "on": str(day.today)}
    decided = await story.at(day.node).post(f"{path}/decision", json=same, headers={"If-Match": shown.headers["etag"]})
    gone = await story.at(day.node).get(f"{LABOURERS}/{again['id']}")
    undo = {"reason": "实为两人", "on": str(day.today)}
    await story.post(day.node, f"/registry/v1/merges/{decided.json()['merge']}/undo", undo)
    back = await story.at(day.node).get(f"{LABOURERS}/{again['id']}")
    seen = (asked.status_code, decided.status_code, gone.status_code, back.status_code)
    story.check_equal("a day: two records become one and two again", seen, (409, 200, 410, 200))


async def _phone(day: Day, person: Answer) -> None:
    """Both write the same field while the phone is away: nothing is lost, and somebody decides."""
    story, path = day.story, f"{LABOURERS}/{person['id']}"
    base = int((await day.cadre.get(path)).headers["etag"].strip('"v'))
    await story.patch(day.node, path, {"education": "高中", "on": str(day.today)})
    said = [_correct(person, base, day, {"education": "大专"}), _correct(person, base, day, {"phone": "15400000662"})]
    sent = {"today": str(day.today), "mutations": said}
    answers = [(await _push(day, sent)), (await _push(day, sent))]
    states = [[one["state"] for one in answer] for answer in answers]
    repeated = [one["repeated"] for one in answers[1]]
    story.check_equal("a day: a phone's changes count once", (states[0] == states[1], repeated), (True, [True, True]))
    conflict = f"{SYNC}/conflicts/{answers[0][0]['conflict']}"
    shown = await day.cadre.get(conflict)
    decision = {"decision": "mine"}
    decided = await day.cadre.post(f"{conflict}/decision", json=decision, headers={"If-Match": shown.headers["etag"]})
    now = await story.get(day.node, path)
    seen = (decided.status_code, now["education"])
    story.check_equal("a day: a contradiction waits with both values until it is decided", seen, (200, "大专"))


def _correct(person: Answer, base: int, day: Day, facts: Mapping[str, str]) -> Answer:
    mutation = {"kind": "correct", "id": str(uuid.uuid4()), "person": person["id"], "base": base}
    return {**mutation, "on": str(day.today), "facts": dict(facts)}


async def _push(day: Day, sent: Answer) -> list[Answer]:
    answer = await day.cadre.post(SYNC, json=sent)
    if answer.status_code != 200:
        raise StoryBroken(f"POST {SYNC}: {answer.status_code} {answer.text[:300]}")
    told: list[Answer] = answer.json()["answers"]
    return told


async def _file(day: Day) -> None:
    """A village's sheet with a slip in it: the good row is in, the bad one comes back, is put right in place, and all is taken back."""
    story = day.story
    good, other = day.number("19880811", 662), day.number("19850202", 663)
    first = await _send(day, [_row(day, good, "户主"), _row(day, other[:-1] + "?", "其他")])
    path = f"{IMPORTS}/{first['id']}"
    [back] = (await story.get(day.node, f"{path}/refused"))["items"]
    right = {"rows": [{"row": back["row"], "values": {"证件号码": other}}]}
    given = await story.post(day.node, f"{path}/refused", right, headers=WAITING)
    whole = await story.get(day.node, path)
    told = (first["refused"], given["answers"], whole["accepted"], whole["open_refused"])
    story.check_equal("a day: a refused row is put right", told, (1, {str(back["row"]): "stored"}, 2, 0))
    undone = await story.post(day.node, f"{path}/undo", headers=WAITING)
    gone = await story.post(day.node, f"{LABOURERS}/searches", {"q": HALF_BROTHER})
    said = (undone["removed"], undone["kept"], gone["items"])
    story.check_equal("a day: an import is taken back whole", said, (2, [], []))


def _row(day: Day, number: str, kinship: str) -> dict[str, str]:
    return {
        "乡": day.place["township"],
        "村": day.place["village"],
        "户编号": "990661",
        "姓名": HALF_BROTHER,
        "性别": "",
        "出生日期": "",
        "证件号码": number,
        "与户主关系": kinship,
        "文化程度": "初中",
        "在校生状况": "",
        "劳动技能": "普通劳动力",
        "务工时间（月）": "",
        "健康状况": "健康",
        "务工所在地": "",
    }


async def _send(day: Day, rows: Sequence[Mapping[str, str]]) -> Answer:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    files = {"file": ("新增.csv", text.getvalue().encode("utf-8-sig"))}
    told: Any = await day.story.send(day.node, IMPORTS, files, kind="people", as_of=str(day.today))
    return dict(told)


async def _leave(day: Day, person: Answer) -> None:
    """She moves away: gone from the list, not from the history; and comes back."""
    story, path = day.story, f"{LABOURERS}/{person['id']}"
    await story.post(day.node, f"{path}/departures", {"way": "moved_out", "on": str(day.today)})
    gone = await story.post(day.node, f"{LABOURERS}/searches", {"q": FOUND})
    await story.post(day.node, f"{path}/returns", {"kind": "came_back", "on": str(day.today)})
    back = await story.post(day.node, f"{LABOURERS}/searches", {"q": FOUND})
    seen = (len(gone["items"]), len(back["items"]))
    story.check_equal("a day: who moves away leaves the lists and may come back", seen, (0, 1))
