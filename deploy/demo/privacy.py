"""姓名不出县, step 9: what may not be readable outside its county is searched for in everything the other nodes hold."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from python_calamine import CalamineWorkbook

from deploy.demo.leaks import SHORTEST_IN_BINARY, Leak, Search, Secret, worth_searching
from deploy.demo.story import NodePlace, Story
from deploy.demo.topics import read_topics


async def play(story: Story) -> None:
    """For each county: its people's numbers, phones and tell-tale names, looked for at every other node."""
    for county in story.counties:
        secrets = await secrets_of(story, county)
        texts, binary = Search(secrets), Search(secrets, shortest=SHORTEST_IN_BINARY)
        others = [place for place in story.places.values() if place.node != county]
        found = {
            "topics": [leak for place in others async for leak in _in_topics(place, texts)],
            "databases": [leak for place in others for leak in await asyncio.to_thread(in_database, place, texts)],
            "files and logs": [leak for place in others for leak in await asyncio.to_thread(in_files, [place.home], binary)],
        }
        name = story.places[county].name
        for where, leaks in found.items():
            detail = sorted({f"{leak.kind} as {leak.encoding} in {leak.place}" for leak in leaks})[:5]
            story.check(
                f"{county}: nothing readable in other nodes' {where}", not leaks,
                detail or f"{name}: {len(secrets)} secrets, {texts.patterns} patterns, {len(others)} nodes",
            )  # fmt: skip
        home = [leak async for leak in _in_topics(story.places[county], texts)]
        story.check(f"{county}: no direct identifier on its own topics either", not home, len(home))


async def secrets_of(story: Story, county: str) -> list[Secret]:
    """What the county's registry says in plain to an officer who may see names; only names that prove something."""
    people = await story.pages(county, "/registry/v1/labourers", plain="true")
    elsewhere = "".join(_texts(path for kind in ("vacancies", "employers") for path in story.data.glob(f"{kind}-*")))
    names = worth_searching((person["name"] for person in people), elsewhere)
    numbers = {person["number"] for person in people if person.get("number")}
    phones = {person[which] for person in people for which in ("phone", "household_phone") if person.get(which)}
    secrets = [Secret(kind, text) for kind, texts in (("number", numbers), ("phone", phones), ("name", names)) for text in sorted(texts)]
    story.check(f"{county}: there is something to search for", len(numbers) == len(people) > 0, f"{len(numbers)} numbers, {len(phones)} phones, {len(names)} names")
    return secrets


def _texts(paths: Iterable[Path]) -> Iterable[str]:
    for path in paths:
        if path.suffix == ".csv":
            yield path.read_bytes().decode("gb18030", errors="replace")
        else:
            book = CalamineWorkbook.from_path(path)
            for sheet in book.sheet_names:
                yield "\n".join(str(cell) for row in book.get_sheet_by_name(sheet).to_python() for cell in row)


async def _in_topics(place: NodePlace, search: Search) -> AsyncIterator[Leak]:
    async for record in read_topics(place.kafka):
        content = b"\n".join([record.key or b"", record.value or b"", *(value for _, value in record.headers)])
        for leak in search.in_bytes(f"{place.node} {record.topic}", content):
            yield leak


def in_database(place: NodePlace, search: Search) -> list[Leak]:
    """Leaks in a dump of the node's whole database (text, with every bytea as hex)."""
    dump = subprocess.run(place.dump, check=True, capture_output=True)
    return list(search.in_bytes(f"{place.node} database", dump.stdout))


def in_files(roots: Iterable[Path], search: Search) -> list[Leak]:
    """Leaks in the raw files below some directories: database pages, write-ahead log, Kafka segments, logs."""
    return [leak for root in roots for path in sorted(root.rglob("*")) if path.is_file() for leak in search.in_file(path)]
