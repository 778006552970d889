"""Both sides of an agreement hear the same in other orders, late and twice: the same figure and list, each person once, and the figures
are the list's sums however they moved."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from libs.common.calendar import add_days
from libs.common.database import new_id
from libs.common.events.envelope import Event
from libs.common.events.retention import RepeatNoted, RepeatReported, SpellReported, SpellStarted
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from tests.integration.jobs.test_agreements import Party
from tests.integration.jobs.test_employers import FIRM, OTHER
from tests.support.nodes import Nodes
from tests.support.telling import tell

# Of somebody: which of five people, on which day from a month before the term, at which firm, and whether it is put right later.
start = st.tuples(st.integers(0, 4), st.integers(-30, 400), st.sampled_from([FIRM, OTHER, None]), st.booleans())
LIST = text(
    "SELECT kind, county, subject, reference, day, employer_uscc FROM counted WHERE agreement = :agreement ORDER BY 1, 2, 3"
)
SUMS = text(
    "SELECT kind, county, employer_uscc, month, reached FROM tallies WHERE agreement = :agreement AND reached <> 0"
)


async def listed(context: ServiceContext, agreement: str) -> list[tuple[object, ...]]:
    async with context.database.reading() as tx:
        return [tuple(row) for row in await tx.execute(LIST, {"agreement": agreement})]


async def check_sums(context: ServiceContext, agreement: str) -> None:
    wanted: Counter[tuple[object, ...]] = Counter()
    for kind, county, _, _, day, firm in await listed(context, agreement):
        wanted[kind, county, "", day.replace(day=1)] += 1  # type: ignore[attr-defined]
        if kind == "posts" and firm:
            wanted[kind, "", firm, day.replace(day=1)] += 1  # type: ignore[attr-defined]
    async with context.database.reading() as tx:
        rows = await tx.execute(SUMS, {"agreement": agreement})
        assert {tuple(row)[:4]: row.reached for row in rows} == wanted


@pytest.fixture
async def party(nodes: Nodes) -> Party:
    return Party(*[await nodes.open(SERVICE, node) for node in ("n370100", "n433124", "n433126")])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(starts=st.lists(start, min_size=1, max_size=8), chance=st.randoms(use_true_random=False), entered=st.booleans())
async def test_both_sides_end_with_the_same_list(
    party: Party, starts: list[tuple[int, int, str | None, bool]], chance: Random, entered: bool
) -> None:
    await party.end_all()
    term: dict[str, Any] = {"since": "2017-01-01", "until": "2017-12-31"}
    made = await party.enter(**term) if entered else {}
    introductions = [new_id() for _ in starts]
    for context, kinds in (
        (party.city, (SpellStarted, RepeatReported, "n433124")),
        (party.county, (SpellReported, RepeatNoted, "n370100")),
    ):
        for event in _shuffled(chance, _news(starts, introductions)):
            await _tell(context, event, *kinds)
    made = made or await party.enter(**term)
    ours, theirs = [await listed(context, made["id"]) for context in (party.city, party.county)]
    assert _posts(ours) == _posts(theirs)
    assert {row[3] for row in _posts(ours)} & set(introductions) == _wanted(starts, introductions)
    for context in (party.city, party.county):
        await check_sums(context, made["id"])


async def _tell(context: ServiceContext, event: Event, start: type[Event], repeat: type[Event], partner: str) -> None:
    """As this side hears it: of its own services, or of the other node."""
    said = (repeat if isinstance(event, RepeatNoted) else start)(**event.model_dump())
    await tell(context, said, node=partner if said.AUDIENCE == "to" else None, service="retention")


def _news(starts: list[tuple[int, int, str | None, bool]], introductions: list[UUID]) -> list[list[Event]]:
    """By introduction, in the order in which it is told: perhaps a wrong day first, then whose it is."""
    people: dict[int, UUID] = {}
    found = []
    for (person, days, firm, corrected), introduction in zip(starts, introductions, strict=True):
        first = people.setdefault(person, introduction)
        facts = {"introduction": introduction, "county": "433124", "city": "370100"}
        spell = SpellReported(
            **facts,
            spell=UUID(int=introduction.int ^ 1),
            vacancy=introduction,
            employer_uscc=firm,
            start=_day(days),
            wage_fen=1,
        )
        wrong = [spell.model_copy(update={"start": date(2017, 7, 1)})] if corrected else []
        repeat = [RepeatNoted(**facts, first=first, on=_day(days))] if first != introduction else []
        found.append([*wrong, spell, spell, *repeat])
    return found


def _day(days: int) -> date:
    return add_days(date(2017, 1, 1), days)


def _shuffled(chance: Random, told: list[list[Event]]) -> list[Event]:
    """One after another from any of them: what is told of one introduction keeps its order, but whose it is may come at any time."""
    lines = [list(each) for each in told]
    for line in list(lines):
        if isinstance(line[-1], RepeatNoted):
            lines.append([line.pop()])
    order = [number for number, line in enumerate(lines) for _ in line]
    chance.shuffle(order)
    return [lines[number].pop(0) for number in order]


def _wanted(starts: list[tuple[int, int, str | None, bool]], introductions: list[UUID]) -> set[UUID]:
    """Of each person the first start within the term."""
    found: dict[int, tuple[int, UUID]] = {}
    for (person, days, _, _), introduction in zip(starts, introductions, strict=True):
        if 0 <= days < 365:
            found[person] = min(found.get(person, (days, introduction)), (days, introduction))
    return {introduction for _, introduction in found.values()}


def _posts(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [row for row in rows if row[0] == "posts"]
