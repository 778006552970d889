"""精准对接, step 3 of the story: the province convenes a run, a city dies in the middle of it, the result is the textbook's.

Leaves in `cast`: `run` (its id) and `weights` (those of the run).
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterable

import pyarrow.parquet as pq

from deploy.demo import allotment, needs, textbook
from deploy.demo.cast import Row
from deploy.demo.story import Story

AS_OF, DEADLINE = "2017-04-10", "2017-04-30"
WEIGHTS = "2017.1"
# Whom a city's officers ask whether somebody there could sign.
EMPLOYERS_ASKED = 2
# How many are asked for by name, and at how many vacancies everybody is, when a reason of some kind is looked for.
ASKED_FIRST, VACANCIES_ASKED = 10, 4
Question = tuple[str, str, str]


async def play(story: Story) -> None:
    """Announce, allot, kill a city while cards are on their way to it, and see what came of it."""
    run = await _convene(story)
    story.cast.weights = json.loads(
        await story.fetch(story.counties[0], f"/matching/v1/runs/{run}/weights.json", "auditor")
    )
    await _allot_all(story)
    await _lose_a_city(story, run)
    shown = await _settled(story, run)
    await _check_closing(story, run, shown)
    await _check_competition(story, shown)
    market = await _market(story, run)
    await _check_textbook(story, run, shown, market)
    await _check_certificates(story, run)
    await _check_reasons(story, run, market, shown["seed"])


# --- the run -----------------------------------------------------------------------------------------------------------


async def _convene(story: Story) -> str:
    wanted = {
        "counties": story.counties,
        "cities": story.cities,
        "as_of": AS_OF,
        "weights": WEIGHTS,
        "deadline": DEADLINE,
    }
    made = await story.post(story.province, "/matching/v1/runs", wanted)
    run: str = made["run"]
    story.cast.run = run

    async def known() -> bool:
        asked = [await story.at(node).get(f"/matching/v1/runs/{run}") for node in (*story.counties, *story.cities)]
        return all(answer.status_code == 200 for answer in asked)

    ok = await story.eventually(known, what="the run known at all its nodes")
    nodes = len(story.counties) + len(story.cities)
    story.check("the province announces a run to counties and cities", ok, f"{nodes} nodes take part")
    return run


async def _allot_all(story: Story) -> None:
    """The counties say what kind of posts their people could take, and for whom it is hard; every city allots some."""
    weights, groups = story.cast.weights, story.cast.weights["reserve_groups"]
    people = await needs.look_up(story, AS_OF, weights)
    cases = needs.cases_among(people)
    offers = {node: await _offers(story, node) for node in story.cities}
    for case in cases:
        if case.signs and not any(
            textbook.may_take(case.people[0], offer) for posts in offers.values() for offer in posts
        ):
            await _ask_for_signs(story, case, offers)
    everything = [offer for posts in offers.values() for offer in posts]
    queues = await asyncio.to_thread(allotment.queues_of, everything, people, weights)
    suits = allotment.suits_of(cases, everything, queues, groups)
    quota = max(1, round(len(people) / allotment.PEOPLE_FOR_AN_OPENING / len(offers)))
    for node, posts in offers.items():
        await _allot(
            story, node, posts, allotment.allot(posts, [suit for suit in suits if suit.city == node[1:]], queues, quota)
        )


async def _offers(story: Story, node: str) -> list[Row]:
    """What a city has on offer, in the terms of matching v1."""
    vacancies = await story.pages(node, "/jobs/v1/vacancies", state="vetted")
    return [
        {**each, "vacancy": each["id"], "wage": each["wage"] or 0} for each in vacancies if each["openings_left"] > 0
    ]


async def _ask_for_signs(story: Story, case: needs.Case, offers: dict[str, list[Row]]) -> None:
    """Where no post on offer suits somebody who signs, officers ask the employers of those that otherwise would."""
    everything = {offer["vacancy"]: offer for posts in offers.values() for offer in posts}
    for heard in allotment.would_suit(case, everything.values(), story.cast.weights)[:EMPLOYERS_ASKED]:
        node, terms = f"n{heard['city']}", {"accommodations": heard["accommodations"], "on": AS_OF}
        await story.patch(node, f"/jobs/v1/vacancies/{heard['vacancy']}", terms)
        everything[heard["vacancy"]]["accommodations"] = heard["accommodations"]

        async def listed(node: str = node, heard: Row = heard) -> bool:
            supply = await story.pages(node, "/matching/v1/supply", city=node[1:])
            return any(each["vacancy"] == heard["vacancy"] and needs.SIGNS in each["accommodations"] for each in supply)

        await story.eventually(listed, what="what an employer provides, on the supply list")


async def _allot(story: Story, node: str, offers: list[Row], allotted: list[Row]) -> None:
    """配额: few openings of some vacancies, some reserved; what is left of them stays outside the run."""
    given = sum(each["openings"] for each in allotted)
    made = await story.post(node, f"/matching/v1/runs/{story.cast.run}/allotments", {"allotted": allotted})
    detail = f"{given} of {sum(offer['openings_left'] for offer in offers)} openings, {len(allotted)} vacancies"
    story.check(f"{story.places[node].name} allots openings to the run", made["openings"] == given, detail)


async def _lose_a_city(story: Story, run: str) -> None:
    """SIGKILL for all processes of the most wanted city while cards are on their way to it; then it comes back."""
    victim = await _most_wanted(story)

    async def opened() -> bool:
        shown = await story.get(story.province, f"/matching/v1/runs/{run}")
        return shown["state"] == "open" and shown["seed"] is not None

    await story.eventually(opened, every=0.02, what="the run opened")
    await story.lab.kill(victim)

    async def under_way() -> list[Row]:
        shown = await story.get(story.province, f"/matching/v1/runs/{run}")
        waiting = [each for each in shown["channels"] if each["to"] == victim and each["sent"] > each["handled"]]
        return waiting if shown["state"] == "open" else []

    waiting = await story.eventually(under_way, what=f"cards on their way to {victim}")
    detail = ", ".join(f"{each['from']}: {each['sent']} cards sent, {each['handled']} handled" for each in waiting)
    story.check(f"{story.places[victim].name} is killed while cards are on their way to it", waiting, detail)
    story.tell(f"{story.places[victim].name} comes back")
    await story.lab.start(victim)


async def _most_wanted(story: Story) -> str:
    """The city that most people name first."""
    wanted: dict[str, int] = {}
    for stated in (await story.get(story.province, "/matching/v1/demand"))["items"]:
        for place, people in stated["by_destination"].items():
            wanted[place] = wanted.get(place, 0) + people
    return max(
        story.cities,
        key=lambda node: sum(count for place, count in wanted.items() if node[1:].startswith(place.rstrip("0") or "-")),
    )


async def _settled(story: Story, run: str) -> Row:
    async def settled() -> Row:
        shown: Row = await story.get(story.province, f"/matching/v1/runs/{run}")
        return shown if shown["state"] == "settled" and shown["hash"] else {}

    shown = await story.eventually(settled, within=240, what="the run settled")
    detail = f"{shown['placed']} places in pass {shown['pass']}, residue of couples {shown['residue']}"
    story.check("the run settles although a city was away", shown["dispute"] is None, detail)
    return shown


# --- what came of it ---------------------------------------------------------------------------------------------------


async def _check_closing(story: Story, run: str, shown: Row) -> None:
    """The pass was closed by counts: on every channel as much handled as sent, and every node has the same table."""
    open_channels = [each for each in shown["channels"] if each["sent"] != each["handled"]]
    cards = sum(each["sent"] for each in shown["channels"] if each["kind"] == "cards")
    updates = sum(each["sent"] for each in shown["channels"] if each["kind"] == "cutoffs")
    size = sum(each["bytes"] for each in shown["channels"])
    detail = f"{cards} cards, {updates} cutoff updates, {size / 1000:.0f} kB on {len(shown['channels'])} channels"
    story.check(
        "the pass is closed exactly: sent equals handled on every channel",
        cards and not open_channels,
        open_channels or detail,
    )

    async def agreed() -> bool:
        seen = [await story.get(node, f"/matching/v1/runs/{run}") for node in (*story.counties, *story.cities)]
        same = [
            (each["channels"], each["hash"], each["dispute"]) == (shown["channels"], shown["hash"], None)
            for each in seen
        ]
        return all(same)

    story.check(
        "every node has the same closing table and hash",
        await story.eventually(agreed, what="the same table everywhere"),
    )


async def _check_competition(story: Story, shown: Row) -> None:
    story.check("people are refused", shown["refused"] > 0, f"{shown['refused']} refusals")
    detail = f"{shown['displaced']} displaced, {shown['displaced_across']} of them by the other county's people"
    story.check("people of one county are displaced by the other's", shown["displaced_across"] > 0, detail)
    story.check("the run takes three rounds or more", shown["rounds"] >= 3, f"{shown['rounds']} rounds")


async def _market(story: Story, run: str) -> dict[str, list[Row]]:
    """What an auditor may export: people of each county, vacancies of each city, places of each county."""
    people = [row for node in story.counties for row in await _rows(story, node, run, "people")]
    vacancies = [row for node in story.cities for row in await _rows(story, node, run, "vacancies")]
    places = [row for node in story.counties for row in await _rows(story, node, run, "places")]
    return {"people": people, "vacancies": vacancies, "places": places}


async def _rows(story: Story, node: str, run: str, file: str) -> list[Row]:
    content = await story.fetch(node, f"/matching/v1/runs/{run}/{file}.parquet", "auditor")
    rows: list[Row] = pq.read_table(io.BytesIO(content)).to_pylist()
    return rows


async def _check_textbook(story: Story, run: str, shown: Row, market: dict[str, list[Row]]) -> None:
    """The same hash as a plain program of its own gives on the exported facts; the other ways to do it give another."""
    places, refused, _ = await asyncio.to_thread(
        textbook.play, market["people"], market["vacancies"], story.cast.weights, shown["seed"]
    )
    openings = sum(each["openings"] for each in market["vacancies"])
    detail = f"{len(places)} places for {len(market['people'])} people and {openings} openings: {shown['hash'][:16]}…"
    story.check(
        "the run's hash is that of a textbook deferred acceptance",
        textbook.fingerprint(places) == shown["hash"],
        detail,
    )
    exported = {row["person"]: row["vacancy"] for row in market["places"] if row["vacancy"]}
    story.check(
        "the exported places are the textbook's, person by person", exported == places, f"{refused} refusals on the way"
    )
    nobody = [node for node in (story.province, *story.cities) if await _rows(story, node, run, "people")]
    story.check("province and cities hold nobody's facts", not nobody, nobody or "empty exports")


async def _check_certificates(story: Story, run: str) -> None:
    """Each county verifies its own people with the cities' signed cutoffs and nobody else's data."""
    for node in story.counties:

        async def verified(node: str = node) -> Row:
            seen: Row = await story.get(node, f"/matching/v1/runs/{run}/certificate")
            return seen if seen["verified"] is not None else {}

        seen = await story.eventually(verified, what=f"certificates at {node}")
        signed = sorted(each["city"] for each in seen["certificates"])
        ok = seen["verified"] and signed == sorted(story.cities)
        keys = sum(len(each["cutoffs"] or {}) for each in seen["certificates"])
        detail = f"{keys} vacancies' cutoffs signed by {len(signed)} cities"
        story.check(f"{story.places[node].name} verifies its own people with the certificate", ok, detail)


async def _check_reasons(story: Story, run: str, market: dict[str, list[Row]], seed: str) -> None:
    """为什么不是那个岗位: one answer of each kind, asked for like an officer does who has the person before him."""
    persons = await _persons(story, run)
    cutoffs = await _cutoffs(story, run)
    for kind, pairs in _refusals(story, market, cutoffs, seed).items():
        known = [(*persons[name], vacancy) for name, vacancy in pairs if name in persons][:ASKED_FIRST]
        said = await _first(story, known, kind) or await _first(
            story, await _everybody_at(story, {vacancy for _, vacancy in pairs}), kind
        )
        story.check(
            f"why not that job: {kind}",
            said and said["zh"] and said["en"],
            said["zh"] if said else f"nobody of {len(pairs)}",
        )


async def _first(story: Story, questions: Iterable[Question], kind: str) -> Row | None:
    for node, person, vacancy in questions:
        answer = await story.at(node).get(f"/matching/v1/people/{person}/explanations/{vacancy}")
        if answer.status_code == 200 and answer.json()["kind"] == kind:
            said: Row = answer.json()
            return said
    return None


async def _persons(story: Story, run: str) -> dict[str, tuple[str, str]]:
    """pseudonym -> county and id of everybody who has a place, as the county's officer sees them."""

    async def held() -> dict[str, tuple[str, str]]:
        rows = {node: await story.pages(node, "/matching/v1/introductions", run=run) for node in story.counties}
        return {each["pseudonym"]: (node, each["person"]) for node, each_node in rows.items() for each in each_node}

    return await story.eventually(held, what="an introduction for every place")


