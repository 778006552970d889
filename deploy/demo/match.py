"""精准对接, step 3 of the story: the province convenes a run, a city dies in the middle of it, the result is the textbook's.

Leaves in `cast`: `run` (its id) and `allotted` (city -> vacancy -> openings).
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pyarrow.parquet as pq

from deploy.demo import textbook
from deploy.demo.story import Story

AS_OF, DEADLINE = "2017-04-10", "2017-04-30"
WEIGHTS = "2017.1"
# One opening for so many people: a run over thousands of openings would be no match at all.
PEOPLE_FOR_AN_OPENING = 2.5
# Of a city's vacancies this many enter the run, so that people meet at them.
VACANCIES_OF_A_CITY = 24
RESERVED_FOR_SIGNERS = 4
Row = dict[str, Any]


async def play(story: Story) -> None:
    """Announce, allot, kill a city while cards are on their way to it, and see what came of it."""
    run = await _convene(story)
    people = await _count_people(story)
    story.cast["allotted"] = {node: await _allot(story, node, people) for node in story.cities}
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
    wanted = {"counties": story.counties, "cities": story.cities, "as_of": AS_OF, "weights": WEIGHTS, "deadline": DEADLINE}
    made = await story.post(story.province, "/matching/v1/runs", wanted)
    run: str = made["run"]
    story.cast["run"] = run

    async def known() -> bool:
        asked = [await story.at(node).get(f"/matching/v1/runs/{run}") for node in (*story.counties, *story.cities)]
        return all(answer.status_code == 200 for answer in asked)

    ok = await story.eventually(known, what="the run known at all its nodes")
    nodes = len(story.counties) + len(story.cities)
    story.check("the province announces a run to counties and cities", ok, f"{nodes} nodes take part")
    return run


async def _count_people(story: Story) -> int:
    """How many seek, as the counties have stated to everybody."""
    stated = (await story.get(story.province, "/matching/v1/demand"))["items"]
    return sum(each["people"] for each in stated if f"n{each['county']}" in story.counties)


async def _allot(story: Story, node: str, people: int) -> dict[str, int]:
    """配额: few openings of some vacancies, some reserved; what is left of them stays outside the run."""
    offers = await story.pages(node, "/matching/v1/supply", city=node[1:])
    quota = max(1, round(people / PEOPLE_FOR_AN_OPENING / len(story.cities)))
    allotted, given = [], 0
    for number, offer in enumerate(_chosen(offers)):
        openings = min(offer["openings_left"], 1 + number % 4, quota - given)
        if openings > 0:
            allotted.append({"vacancy": offer["vacancy"], "openings": openings, "reserved": _reserved(offer, number)})
            given += openings
    path = f"/matching/v1/runs/{story.cast['run']}/allotments"
    made = await story.post(node, path, {"allotted": allotted})
    offered = sum(offer["openings_left"] for offer in offers)
    detail = f"{given} of {offered} openings, {len(allotted)} vacancies, {people} people seek"
    story.check(f"{story.places[node].name} allots openings to the run", made["openings"] == given, detail)
    return {each["vacancy"]: each["openings"] for each in allotted}


def _chosen(offers: Sequence[Row]) -> list[Row]:
    """First where somebody signs, then rows reserved for the older or low-schooled, then the others, the best paid first."""
    by_wage = sorted(offers, key=lambda each: (-each["wage"], each["vacancy"]))
    signing = sorted((each for each in by_wage if _suits_signers(each)), key=_asks)[:RESERVED_FOR_SIGNERS]
    yellow = [each for each in by_wage if each["reserved"] and each not in signing][:RESERVED_FOR_SIGNERS]
    others = [each for each in by_wage if each not in signing and each not in yellow]
    return [*signing, *yellow, *others[:: max(1, len(others) // VACANCIES_OF_A_CITY)]]


def _suits_signers(offer: Row) -> bool:
    return "sign_language" in offer["accommodations"] and "hearing" not in offer["demands"]


def _asks(offer: Row) -> tuple[int, bool, int]:
    """How much a vacancy asks of a person: the ones that ask least are worth reserving."""
    return len(offer["certificates"]) + offer["education_min"], offer["age_max"] is not None, len(offer["demands"])


def _reserved(offer: Row, number: int) -> dict[str, int]:
    """An opening for disabled people where they can work, and the yellow rows' own reservation."""
    if number < RESERVED_FOR_SIGNERS and _suits_signers(offer):
        return {"disabled": 1}
    return {group: 1 for group in list(offer["reserved"])[:1]}


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
    return max(story.cities, key=lambda node: sum(count for place, count in wanted.items() if node[1:].startswith(place.rstrip("0") or "-")))


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
    story.check("the pass is closed exactly: sent equals handled on every channel", cards and not open_channels, open_channels or detail)

    async def agreed() -> bool:
        seen = [await story.get(node, f"/matching/v1/runs/{run}") for node in (*story.counties, *story.cities)]
        same = [(each["channels"], each["hash"], each["dispute"]) == (shown["channels"], shown["hash"], None) for each in seen]
        return all(same)

    story.check("every node has the same closing table and hash", await story.eventually(agreed, what="the same table everywhere"))


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
    weights = await story.fetch(story.counties[0], f"/matching/v1/runs/{run}/weights.json", "auditor")
    story.cast["weights"] = json.loads(weights)
    places, refused, _ = await asyncio.to_thread(
        textbook.play, market["people"], market["vacancies"], story.cast["weights"], shown["seed"]
    )
    openings = sum(each["openings"] for each in market["vacancies"])
    detail = f"{len(places)} places for {len(market['people'])} people and {openings} openings: {shown['hash'][:16]}…"
    story.check("the run's hash is that of a textbook deferred acceptance", textbook.fingerprint(places) == shown["hash"], detail)
    exported = {row["person"]: row["vacancy"] for row in market["places"] if row["vacancy"]}
    story.check("the exported places are the textbook's, person by person", exported == places, f"{refused} refusals on the way")
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
    for kind, pairs in _refusals(story, market, seed).items():
        known = [(persons[name], vacancy) for name, vacancy in pairs if name in persons]
        answers = _asked(story, known[:5]) if known else _searched(story, sorted({vacancy for _, vacancy in pairs}))
        said = await _first(answers, kind)
        story.check(f"why not that job: {kind}", said and said["zh"] and said["en"], said["zh"] if said else f"nobody of {len(pairs)}")


