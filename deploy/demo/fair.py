"""招聘会, a fair in a city: a county's people sign up, come and sign on the spot; the desk sends its queue in pieces and again, and the
host's node is killed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from uuid import uuid4

from deploy.demo.cast import Answer
from deploy.demo.desks import Desk, free_people, offered
from deploy.demo.introduce import CONSENT, LIST
from deploy.demo.story import Story, StoryBroken
from libs.common.node import Clock

HOSTED, FAIRS = "/jobs/v1/fairs", "/matching/v1/fairs"
SIGNED_UP, CAME, SIGNED, FIRMS = 36, 33, 30, 3


async def play(story: Story) -> None:
    """Entered by the host, heard by the county, and everything in the hall noted there by id."""
    county, city = story.counties[0], story.cities[-1]
    posts = await _posts(story, county, city)
    fair = await _enter(story, county, city, posts)
    people = await _come(story, county, fair)
    signed = await _sign(story, county, city, fair, people, posts)
    await _results(story, county, city, fair, signed)


async def _posts(story: Story, county: str, city: str) -> list[Answer]:
    """One post each of some firms, together with openings enough."""
    by_firm = {each["employer_uscc"]: each for each in await offered(story, county, city, least=SIGNED // FIRMS)}
    if len(by_firm) < FIRMS:
        raise StoryBroken(f"{len(by_firm)} firms of {city} have {SIGNED // FIRMS} openings left at one post")
    return list(by_firm.values())[:FIRMS]


async def _enter(story: Story, county: str, city: str, posts: Sequence[Answer]) -> str:
    """Place and day, the firms with their posts; opened, and the county has it with the same posts."""
    told = {"title": "湘粤劳务协作专场招聘会", "venue": "宝安体育馆", "day": str(Clock().today())}
    fair: str = (await story.post(city, HOSTED, told))["id"]
    for each in posts:
        booth = {"employer_uscc": each["employer_uscc"], "vacancies": [each["vacancy"]]}
        await story.post(city, f"{HOSTED}/{fair}/booths", booth)
    await story.post(city, f"{HOSTED}/{fair}/open")

    async def heard() -> bool:
        answer = await story.at(county).get(f"{FAIRS}/{fair}")
        return answer.status_code == 200 and answer.json()["state"] == "open" and len(answer.json()["firms"]) == FIRMS

    await story.eventually(heard, what="the fair with its firms at the county")
    there = {each["vacancy"] for each in await story.pages(county, f"{FAIRS}/{fair}/vacancies")}
    story.check_equal(
        "fair: the county sees the firms' posts that stand there", there, {each["vacancy"] for each in posts}
    )
    return fair


async def _come(story: Story, county: str, fair: str) -> list[str]:
    """Some sign up, most of them come; the host hears how many and nobody's id."""
    people = (await free_people(story, county))[:SIGNED_UP]
    if len(people) < SIGNED_UP:
        raise StoryBroken(f"{len(people)} people of {county} are free")
    up = await story.post(county, f"{FAIRS}/{fair}/sign-ups", {"people": people})
    came = await story.post(county, f"{FAIRS}/{fair}/arrivals", {"people": people[:CAME]})
    story.check_equal("fair: who signs up and who comes is noted", (up["done"], came["done"]), (SIGNED_UP, CAME))
    return people[:CAME]


async def _sign(
    story: Story, county: str, city: str, fair: str, people: Sequence[str], posts: Sequence[Answer]
) -> list[str]:
    """Thirty sign on the spot while the host's node is down; the queue goes out in pieces, and whole once more."""
    day = str(Clock().today())
    entries = [
        {"entry": str(uuid4()), "person": person, "vacancy": post["vacancy"], "consent": CONSENT, "on": day}
        for person, post in zip(people[:SIGNED], cycle(posts), strict=False)
    ]
    await story.lab.kill(city)
    answers = [await _send(story, county, fair, part) for part in (entries[:11], entries[7:], entries)]
    await story.lab.start(city)
    signed = {each["entry"]: each["introduction"] for answer in answers for each in answer["items"]}
    same = all(signed[each["entry"]] == each["introduction"] for answer in answers for each in answer["items"])
    mine = await story.pages(county, LIST, fair=fair)
    story.check(
        "fair: thirty sign on the spot, once, though the desk sends its queue in pieces and again",
        same and None not in signed.values() and len(mine) == len(set(signed.values())) == SIGNED,
        f"{len(mine)} introductions, {answers[-1]['done']} answered",
    )
    desk = Desk(story, county, city, posts[0], day)
    await desk.wait(list(signed.values()), "introduced")
    story.check("fair: each card is opened at the host, whose node was killed meanwhile", True, f"{len(signed)} cards")
    return list(signed.values())


async def _send(story: Story, county: str, fair: str, entries: Sequence[Answer]) -> Answer:
    answer: Answer = await story.post(county, f"{FAIRS}/{fair}/signings", {"entries": list(entries)})
    return answer


async def _results(story: Story, county: str, city: str, fair: str, signed: Sequence[str]) -> None:
    """By firm at both nodes alike; by township at home, as a number at the host."""

    async def told() -> tuple[Answer, Answer] | None:
        home, host = [await story.get(node, f"{FAIRS}/{fair}/results") for node in (county, city)]
        ready = _sum(host["by_origin"], "came") == CAME and _sum(host["by_firm"], "signed") == len(signed)
        return (home, host) if ready else None

    found = await story.eventually(told, what="the fair's numbers at its host")
    assert found is not None
    home, host = found
    firms = [{each["employer_uscc"]: each["signed"] for each in side["by_firm"]} for side in (home, host)]
    townships = {each["township"] for each in home["by_origin"]}
    numbers = [
        tuple(_sum(side["by_origin"], each) for each in ("signed_up", "came", "signed")) for side in (home, host)
    ]
    story.check_equal("fair: both nodes count the same by firm", firms[0], firms[1])
    story.check(
        "fair: the county counts its townships, the host has the number alone",
        numbers == [(SIGNED_UP, CAME, SIGNED)] * 2
        and len(townships) > 1
        and {each["township"] for each in host["by_origin"]} == {None},
        numbers,
    )


def _sum(rows: Sequence[Answer], name: str) -> int:
    return sum(row[name] for row in rows)
