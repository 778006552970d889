"""稳岗率: the county asks for its people, the city for its guests, by the same rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from services.retention.rules.rate import Checked, Placement, Rate, check_all, retention_rate
from services.retention.rules.spells import Spell
from services.retention.store import verifications
from services.retention.store.spells import as_rule_sees


async def count_retention(tx: Transaction, *, month: int, as_of: date, county: str | None, city: str | None) -> Rate:
    """稳岗率 at `month` months as of a day, over the placings that the caller may see."""
    return retention_rate(await placements_of(tx, county, city), month, as_of)


async def list_checked(
    tx: Transaction, *, month: int, as_of: date, county: str | None, city: str | None
) -> list[Checked]:
    """The list behind the rate: the denominator one by one."""
    return check_all(await placements_of(tx, county, city), month, as_of)


async def placements_of(tx: Transaction, county: str | None, city: str | None) -> list[Placement]:
    """Placings in the order of their introductions, between a county and a city where these are given."""
    rows = await verifications.placed(tx)
    chosen = [row for row in rows if county in (None, row.county) and city in (None, row.city)]
    answers = await verifications.findings(tx)
    by_person = spells_by_person(rows)
    placements = []
    for introduction, group in groupby(chosen, key=lambda row: row.introduction):
        own = list(group)
        spells = by_person.get(own[0].person) or [as_rule_sees(row) for row in own]
        placements.append(Placement(as_rule_sees(own[0]), spells, answers.get(introduction, [])))
    return placements


def spells_by_person(rows: Sequence[Row[Any]]) -> dict[UUID, list[Spell]]:
    """At home a person's spells of all introductions belong together; a city knows only the introduction."""
    spells: dict[UUID, list[Spell]] = {}
    for row in rows:
        if row.person is not None:
            spells.setdefault(row.person, []).append(as_rule_sees(row))
    return spells
