"""精准稳岗, step 5 of the story: work begins, is verified and paid; one is moved to another post, one comes home.

Uses `hired` of the step before; leaves in `cast`: `kept` (spells begun, as the city shows them), `left` (introductions
of the one who moved and the one who came home).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import httpx

from deploy.demo import verification
from deploy.demo.cast import Answer, Spell
from deploy.demo.needs import seekers
from deploy.demo.story import Story, StoryBroken, at_once
from libs.common.codes.wages import minimum_wage

BEGAN_ON = "2017-05-08"
MONTHS = ("2017-05", "2017-06", "2017-07")
NOTICE = {"on": "2017-06-26", "last_day": "2017-07-05", "reason": "order_shortfall"}
OFFERED_ON, MOVED_ON, TOO_LATE = "2017-06-27", "2017-07-06", "2017-06-29"
HOME = {"end": "2017-07-14", "reason": "family", "returned_home": True}
FIRST_MONTH, THIRD_MONTH = "2017-06-30", "2017-08-31"
PAID_AT_MOST = 12


async def play(story: Story) -> None:
    """Spells over a spring and a summer: every fact has its own date, entered where it is known."""
    hired = story.cast.hired
    if len(hired) < 4:
        raise StoryBroken(f"only {len(hired)} people were hired: nobody could move, come home, be silent and stay")
    before = await verification.tasks(story, story.counties, verification.QUARTER)
    kept = story.cast.kept = await _begin(story, hired)
    await _check_home_knows(story, kept)
    await verification.check_moved(story, kept, before)
    moved, returned, silent = _choose(story, kept)
    await _pay(story, sorted((spell for spell in kept if spell is not returned), key=near_home)[:PAID_AT_MOST])
    await verification.answer_all(story, kept, silent)
    await _give_notice(story, moved)
    await _transfer(story, moved)
    await _come_home(story, returned)
    story.cast.left = {moved["introduction"], returned["introduction"]}
    await verification.check_next_quarter(story, kept, returned)
    await _check_rates(story, len(kept))


# --- work begins -------------------------------------------------------------------------------------------------------


async def _begin(story: Story, hired: list[Answer]) -> list[Spell]:
    """Each employer says when its people have begun; repeating the request begins nothing twice."""
    spells: list[Spell] = await at_once(lambda each: _begin_one(story, each), hired)
    again = await _begin_one(story, hired[0])
    begun = [spell for node in story.cities for spell in await story.pages(node, "/retention/v1/spells", open="true")]
    whole = {spell["id"] for spell in spells} == {spell["id"] for spell in begun}
    story.check(
        "everybody hired has begun to work, once", whole and again["id"] == spells[0]["id"], f"{len(spells)} spells"
    )
    return spells


def employer_of(story: Story, job: Answer) -> httpx.AsyncClient:
    """The employer's own door; an officer acts for a firm whose credit code nobody has stated."""
    firm = job["employer_uscc"]
    return story.at(f"n{job['city']}", "employer", organisation=firm) if firm else story.at(f"n{job['city']}")


async def _begin_one(story: Story, hired: Answer) -> Spell:
    employer = employer_of(story, hired)
    wage = hired["wage"] or minimum_wage(hired["city"]) or 0  # 面议: what was agreed in the end is at least the minimum
    body = {"introduction": hired["id"], "start": BEGAN_ON, "wage_fen": wage * 100}

    async def begin() -> Spell | None:
        answer = await employer.post(
            "/retention/v1/spells", json=body, headers={"Idempotency-Key": f"begin-{hired['id']}"}
        )
        if answer.status_code in (404, 409):  # the city's own news of the hire has not arrived yet
            return None
        if answer.status_code != 201:
            raise StoryBroken(f"start: {answer.status_code} {answer.text[:300]}")
        return dict(answer.json())

    spell = await story.eventually(begin, what="a spell for somebody hired")
    assert spell is not None
    return spell


