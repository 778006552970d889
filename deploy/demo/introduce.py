"""介绍上岗, step 4 of the story: the offer, the person's yes with consent, the sealed card, the employer's word.

Leaves in `cast`: `actors` (their introductions), `hired` (every hired introduction as its county lists it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deploy.demo import second_pass
from deploy.demo.cast import Introduction
from deploy.demo.needs import seekers
from deploy.demo.opening import choose_opening
from deploy.demo.revealing import reveal
from deploy.demo.story import Story, StoryBroken, at_once

LIST = "/matching/v1/introductions"
OFFERED_ON, AGREED_ON, DECIDED_ON = "2017-04-12", "2017-04-15", "2017-04-24"
CONSENT = "2017.1"


async def play(story: Story) -> None:
    """Everybody placed is asked; the cards of those who agree are opened at the city alone; employers decide."""
    held = await _held(story)
    await _cast_actors(story, held)
    story.cast.free = await choose_opening(story, held, story.cast.special)
    proposal = await _propose_elsewhere(story, held)
    waiting = story.cast.free.mover
    await ask(story, [each for each in held if waiting is None or each["id"] != waiting["id"]])
    await _check_obsolete(story, proposal)
    introduced = await _introduced(story, [each for each in held if waiting is None or each["id"] != waiting["id"]])
    await _check_cards(story, introduced)
    await _check_strangers(story, introduced)
    rejected = story.cast.free.rejected
    await hire(story, [each for each in introduced if each["id"] != rejected["id"]])
    await second_pass.play(story, ask=ask, hire=hire)
    await _check_hired(story)


# --- who is there ------------------------------------------------------------------------------------------------------


async def _held(story: Story) -> list[Introduction]:
    """Every place of the run is an introduction at the person's county, and its copy at the city knows no person."""
    run = story.cast.run

    async def arrived() -> list[Introduction]:
        shown = await story.get(story.province, f"/matching/v1/runs/{run}")
        least, most = (shown["placed"] or 0) - shown["residue"], shown["placed"] or 0
        own = await everybody(story, story.counties, run=run, state="held")
        copies = {each["id"]: each for each in await everybody(story, story.cities, run=run, state="held")}
        whole = 0 < least <= len(own) <= most and copies.keys() == {each["id"] for each in own}
        return own if whole and not any(each["person"] for each in copies.values()) else []

    held = await story.eventually(arrived, what="an introduction for every place at county and city")
    story.check("every place is held at county and city, by pseudonym", held, f"{len(held)} introductions")
    return held


async def everybody(story: Story, nodes: Iterable[str], **wanted: Any) -> list[Introduction]:
    """The introductions of several nodes."""
    return [each for node in nodes for each in await story.pages(node, LIST, **wanted)]


async def _cast_actors(story: Story, held: list[Introduction]) -> None:
    """A couple that goes to one city, and somebody who needs sign language; of two counties if there are such."""
    mine = {each["person"]: each for each in held}
    story.cast.seeking = seeking = {node: await seekers(story, node) for node in story.counties}
    placed = [each for node in story.counties for each in seeking[node] if each["person"] in mine]
    pairs = [
        (mine[each["person"]], mine[each["partner"]]) for each in placed if each["together"] and each["partner"] in mine
    ]
    together = [pair for pair in pairs if pair[0]["city"] == pair[1]["city"]]
    signing = [mine[each["person"]] for each in placed if "sign_language" in each["accommodations"]]
    actors = [(pair, one) for pair in together for one in signing if one not in pair]
    if not actors:
        raise StoryBroken(
            f"{len(together)} couples in one city and {len(signing)} people who need sign language have places"
        )
    couple, deaf = min(actors, key=lambda each: (each[0][0]["county"] == each[1]["county"], each[0][0]["county"]))
    story.cast.actors = (*couple, deaf)
    story.check(
        "a couple has places in one city", True, f"{couple[0]['title']}, {couple[1]['title']} in {couple[0]['city']}"
    )
    provided = await _accommodations(story, f"n{deaf['county']}", deaf)
    story.check("who needs sign language has a place that provides it", "sign_language" in provided, deaf["title"])