async def _first(answers: AsyncIterator[Row], kind: str) -> Row | None:
    async for said in answers:
        if said["kind"] == kind:
            return said
    return None


async def _persons(story: Story, run: str) -> dict[str, tuple[str, str]]:
    """pseudonym -> county and id of everybody who has a place, as the county's officer sees them."""

    async def held() -> dict[str, tuple[str, str]]:
        rows = {node: await story.pages(node, "/matching/v1/introductions", run=run) for node in story.counties}
        known = {each["pseudonym"]: (node, each["person"]) for node, each_node in rows.items() for each in each_node}
        return known if all(rows.values()) else {}

    return await story.eventually(held, what="an introduction for every place")


def _refusals(story: Story, market: dict[str, list[Row]], seed: str) -> dict[str, list[tuple[str, str]]]:
    """By kind: who was refused where, and why, as the exported facts alone tell it."""
    weights, lots = story.cast["weights"], textbook.Lots(seed)
    people = {row["person"]: row for row in market["people"]}
    found: dict[str, list[tuple[str, str]]] = {"rule": [], "cutoff": [], "lottery": []}
    for job in market["vacancies"]:
        names = [row["person"] for row in market["places"] if row["vacancy"] == job["vacancy"]]
        full = names and len(names) == job["openings"] and not job["reserved"]
        last = min((textbook.claim(people[name], job, weights), lots.of(name) >> 11) for name in names) if full else (0, 0)
        for name, person in people.items():
            key = textbook.claim(person, job, weights), lots.of(name) >> 11
            if not textbook.may_take(person, job):
                found["rule"].append((name, job["vacancy"]))
            elif full and key < last:
                found["lottery" if key[0] == last[0] else "cutoff"].append((name, job["vacancy"]))
    return found


async def _asked(story: Story, pairs: Sequence[tuple[tuple[str, str], str]]) -> AsyncIterator[Row]:
    for (node, person), vacancy in pairs:
        yield await story.get(node, f"/matching/v1/people/{person}/explanations/{vacancy}")


async def _searched(story: Story, vacancies: Sequence[str]) -> AsyncIterator[Row]:
    """Where only people without a place were refused: everybody on the counties' lists is asked for in turn."""
    for node in story.counties:
        people = (await story.get(node, "/matching/v1/demand", limit=200))["people"]
        for vacancy in vacancies:
            for person in people:
                answer = await story.at(node).get(f"/matching/v1/people/{person['person']}/explanations/{vacancy}")
                if answer.status_code == 200:
                    yield answer.json()
