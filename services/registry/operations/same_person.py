"""Who is perhaps the same person (疑似重复), asked on every way in: by equal keys, in one statement for however many people.

Whoever is alike becomes a pair that waits for a decision, and keeps nobody out (decision 0041).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.registry.operations.sealing import open_person
from services.registry.rules.changes import Origin
from services.registry.rules.comparing import ComparedFact, compare_facts
from services.registry.rules.people import Person, WrittenPerson
from services.registry.rules.same_person import RULES, Alike, Pair, PairDecided, Rule, Way, find_pairs
from services.registry.store import people, same_person


async def enter_people(tx: Transaction, added: Sequence[WrittenPerson], origin: Origin) -> list[Pair]:
    """The one place where people come in, by whichever way; answers the pairs that were found."""
    await people.insert_people(tx, added)
    return await raise_pairs(tx, added, origin)


async def raise_pairs(tx: Transaction, written: Sequence[WrittenPerson], origin: Origin) -> list[Pair]:
    """Of whoever has just been written with a name, birth date or village: the pairs that nobody has asked about."""
    alike = {each.id: each for each in written if each.alike is not None}
    entered = [Alike(each.id, each.household, each.birth_date, frozenset(each.alike or ())) for each in alike.values()]
    return await pair_alike(tx, entered, by=origin.by, way=origin.source, batch=origin.batch)


async def pair_alike(
    tx: Transaction, entered: Sequence[Alike], *, by: str, way: Way, batch: UUID | None = None
) -> list[Pair]:
    """Those whose keys are on record already, with whoever has the same ones."""
    known = await same_person.list_alike(tx, {key for each in entered for key in each.keys})
    found = find_pairs(entered, known)
    pairs = [_pair(tx, both, rule, by, way, batch) for both, rule in sorted(found.items())]
    raised = await same_person.insert_pairs_if_absent(tx, pairs)
    if raised:
        log.info("pair_alike", pairs=len(raised), way=way)
    return raised


async def find_alike(tx: Transaction, one: Alike) -> list[Person]:
    """Who is perhaps the same as somebody who is not in the register yet."""
    found = find_pairs([one], await same_person.list_alike(tx, one.keys))
    others = {each for both in found for each in both} - {one.id}
    return await people.list_people(tx, others)


async def compare(tx: Transaction, pair: Pair) -> list[ComparedFact]:
    """Every fact of both, as they stand."""
    both = pair.one, pair.other
    kept = {each.id: open_person(tx.node.vault, each) for each in await people.list_people(tx, both)}
    states = {each.id: each for each in await people.list_people_by_id(tx, both)}
    return compare_facts((states[pair.one], states[pair.other]), (kept[pair.one], kept[pair.other]))


async def state_pair(tx: Transaction, caller: Caller, one: UUID, other: UUID) -> Pair:
    """An officer says that two people are perhaps one; a pair that is there already is answered as it stands."""
    for each in (one, other):
        await people.get_person(tx, each)
    both = min(one, other), max(one, other)
    stated = _pair(tx, both, "stated", caller.subject, "form", None)
    tx.trail.note(persons=both)
    raised = await same_person.insert_pairs_if_absent(tx, [stated])
    return raised[0] if raised else await same_person.get_pair_of(tx, *both)


async def decide_different(tx: Transaction, caller: Caller, one: UUID, reason: str, version: Versions) -> Pair:
    """They are two people, and the pair is not raised again."""
    pair = await lock_open(tx, one, version)
    decided = pair.decided("different", caller.subject, tx.node.clock.now(), reason)
    await same_person.update_pair(tx, decided)
    tx.trail.note(persons=[pair.one, pair.other], entities=[f"duplicate:{one}"])
    log.info("decide_different", pair=str(one))
    return decided


async def lock_open(tx: Transaction, one: UUID, version: Versions) -> Pair:
    """A pair that nobody has decided, as the caller has seen it."""
    pair = await same_person.lock_pair(tx, one)
    check_version(version, pair.version)
    if pair.state != "open":
        raise PairDecided()
    return pair


async def note_different(tx: Transaction, raised: Collection[Pair], others: Collection[UUID], by: str) -> None:
    """Whoever entered the person has said of these that they are others."""
    for pair in raised:
        if {pair.one, pair.other} & set(others):
            await same_person.update_pair(tx, pair.decided("different", by, tx.node.clock.now(), "different_from"))


def _pair(tx: Transaction, both: tuple[UUID, UUID], rule: Rule, by: str, way: Way, batch: UUID | None) -> Pair:
    return Pair(
        id=new_id(),
        one=both[0],
        other=both[1],
        rule=rule,
        rules=RULES,
        way=way,
        batch=batch,
        found_by=by,
        found_at=tx.node.clock.now(),
    )