async def _accommodations(story: Story, node: str, introduction: Introduction) -> list[str]:
    offers = await story.pages(node, "/matching/v1/supply", city=introduction["city"])
    return next((each["accommodations"] for each in offers if each["vacancy"] == introduction["vacancy"]), [])


# --- the steps ---------------------------------------------------------------------------------------------------------


async def ask(story: Story, introductions: list[Introduction]) -> None:
    """Officers tell each person of the place; each says yes, and the version of the consent text is recorded."""

    async def step(introduction: Introduction) -> None:
        node, path = f"n{introduction['county']}", f"{LIST}/{introduction['id']}"
        await story.post(node, f"{path}/offer", {"on": OFFERED_ON})
        await story.post(node, f"{path}/agree", {"consent": CONSENT, "on": AGREED_ON})

    await at_once(step, introductions)
    agreed = await story.get(f"n{introductions[0]['county']}", f"{LIST}/{introductions[0]['id']}")
    recorded = (agreed["consent"], agreed["consent_on"]) == (CONSENT, AGREED_ON)
    if "consent is recorded with its text and day" not in {check.name for check in story.checks}:
        story.check("consent is recorded with its text and day", recorded, f"{len(introductions)} said yes")


async def hire(story: Story, introductions: list[Introduction]) -> None:
    """Each employer decides on introductions to its own vacancies, with a token that shows no others."""

    async def step(introduction: Introduction) -> None:
        await decide(story, introduction, "hire")

    await at_once(step, introductions)


async def decide(story: Story, introduction: Introduction, verb: str, **more: str) -> Mapping[str, Any]:
    """The employer's word on one introduction."""
    answer = await second_pass.employer_of(story, introduction).post(
        f"{LIST}/{introduction['id']}/{verb}", json={"on": DECIDED_ON, **more}
    )
    if answer.status_code != 200:
        raise StoryBroken(f"{verb}: {answer.status_code} {answer.text[:300]}")
    said: Mapping[str, Any] = answer.json()
    return said


async def _propose_elsewhere(story: Story, held: list[Introduction]) -> Introduction:
    """An officer's own proposal to somebody who also has a place of the run: only one of the two can become a job."""
    free = story.cast.free
    busy = story.cast.special | {each["id"] for each in (free.rejected, free.mover) if each}
    person = next(each for each in held if each["id"] not in busy)
    node = f"n{person['county']}"
    offers = await story.pages(node, "/matching/v1/supply")
    other = next(each for each in offers if each["vacancy"] != person["vacancy"] and each["openings_left"] > 0)
    wanted = {"person": person["person"], "vacancy": other["vacancy"], "on": OFFERED_ON}
    key = {"Idempotency-Key": f"own-{person['id']}"}
    first, again = [await story.post(node, LIST, wanted, headers=key) for _ in range(2)]
    ok = first["id"] == again["id"] and first["state"] == "proposed" and first["priority"] is None
    story.check(
        "an officer's own proposal is one introduction, without a priority", ok, f"{other['title']} in {other['city']}"
    )
    return {**first, "rival": person["id"]}


async def _check_obsolete(story: Story, proposal: Introduction) -> None:
    async def obsolete() -> bool:
        sides = [await story.pages(f"n{proposal[side]}", LIST, state="obsolete") for side in ("county", "city")]
        return all(
            any((each["id"], each["reason"]) == (proposal["id"], "agreed_elsewhere") for each in seen) for seen in sides
        )

    ok = await story.eventually(obsolete, what="the own proposal obsolete on both sides")
    story.check("a yes elsewhere makes an own proposal obsolete on both sides", ok)


# --- what can be seen of it --------------------------------------------------------------------------------------------