async def _check_home_knows(story: Story, kept: list[Spell]) -> None:
    """The county's copy of every spell names the person, and its registry has the new situation."""

    async def told() -> list[Spell]:
        copies = [
            spell for node in story.counties for spell in await story.pages(node, "/retention/v1/spells", open="true")
        ]
        whole = {spell["id"] for spell in copies} == {spell["id"] for spell in kept} and all(
            spell["person"] for spell in copies
        )
        return copies if whole else []

    copies = await story.eventually(told, what="every spell known at home")
    strangers = any(spell["person"] for spell in kept)
    story.check(
        "the home county knows each spell and the person, the city a guest", not strangers, f"{len(copies)} reported"
    )
    story.cast.people = {spell["introduction"]: spell["person"] for spell in copies}

    async def employed() -> bool:
        some = [await _labourer(story, copy) for copy in copies[:: max(1, len(copies) // 5)]]
        return all(person["employed"] for person in some)

    story.check(
        "the county's register has them in work", await story.eventually(employed, what="the register's situation")
    )


async def _labourer(story: Story, spell: Spell) -> Answer:
    person = story.cast.people.get(spell["introduction"]) or spell["person"]
    labourer: Answer = await story.get(f"n{spell['county']}", f"/registry/v1/labourers/{person}")
    return labourer


# --- wages, notice, transfer -------------------------------------------------------------------------------------------


def _choose(story: Story, kept: list[Spell]) -> tuple[Spell, Spell, Spell]:
    """Somebody who will have to move, somebody who comes home, somebody who cannot be reached; the special ones stay."""
    special = story.cast.special
    free = [spell for spell in kept if spell["introduction"] not in special]
    chosen = (free if len(free) >= 3 else kept)[:3]
    return chosen[0], chosen[1], chosen[2]


def near_home(spell: Spell) -> bool:
    """Whether the work is in the person's own province; who went farther is paid first, since a subsidy may follow."""
    return bool(spell["city"][:2] == spell["county"][:2])


async def _pay(story: Story, spells: list[Spell]) -> None:
    """Lines of wages for three months; a month before the work began is refused."""

    async def pay(spell: Spell) -> None:
        for month in MONTHS:
            wage = {"month": month, "amount_fen": spell["wage_fen"], "evidence": "wage_line"}
            await story.post(f"n{spell['city']}", f"/retention/v1/spells/{spell['id']}/wages", wage)

    await at_once(pay, spells)
    city, path = f"n{spells[0]['city']}", f"/retention/v1/spells/{spells[0]['id']}"
    shown = await story.get(city, path)
    early = {"month": "2017-01", "amount_fen": 1, "evidence": "worker"}
    refused = await story.at(city).post(f"{path}/wages", json=early)
    recorded = [(wage["month"], wage["evidence"]) for wage in shown["wages"]] == [
        (month, "wage_line") for month in MONTHS
    ]
    story.check(
        "wages are recorded month by month with their evidence",
        recorded and refused.status_code == 422,
        f"{len(spells)} people",
    )


async def _give_notice(story: Story, moved: Spell) -> None:
    """The employer's notice starts the clock; on each day one can see where it stands."""
    city = f"n{moved['city']}"
    answer = await employer_of(story, moved).post(f"/retention/v1/spells/{moved['id']}/notice", json=NOTICE)
    seen = {day: await _risk(story, city, moved, day) for day in (NOTICE["on"], TOO_LATE)}
    states = [(risk["state"], risk["hours_left"]) for risk in seen.values() if risk]
    ok = answer.status_code == 201 and states == [("open", 48), ("overdue", -24)]
    story.check("a notice starts a 48-hour clock, and who is late is seen", ok, states or answer.text[:200])


async def _risk(story: Story, city: str, spell: Spell, day: str) -> Answer | None:
    risks = await story.pages(city, "/retention/v1/risks", as_of=day)
    return next((risk for risk in risks if risk["spell"] == spell["id"]), None)


async def _transfer(story: Story, moved: Spell) -> None:
    """转岗不返乡: a vetted vacancy of another employer in the same city is taken before anyone goes home."""
    city = f"n{moved['city']}"
    vacancy = await _another_post(story, city, moved)
    taken = {"vacancy": vacancy["id"], "on": OFFERED_ON, "start": MOVED_ON, "wage_fen": vacancy["wage"] * 100}
    new = await story.post(city, f"/retention/v1/spells/{moved['id']}/transfer", taken)
    risk = await _risk(story, city, moved, MOVED_ON)
    in_time = risk is not None and (risk["state"], risk["answer"], risk["answer_spell"]) == (
        "answered",
        "transferred",
        new["id"],
    )
    story.check(
        "a vetted vacancy in the same city is taken within the clock",
        in_time,
        f"{vacancy['title']}, {vacancy['employer_name']}",
    )
    await _check_linked(story, moved)
    await _check_taken(story, city, vacancy)


async def _check_linked(story: Story, moved: Spell) -> None:
    async def linked() -> bool:
        chain = await story.pages(f"n{moved['county']}", "/retention/v1/spells", introduction=moved["introduction"])
        return [(spell["reason"], spell["previous"]) for spell in chain] == [("transfer", None), (None, moved["id"])]

    story.check(
        "the county sees both spells, linked", await story.eventually(linked, what="the transfer known at home")
    )


async def _check_taken(story: Story, city: str, vacancy: Answer) -> None:
    async def counted() -> bool:
        seen = await story.get(city, f"/jobs/v1/vacancies/{vacancy['id']}")
        return bool(seen["openings_left"] == vacancy["openings_left"] - 1)

    ok = await story.eventually(counted, what="the new post's openings left")
    story.check("the transfer takes one opening of the new post", ok, f"{vacancy['openings_left'] - 1} left")


async def _another_post(story: Story, city: str, moved: Spell) -> Answer:
    """Of the posts of other employers, one of the same occupation if there is one; then the best paid."""
    offered = await story.pages(city, "/jobs/v1/vacancies", state="vetted")
    others = [
        each
        for each in offered
        if each["openings_left"] > 0 and each["wage"] and each["employer_uscc"] != moved["employer_uscc"]
    ]
    if not others:
        raise StoryBroken(f"no other employer of {city} has an opening")
    best: Answer = max(others, key=lambda each: (each["occupation"] == moved["occupation"], each["wage"], each["id"]))
    return best


async def _come_home(story: Story, returned: Spell) -> None:
    """返乡: the spell ends in the city; at home the person is out of work and on the county's list of seekers again."""
    county, person = f"n{returned['county']}", story.cast.people[returned["introduction"]]
    absent = person not in await _seekers(story, county)
    await story.post(f"n{returned['city']}", f"/retention/v1/spells/{returned['id']}/end", HOME)

    async def listed() -> bool:
        labourer = await _labourer(story, returned)
        return not labourer["employed"] and person in await _seekers(story, county)

    ok = await story.eventually(listed, what="the one who came home on the county's list")
    story.check("who returned home is on the county's list again", ok and absent, f"since the day after {HOME['end']}")


async def _seekers(story: Story, county: str) -> set[str]:
    return {each["person"] for each in await seekers(story, county)}


# --- the rate ----------------------------------------------------------------------------------------------------------


async def _check_rates(story: Story, begun: int) -> None:
    """稳岗率 after one and three months: everybody in the denominator, and what has happened to them in the numerators."""
    first = {"due": begun, "same": begun - 1, "any": begun - 1, "left": 0, "unreachable": 1}
    third = {"due": begun, "same": begun - 2, "any": begun - 1, "left": 1, "unreachable": 0}
    for month, as_of, expected in ((1, FIRST_MONTH, first), (3, THIRD_MONTH, third)):
        home = await _sum_rates(story, story.counties, month, as_of)
        away = await _sum_rates(story, story.cities, month, as_of)
        story.check(
            f"retention rate at {month} month{'s' * (month > 1)}: the same from both sides, nobody left out",
            home == away == expected,
            f"{expected['same']} and {expected['any']} of {begun}" if home == away == expected else f"{home} {away}",
        )
    shown = await story.get(story.counties[0], "/retention/v1/retention-rate", month=3, as_of=THIRD_MONTH)
    share = shown["any_employer"]
    right = share["denominator"] and abs(share["rate"] - share["numerator"] / share["denominator"]) < 0.0001
    whole = right and shown["rule"] and shown["as_of"] == THIRD_MONTH
    story.check("a retention rate comes with numerator, denominator, rule and date", whole, f"{share} {shown['rule']}")


async def _sum_rates(story: Story, nodes: Iterable[str], month: int, as_of: str) -> dict[str, int]:
    total: Counter[str] = Counter({"due": 0, "same": 0, "any": 0, "left": 0, "unreachable": 0})
    for node in nodes:
        rate = await story.get(node, "/retention/v1/retention-rate", month=month, as_of=as_of)
        counts = {
            "due": rate["any_employer"]["denominator"],
            "same": rate["same_employer"]["numerator"],
            "any": rate["any_employer"]["numerator"],
            "left": rate["left"],
            "unreachable": rate["unreachable"],
        }
        total.update(counts)
    return dict(total)
