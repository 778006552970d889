"""The standing of data quality in the database: who is due, what they are like, and the findings and sums that follow.

Set-based: a portion of households costs the same few statements in a small register and in a large one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, true

from libs.common.database import Transaction, among, new_id
from libs.common.row_mapping import columns_of, read_rows
from services.registry.rules.quality import Found, Judged, KeptMember
from services.registry.tables import person, situation, wish

# A finding with the digest of its grounds.
Digested = tuple[Found, bytes]


async def lock_quality(tx: Transaction) -> None:
    """One at a time moves the sums; whoever accepts a finding waits for a portion at most."""
    await (await tx.raw()).execute("SELECT pg_advisory_xact_lock(hashtext('quality'), hashtext(current_schema()))")


async def upsert_version(tx: Transaction, version: str) -> bool:
    """Write by which version everybody is judged; answers whether it is another than before."""
    return bool(await (await tx.raw()).fetchval(_VERSION, version))


async def insert_everybody_due(tx: Transaction) -> None:
    await (await tx.raw()).execute("INSERT INTO quality_due (household) SELECT id FROM household")


async def insert_turned_due(tx: Transaction, today: date) -> None:
    """Whoever has had the birthday on which the rules may judge otherwise."""
    await (await tx.raw()).execute(_TURNED, today)


async def insert_due(tx: Transaction, homes: Collection[UUID]) -> None:
    await (await tx.raw()).execute("INSERT INTO quality_due (household) SELECT unnest($1::uuid[])", list(homes))


async def delete_due(tx: Transaction, limit: int) -> list[UUID] | None:
    """Take so many households of those that are due, and where people came from or went to. None: nobody is due."""
    driver = await tx.raw()
    taken = await driver.fetch(_TAKE, limit)
    if not taken:
        return None
    homes = sorted({row["household"] for row in taken})
    return [row["id"] for row in await driver.fetch(_HOMES, homes)]


async def count_due(tx: Transaction, most: int) -> int:
    """How many changes wait, as far as `most`."""
    return int(await (await tx.raw()).fetchval("SELECT count(*) FROM (SELECT FROM quality_due LIMIT $1) AS due", most))


async def list_kept_members(tx: Transaction, homes: Collection[UUID]) -> list[KeptMember]:
    """Everybody who lives in these households, in the order of entry."""
    told = [*columns_of(person, KeptMember), *_WORK.c, *_SAID.c]
    query = select(*told).select_from(person.outerjoin(_WORK, true()).outerjoin(_SAID, true()))
    query = query.where(among(person.c.household, homes), person.c.left_on.is_(None)).order_by(person.c.id)
    return read_rows(KeptMember, await tx.execute(query))


async def list_shared(tx: Transaction, tokens: Collection[bytes], but: Collection[UUID]) -> set[bytes]:
    """Which of these phones a household has that is none of those."""
    return {row["token"] for row in await (await tx.raw()).fetch(_SHARED, list(tokens), list(but))}


async def update_phones(tx: Transaction, homes: Collection[UUID], phones: Mapping[UUID, Collection[bytes]]) -> None:
    """Write the phones of these households. Whoever now shares one of them with nobody, or for the first time, is due too."""
    driver = await tx.raw()
    before = {(row["household"], row["token"]) for row in await driver.fetch(_PHONES, list(homes))}
    after = {(home, token) for home, tokens in phones.items() for token in tokens}
    gone, fresh = sorted(before - after), sorted(after - before)
    await driver.execute(_FORGET_PHONES, *_columns(gone, 2))
    await driver.execute(_KEEP_PHONES, *_columns(fresh, 2))
    if changed := {token for _, token in gone + fresh}:
        await driver.execute(_LAST_SHARERS, list(changed), list(homes))


async def update_standing(
    tx: Transaction, homes: Collection[UUID], judged: Sequence[Judged], found: Sequence[Digested], now: datetime
) -> None:
    """Write what was judged of these households over what was before, and move the sums by the difference."""
    driver = await tx.raw()
    before = await driver.fetch("SELECT person FROM quality_person WHERE household = ANY($1)", list(homes))
    people = sorted({row["person"] for row in before} | {each.person for each in judged})
    await driver.execute(_MOVE, people, -1)
    await driver.execute("DELETE FROM quality_person WHERE person = ANY($1)", people)
    await driver.execute(_JUDGED, *_columns([astuple(each) for each in judged], len(fields(Judged))))
    told = [(new_id(), each.person, each.rule, each.field, digest) for each, digest in found]
    await driver.execute(_REPAIRED, people, *_columns([line[1:4] for line in told], 3))
    await driver.execute(_FOUND, *_columns(told, 5), now)
    await driver.execute(_MOVE, people, 1)


async def delete_standing(tx: Transaction, one: UUID) -> dict[str, int]:
    """Everything of somebody, who is counted out; rows by table."""
    await update_figures(tx, one, -1)
    driver = await tx.raw()
    gone = {name: await driver.execute(f"DELETE FROM {name} WHERE person = $1", one) for name in _OF_PEOPLE}
    return {name: int(said.split()[-1]) for name, said in gone.items()}


async def update_figures(tx: Transaction, one: UUID, amount: int) -> None:
    """Count everything of somebody out of the sums (-1) or into them (1)."""
    await (await tx.raw()).execute(_MOVE, [one], amount)


def _columns(lines: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    """Rows as an array for each column."""
    return [list(column) for column in zip(*lines, strict=True)] or [[] for _ in range(width)]


_WORK = (
    select(situation.c.work_place, situation.c.channel, situation.c.source)
    .where(situation.c.person == person.c.id)
    .order_by(situation.c.since.desc())
    .limit(1)
    .lateral("work")
)
_SAID = (
    select(
        wish.c.facts["willing"].as_boolean().label("willing"),
        wish.c.facts["wage_expected"].as_integer().label("wage_expected"),
        wish.c.facts["wage_minimum"].as_integer().label("wage_minimum"),
    )
    .where(wish.c.person == person.c.id)
    .order_by(wish.c.visited.desc())
    .limit(1)
    .lateral("said")
)

_OF_PEOPLE = ("quality_finding", "quality_person")

_VERSION = """
WITH gone AS (DELETE FROM quality_version WHERE version <> $1)
INSERT INTO quality_version (version) VALUES ($1) ON CONFLICT DO NOTHING RETURNING true
"""

_TURNED = """
WITH turned AS (UPDATE quality_person SET again_on = NULL WHERE again_on <= $1 RETURNING household)
INSERT INTO quality_due (household) SELECT DISTINCT household FROM turned
"""

# A portion of a file notes its households once for its people and once for where they work: so many notes are looked through,
# so that each is judged once.
_TAKE = """
WITH noted AS MATERIALIZED (SELECT id, household FROM quality_due ORDER BY id LIMIT 20 * $1::int),
first AS (SELECT household FROM noted GROUP BY household ORDER BY min(id) LIMIT $1)
DELETE FROM quality_due WHERE id = ANY(ARRAY(SELECT id FROM noted JOIN first USING (household))) RETURNING household
"""

# Whoever has moved is judged where they are, in the same portion in which they are counted out where they were.
_HOMES = """
SELECT unnest($1::uuid[]) AS id
UNION SELECT p.household FROM quality_person q JOIN person p ON p.id = q.person WHERE q.household = ANY($1)
"""

_SHARED = """
SELECT token FROM unnest($1::bytea[]) AS given(token)
WHERE EXISTS (SELECT FROM quality_phone q WHERE q.token = given.token AND q.household <> ALL($2::uuid[]))
"""

_PHONES = "SELECT household, token FROM quality_phone WHERE household = ANY($1)"

_FORGET_PHONES = """
DELETE FROM quality_phone q USING unnest($1::uuid[], $2::bytea[]) AS gone(household, token)
WHERE q.household = gone.household AND q.token = gone.token
"""

_KEEP_PHONES = """
INSERT INTO quality_phone (household, token) SELECT * FROM unnest($1::uuid[], $2::bytea[]) ON CONFLICT DO NOTHING
"""

# Where two others share a phone, they share it whoever else does: only a single other one may be judged otherwise now.
_LAST_SHARERS = """
INSERT INTO quality_due (household)
SELECT DISTINCT other.household FROM unnest($1::bytea[]) AS given(token), LATERAL (
  SELECT (array_agg(household))[1] AS household FROM (
    SELECT DISTINCT household FROM quality_phone q WHERE q.token = given.token AND q.household <> ALL($2::uuid[]) LIMIT 2
  ) AS two HAVING count(*) = 1
) AS other
"""

_JUDGED = """
INSERT INTO quality_person (person, household, township, village, complete, again_on)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bool[], $6::date[])
"""

_REPAIRED = """
DELETE FROM quality_finding f WHERE f.person = ANY($1) AND NOT EXISTS (
  SELECT FROM unnest($2::uuid[], $3::text[], $4::text[]) AS still(person, rule, field)
  WHERE (still.person, still.rule, still.field) = (f.person, f.rule, f.field)
)
"""

# Accepted is what rested on these facts and no others.
_FOUND = """
INSERT INTO quality_finding AS known (id, person, household, township, village, rule, field, grounds, found_at)
SELECT f.id, f.person, q.household, q.township, q.village, f.rule, f.field, f.grounds, $6
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[]) AS f(id, person, rule, field, grounds)
JOIN quality_person q ON q.person = f.person
ON CONFLICT (person, rule, field) DO UPDATE SET
  household = excluded.household, township = excluded.township, village = excluded.village, grounds = excluded.grounds,
  state = CASE WHEN known.grounds = excluded.grounds THEN known.state ELSE 'open' END,
  accepted_by = CASE WHEN known.grounds = excluded.grounds THEN known.accepted_by END,
  accepted_at = CASE WHEN known.grounds = excluded.grounds THEN known.accepted_at END,
  reason = CASE WHEN known.grounds = excluded.grounds THEN known.reason END,
  version = known.version + 1
WHERE (known.household, known.township, known.village, known.grounds)
  <> (excluded.household, excluded.township, excluded.village, excluded.grounds)
"""

# By each village in one order, so that nobody waits in a circle.
_MOVE = """
INSERT INTO quality_figure AS sums (township, village, rule, figure, amount)
SELECT township, village, rule, figure, $2 * count(*) FROM (
  SELECT township, village, '' AS rule, 'people' AS figure FROM quality_person WHERE person = ANY($1)
  UNION ALL SELECT township, village, '', 'complete' FROM quality_person WHERE person = ANY($1) AND complete
  UNION ALL SELECT township, village, rule, state FROM quality_finding WHERE person = ANY($1)
) AS counted GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
ON CONFLICT (township, village, rule, figure) DO UPDATE SET amount = sums.amount + excluded.amount
"""