async def _introduced(story: Story, asked: list[Introduction]) -> list[Introduction]:
    """Every card was opened at its city, bears out the declared priority, and the county knows."""
    wanted = {each["id"] for each in asked}

    async def arrived() -> list[Introduction]:
        rows = await everybody(story, story.counties, run=story.cast.run)
        answered = [each for each in rows if each["id"] in wanted and each["state"] in ("introduced", "refused")]
        return answered if len(answered) == len(wanted) else []

    answered = await story.eventually(arrived, within=240, what="the cities' answer to every agreed introduction")
    refused = [(each["id"], each["reason"]) for each in answered if each["state"] != "introduced"]
    story.check(
        "every opened card gives the priority that was declared", not refused, refused or f"{len(answered)} cards"
    )
    return [each for each in answered if each["state"] == "introduced"]


async def _check_cards(story: Story, introduced: list[Introduction]) -> None:
    """The city's registry knows the name; its other services, and the other cities, do not."""
    known = {each["id"]: each for each in await everybody(story, story.cities, state="introduced")}
    shown, leaked = [], []
    for each in story.cast.actors:
        city, guest = f"n{each['city']}", known[each["id"]]["guest"]
        name = (await reveal(story, f"n{each['county']}", f"/registry/v1/labourers/{each['person']}"))["name"]
        shown.append((await reveal(story, city, f"/registry/v1/guests/{guest}"))["name"] == name)
        texts = [
            await story.fetch(city, f"{LIST}/{each['id']}"),
            await story.fetch(city, "/jobs/v1/vacancies", limit=200),
        ]
        others = [await story.at(node).get(f"/registry/v1/guests/{guest}") for node in story.cities if node != city]
        leaked += [each["id"] for text in texts if name.encode() in text] + [
            answer.text for answer in others if answer.status_code != 404
        ]
    story.check("the city's registry opens the sealed cards", all(shown), f"{len(introduced)} introduced")
    story.check("only that registry knows the name", not leaked, leaked or "ids elsewhere")


async def _check_strangers(story: Story, introduced: list[Introduction]) -> None:
    mine = introduced[0]
    other = next(
        (
            each
            for each in introduced
            if each["city"] == mine["city"] and each["employer_uscc"] != mine["employer_uscc"]
        ),
        None,
    )
    organisation = other["employer_uscc"] if other else "nobody"
    stranger = story.at(f"n{mine['city']}", "employer", organisation=organisation)
    answer = await stranger.post(f"{LIST}/{mine['id']}/hire", json={"on": DECIDED_ON})
    story.check("an employer cannot decide for another", answer.status_code == 404, answer.status_code)


async def _check_hired(story: Story) -> None:
    """The county sees every hire, and each city's openings went down by as many."""

    async def arrived() -> list[Introduction]:
        here = await everybody(story, story.cities, state="hired")
        known = await everybody(story, story.counties, state="hired")
        return known if {each["id"] for each in known} == {each["id"] for each in here} else []

    hired = await story.eventually(arrived, what="every hire known at its county")
    story.cast.hired = hired
    wanted = story.cast.special
    story.check(
        "the couple and the one who signs are hired",
        wanted <= {each["id"] for each in hired},
        f"{len(hired)} hired in all",
    )

    async def counted() -> bool:
        return all(
            [await _taken(story, node) == sum(f"n{each['city']}" == node for each in hired) for node in story.cities]
        )

    ok = await story.eventually(counted, what="openings left at the cities")
    story.check(
        "each hire takes one opening at its city",
        ok,
        {node: sum(f"n{each['city']}" == node for each in hired) for node in story.cities},
    )


async def _taken(story: Story, node: str) -> int:
    vacancies = await story.pages(node, "/jobs/v1/vacancies", state="vetted")
    before = {each["id"]: each["openings_left"] for each in story.cast.vacancies[node]}
    return sum(before.get(each["id"], each["openings_left"]) - each["openings_left"] for each in vacancies)
