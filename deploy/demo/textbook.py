"""Deferred acceptance as a textbook has it: one applicant at a time, on files that an auditor may export.

It shares no code with the services, so that an equal hash means that two programs agree and not that one ran twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from siphash24 import siphash24

from deploy.demo.cast import Row


def play(people: Iterable[Row], vacancies: Iterable[Row], weights: Row, seed: str) -> tuple[dict[str, str], int, int]:
    """person -> vacancy for everybody placed; how often somebody was refused, and how often one who had been held.

    Rows are those of the Parquet files of matching v1; `seed` has 32 hexadecimal digits.
    """
    lots = Lots(seed)
    jobs = {job["vacancy"]: job for job in vacancies}
    persons = {person["person"]: person for person in people}
    wishes = {name: iter(wish_list(person, jobs.values(), weights, lots)) for name, person in persons.items()}
    held: dict[str, list[str]] = {name: [] for name in jobs}
    refused = displaced = 0
    searching = sorted(persons)
    while searching:
        person = searching.pop()
        job = next(wishes[person], None)
        if job is None:
            continue
        out = full_house(jobs[job], [*held[job], person], persons, weights, lots)
        held[job] = [name for name in (*held[job], person) if name not in out]
        refused += len(out)
        displaced += len([name for name in out if name != person])
        searching.extend(out)
    return {person: job for job, names in held.items() for person in names}, refused, displaced


class Lots:
    """SipHash-2-4 of ids under the seed."""

    def __init__(self, seed: str) -> None:
        self._seed = bytes.fromhex(seed)
        self._drawn: dict[str, int] = {}

    def of(self, name: str) -> int:
        if name not in self._drawn:
            self._drawn[name] = int(siphash24(name.encode("ascii"), key=self._seed).digest()[::-1].hex(), 16)
        return self._drawn[name]


def wish_list(person: Row, jobs: Iterable[Row], weights: Row, lots: Lots) -> list[str]:
    """Every vacancy the person may and would take, the dearest first."""
    open_jobs = [job for job in jobs if may_take(person, job)]

    def order(job: Row) -> tuple[int, int, bytes]:
        spread = (lots.of(person["person"]) % 32 + lots.of(job["vacancy"]) % 32) % 32
        return -worth(person, job, weights), -spread, job["vacancy"].encode()

    return [job["vacancy"] for job in sorted(open_jobs, key=order)]


def may_take(person: Row, job: Row) -> bool:
    youngest = 0 if job["age_min"] is None else job["age_min"]
    oldest = 999 if job["age_max"] is None else job["age_max"]
    if not youngest <= person["age"] <= oldest or person["education"] < job["education_min"]:
        return False
    if any(name not in person["certificates"] for name in job["certificates"]):
        return False
    if any(name in person["restrictions"] for name in job["demands"]):
        return False
    if any(name not in job["accommodations"] for name in person["accommodations"]):
        return False
    if person["available_from"] > job["starts_by"] or job["wage"] < person["wage_reserve"]:
        return False
    return job["city"] not in person["refused"] and goes_to(person, job["city"])


def goes_to(person: Row, city: str) -> bool:
    if person["elsewhere"] == "anywhere":
        return True
    in_province = person["elsewhere"] == "province" and person["county"][:2] == city[:2]
    return in_province or city in person["destinations"]


def worth(person: Row, job: Row, weights: Row) -> int:
    points: int
    wage, span = weights["wage"], weights["wage"]["half_span"] // 10
    steps = job["wage"] // 10 - person["wage_expected"] // 10 + span
    points = min(max(steps, 0), 2 * span) * wage["numerator"] // wage["denominator"]
    points += nearness(person, job, weights["occupation_utility"], weights["general_occupation"])
    places = list(person["destinations"])
    if job["city"] in places:
        ranked = dict(enumerate(weights["destination"]))
        points += ranked.get(places.index(job["city"]), 0)
    if job["city"] == person["relatives_city"]:
        points += weights["relatives"]
    points += weights["closeness"].get(person["county"], {}).get(job["city"], 0)
    for name in set(job["offers"]):
        points += weights["offers"]["needed"][name] if name in person["needs"] else weights["offers"]["extra"]
    return points


def claim(person: Row, job: Row, weights: Row) -> int:
    points = sum(weights["group_points"].get(group, 0) for group in set(person["groups"]))
    points += person["burden"] + (person.get("shared") or 0)
    points += nearness(person, job, weights["occupation_priority"], weights["general_occupation"])
    points += min(person["experience"], 10) * job["experience_points"]
    above = person["education"] - job["education_min"]
    points += min(above * weights["education_step"], weights["education_cap"])
    if [person["county"], job["city"]] in weights["agreements"]:
        points += weights["agreement"]
    return int(points)


def nearness(person: Row, job: Row, table: Row, general: str) -> int:
    mine, asked = person["occupation"], job["occupation"]
    points: int
    if mine == asked:
        points = table["same"]
    elif mine[: mine.index("-")] == asked[: asked.index("-")]:
        points = table["major"]
    else:
        points = table["other"]
    return int(max(points, table["general_floor"]) if asked == general else points)


def full_house(job: Row, names: list[str], persons: dict[str, Row], weights: Row, lots: Lots) -> list[str]:
    """Who of those at the door must go: reserved places are given first, group by group, then all that are left."""
    queue = sorted(names, key=lambda name: (-claim(persons[name], job, weights), -(lots.of(name) >> 11)))
    reserved = {entry["group"]: entry["openings"] for entry in job["reserved"]}
    left = job["openings"]
    for group in weights["reserve_groups"]:
        for name in [name for name in queue if group in persons[name]["groups"]][: reserved.get(group, 0)]:
            queue.remove(name)
            left -= 1
    return queue[left:]


def fingerprint(places: dict[str, str]) -> str:
    """The hash of matching v1, section 1."""
    digest = hashlib.sha256()
    for person in sorted(places, key=str.encode):
        digest.update(f"{person}\t{places[person]}\n".encode())
    return digest.hexdigest()


def read_weights(text: str | bytes) -> Row:
    weights: Row = json.loads(text)
    return weights
