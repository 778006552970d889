"""稳岗率 in SQL: the same as one placing after another in memory, and its list page by page."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from random import Random
from uuid import UUID

import pytest

from libs.common.calendar import quarter_of
from libs.common.database import Transaction, new_id
from libs.common.service import ServiceContext
from services.retention.app import SERVICE
from services.retention.operations import verification
from services.retention.rules.introductions import Introduction
from services.retention.rules.rate import retention_rate
from services.retention.rules.spells import Spell
from services.retention.rules.verification import Finding
from services.retention.store import introductions, rates, spells, verifications
from tests.support.nodes import Nodes, client_of
from tests.support.plain_rate import Placement, checks_due

START, COUNTY, CITIES = date(2017, 1, 10), "433124", ("440300", "430100")


def some_spells(dice: Random, introduction: UUID, person: UUID, city: str) -> list[Spell]:
    """One to three spells, of one or two employers, overlapping or not; the last may still run."""
    first = START + timedelta(days=dice.randrange(60))
    made = []
    for _ in range(dice.randint(1, 3)):
        last = first + timedelta(days=dice.randrange(120))
        made.append(
            Spell(
                id=new_id(),
                introduction=introduction,
                county=COUNTY,
                city=city,
                vacancy=introduction,
                employer_uscc=dice.choice(["91440300MA5D8C1X2T", "91440300MA5EQ2WX7B"]),
                occupation=None,
                start=first,
                wage_fen=300000,
                assisted=True,
                end=last,
                person=person,
            )
        )
        first = last + timedelta(days=dice.randint(1, 40))
    return made


def some_findings(dice: Random) -> list[Finding]:
    days = sorted({START + timedelta(days=dice.randrange(200)) for _ in range(dice.randrange(4))})
    return [
        Finding(quarter_of(day), dice.choice(["in_work", "left", "unreachable"]), dice.choice([None, "roster"]), day)
        for day in days
    ]


async def write(tx: Transaction, made: list[Spell], findings: list[Finding], person: UUID) -> None:
    one = made[0]
    known = Introduction(id=one.introduction, county=COUNTY, city=one.city, person=person)
    await introductions.upsert_introduction(tx, known)
    for spell in made:
        await spells.upsert_spell(tx, spell)
        assert spell.end is not None
        await spells.update_spell_ended(tx, spell.id, end=spell.end, reason="own_wish", returned_home=False)
    for found in findings:
        await verifications.upsert_finding(tx, one.introduction, f"n{one.city}", found)


async def furnish(context: ServiceContext, seed: int) -> list[Placement]:
    """Twenty introductions of twelve people."""
    dice, people = Random(seed), [new_id() for _ in range(12)]
    placed: list[tuple[UUID, list[Spell], list[Finding]]] = []
    async with context.database.transaction() as tx:
        for _ in range(20):
            person = dice.choice(people)
            made, findings = some_spells(dice, new_id(), person, dice.choice(CITIES)), some_findings(dice)
            await write(tx, made, findings, person)
            placed.append((person, made, findings))
    placed.sort(key=lambda one: (one[0], one[1][0].introduction))
    every = {
        person: [spell for _, made, _ in group for spell in made]
        for person, group in groupby(placed, key=lambda one: one[0])
    }
    return [Placement(made[0], every[person], findings) for person, made, findings in placed]


async def test_the_statements_find_what_one_placing_after_another_finds(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n433124")
    placements = await furnish(context, seed=14)
    for month in (1, 3, 6):
        for as_of in (date(2017, 2, 20), date(2017, 4, 30), date(2017, 12, 31)):
            for city in (None, *CITIES):
                chosen = [one for one in placements if city in (None, one.first.city)]
                expected = checks_due(chosen, month, as_of)
                async with context.database.transaction() as tx:
                    counted = await rates.count_checks(tx, month, as_of, COUNTY, city)
                    listed = await rates.list_checks(tx, month, as_of, None, city, None, 100)
                assert {one.introduction: one for one in listed} == expected
                plain = retention_rate([(one.check, 1) for one in expected.values()], month, as_of)
                assert retention_rate(counted, month, as_of) == plain


async def test_the_list_comes_page_by_page(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n433124")
    placements = await furnish(context, seed=3)
    seen: list[str] = []
    asked: dict[str, str | int] = {"month": 1, "as_of": "2017-12-31", "limit": 7}
    async with client_of(context) as door:
        while True:
            page = (await door.get("/retention/v1/retention-rate/list", params=asked)).json()
            assert len(page["items"]) <= 7
            seen += [one["introduction"] for one in page["items"]]
            if page["next"] is None:
                break
            asked["after"] = page["next"]
    assert sorted(seen) == sorted(str(one.first.introduction) for one in placements)


async def test_a_quarter_is_opened_batch_by_batch(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "BATCH", 6)
    context = await nodes.open(SERVICE, "n433124")
    await furnish(context, seed=5)
    async with client_of(context) as door:
        opened = (await door.post("/retention/v1/verifications", json={"quarter": "2017Q2"})).json()
        again = (await door.post("/retention/v1/verifications", json={"quarter": "2017Q2"})).json()
        listed = (await door.get("/retention/v1/verifications", params={"quarter": "2017Q2", "limit": 50})).json()
    assert (opened["added"], again["added"], len(listed["items"])) == (20, 0, 20)
