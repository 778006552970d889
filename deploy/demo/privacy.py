"""姓名不出县, step 9: what may not be readable outside its county is searched for in everything the other nodes hold."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path

from python_calamine import CalamineWorkbook

from deploy.demo.leaks import Leak, Search, Secret, known_at_home_alone, worth_searching
from deploy.demo.revealing import reveal_all
from deploy.demo.story import NodePlace, Story
from deploy.demo.topics import read_topics
from deploy.local.errors import OperatorError
from deploy.local.paths import REPOSITORY
from libs.common.sheets.encodings import decode

WHERE = ("topics", "databases", "files and logs")
Secrets = Mapping[str, list[Secret]]


async def play(story: Story) -> None:
    """Each node is searched once, for the numbers, phones and tell-tale names of every county but its own."""
    secrets = {county: await secrets_of(story, county) for county in story.counties}
    found: dict[tuple[str, str], set[str]] = {}
    for place in story.places.values():
        story.tell(f"  searching {place.name}")
        for where, leak in await _search(place, secrets):
            found.setdefault((leak.home, where), set()).add(f"{leak.kind} as {leak.encoding} in {leak.place}")
    for county in story.counties:
        for where in WHERE:
            leaks = sorted(found.get((county, where), ()))
            detail = leaks[:5] or f"{len(secrets[county])} secrets in all encodings, {len(story.places) - 1} nodes"
            story.check(f"{county}: nothing readable in other nodes' {where}", not leaks, detail)
        home = [leak async for leak in _in_topics(story.places[county], Search(secrets[county]))]
        story.check(
            f"{county}: no direct identifier on its own topics either", not home, sorted({leak.place for leak in home})
        )


async def _search(place: NodePlace, secrets: Secrets) -> list[tuple[str, Leak]]:
    """Everything a node holds: its topics decompressed, its database as SQL, the raw files and logs."""
    foreign = [secret for county, listed in secrets.items() if county != place.node for secret in listed]
    texts, binary = Search(foreign), Search(foreign, binary=True)
    found = [("topics", leak) async for leak in _in_topics(place, texts)]
    found += [("databases", leak) for leak in await asyncio.to_thread(in_database, place, texts)]
    return found + [("files and logs", leak) for leak in await asyncio.to_thread(in_files, [place.home], binary)]


async def secrets_of(story: Story, county: str) -> list[Secret]:
    """What the county's registry says in plain to an officer with a second one's approval; only names that prove something."""
    listed = await story.pages(county, "/registry/v1/labourers")
    people = await reveal_all(story, county)
    others = [path for path in story.data.glob("*-*.*") if county[1:] not in path.name]
    places = {person[which] for person in listed for which in ("township", "village")}
    elsewhere = "\n".join([*places, *_texts(others), *_own_words()])
    names = worth_searching((person["name"] for person in people), elsewhere)
    numbers = {person["number"] for person in people if person.get("number")}
    phones = known_at_home_alone(
        (person[which] for person in people for which in ("phone", "household_phone") if person.get(which)), elsewhere
    )
    kinds = (("number", numbers), ("phone", phones), ("name", names))
    counted = f"{len(numbers)} numbers, {len(phones)} phones, {len(names)} names"
    story.check(f"{county}: there is something to search for", len(numbers) == len(listed) > 0, counted)
    return [Secret(kind, text, county) for kind, texts in kinds for text in sorted(texts)]


def _texts(paths: Iterable[Path]) -> Iterator[str]:
    """Every cell of some files as text."""
    for path in paths:
        if path.suffix == ".csv":
            yield decode(path.read_bytes(), len)[0]
        elif path.suffix == ".xlsx":
            book = CalamineWorkbook.from_path(path)
            for sheet in book.sheet_names:
                yield "\n".join(str(cell) for row in book.get_sheet_by_name(sheet).to_python() for cell in row)


def _own_words() -> Iterator[str]:
    """What the house itself says on every node: somebody may be called 龙山 or 石门, as counties are."""
    for folder in ("libs", "services"):
        for path in (REPOSITORY / folder).rglob("*"):
            if path.suffix in (".py", ".json", ".html", ".po") and "node_modules" not in path.parts:
                yield path.read_text(encoding="utf-8")


async def _in_topics(place: NodePlace, search: Search) -> AsyncIterator[Leak]:
    async for record in read_topics(place.kafka):
        content = b"\n".join([record.key or b"", record.value or b"", *(value for _, value in record.headers)])
        for leak in search.in_bytes(f"{place.node} {record.topic}", content):
            yield leak


def in_database(place: NodePlace, search: Search) -> list[Leak]:
    """Leaks in a dump of the node's whole database (text, with every bytea as hex)."""
    dump = subprocess.run(place.dump, check=False, capture_output=True)
    if dump.returncode:
        raise OperatorError(
            f"the database of {place.node} could not be read: {dump.stderr.decode(errors='replace').strip()}"
        )
    return list(search.in_bytes(f"{place.node} database", dump.stdout))


def in_files(roots: Iterable[Path], search: Search) -> list[Leak]:
    """Leaks in the raw files below some directories: database pages, write-ahead log, Kafka segments, logs."""
    return [leak for root in roots for path in _below(root) for leak in search.in_file(path)]


def _below(root: Path) -> list[Path]:
    """The files below a directory; unlike `rglob`, a walk passes over a directory that a living server removes meanwhile."""
    found = [Path(folder) / name for folder, _, names in os.walk(root) for name in names]
    return sorted(path for path in found if path.is_file())