async def _cutoffs(story: Story, run: str) -> dict[str, dict[str, int]]:
    """vacancy -> seat type -> the key of the last one held, as the cities have signed it."""
    seen = await story.get(story.counties[0], f"/matching/v1/runs/{run}/certificate")
    return {vacancy: seats for each in seen["certificates"] for vacancy, seats in (each["cutoffs"] or {}).items()}


def _refusals(
    story: Story, market: dict[str, list[Row]], cutoffs: dict[str, dict[str, int]], seed: str
) -> dict[str, list[tuple[str, str]]]:
    """By kind: who was refused where, and why, as the exported facts and the signed cutoffs tell it."""
    weights, lots = story.cast.weights, textbook.Lots(seed)
    found: dict[str, list[tuple[str, str]]] = {"rule": [], "cutoff": [], "lottery": []}
    for job in market["vacancies"]:
        for person in market["people"]:
            kind = _kind(person, job, cutoffs[job["vacancy"]], weights, lots)
            if kind:
                found[kind].append((person["person"], job["vacancy"]))
    return found


def _kind(person: Row, job: Row, seats: dict[str, int], weights: Row, lots: textbook.Lots) -> str | None:
    if not textbook.may_take(person, job):
        return "rule"
    points, lot = textbook.claim(person, job, weights), lots.of(person["person"]) >> 11
    needed, last = divmod(
        min(key for seat, key in seats.items() if seat == "open" or seat in person["groups"]), 1 << 53
    )
    if (points, lot) >= (needed, last):
        return None
    return "lottery" if points == needed else "cutoff"


async def _everybody_at(story: Story, vacancies: Iterable[str]) -> list[Question]:
    """Where only people without a place were refused: everybody on the counties' lists is asked for in turn."""
    listed = [(node, each["person"]) for node in story.counties for each in await needs.seekers(story, node)]
    return [(*person, vacancy) for vacancy in sorted(vacancies)[:VACANCIES_ASKED] for person in listed]
