"""Two people are one (合并), and two again (撤销合并): facts, what hangs on them, lists, figures and the other services follow.

Who goes stays on record as on the day of the merge, in no list of any day; files, phones and events that name them mean who stays.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from libs.common.api.preconditions import Versions
from libs.common.database import Transaction, new_id
from libs.common.events.registry import LabourersMerged, LabourersUnmerged
from libs.common.identity import Caller
from libs.common.outbox import announce
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import record_changes, write_changes
from services.registry.operations.households import check_single_head, close_empty, reopen, weigh_households
from services.registry.operations.quality import accept_as_before
from services.registry.operations.same_person import lock_open
from services.registry.operations.sealing import index_number, open_field, open_person, seal_field
from services.registry.operations.standing import lock_standing
from services.registry.rules.changes import FieldChange, Origin, Restated, text_of
from services.registry.rules.duplicates import refuse_taken
from services.registry.rules.heads import HEAD
from services.registry.rules.identification import judged
from services.registry.rules.merging import (
    Content,
    Key,
    Merge,
    Rows,
    UndoRefused,
    given_back,
    merge_rows,
    refuse_merge,
    taken_over,
    undo_rows,
)
from services.registry.rules.people import Facts, Person, PersonState
from services.registry.rules.same_person import Pair
from services.registry.store import merges as store
from services.registry.store import people, same_person


async def merge_pair(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    stays: UUID,
    taken: Collection[str],
    *,
    on: date,
    reason: str | None,
    version: Versions,
) -> Pair:
    """They are one person: `stays` keeps the id, and of the other come the facts that were taken."""
    standing = await lock_standing(tx, on, caller.subject)
    pair = await lock_open(tx, one, version)
    locked = {each: await people.lock_person(tx, each) for each in (pair.one, pair.other)}
    if stays not in locked:
        raise refuse_field("/stays", "not_of_pair", "须为这一对中的一人 One of the two stays.")
    stay, go = locked.pop(stays), locked.popitem()[1]
    await tx.widen()
    await _check(tx, stay, go)
    state = await people.get_person(tx, stay.id, on)
    before, theirs = open_person(tx.node.vault, stay), open_person(tx.node.vault, go)
    after = judged(taken_over(before, theirs, taken), standing)
    change, origin = Restated(stay, before, after, on), Origin(caller.subject, "form", reason=reason)
    merge = _merge(tx, caller, (stay, go), sorted(taken), change, reason)
    await store.insert_merge(tx, merge)
    await store.update_gone(tx, go.id, stay.id, on)
    await _check_head(tx, before, after, stay.id)
    await _restate(tx, go, change, origin)
    partners = await _move_rows(tx, merge, state)
    await store.update_rounds(tx, [go.id, stay.id])
    await accept_as_before(tx, go.id, stay.id)
    await store.insert_carried_pairs(tx, go.id, stay.id)
    told = FieldChange(stay.id, "merged", "", str(go.id), on)
    await _tell(tx, merge, {before.household, theirs.household, after.household}, partners, told, origin)
    await announce(tx, LabourersMerged(merge=merge.id, goes=go.id, stays=stay.id, on=on))
    decided = pair.decided("same", caller.subject, tx.node.clock.now(), reason, merge.id)
    await same_person.update_pair(tx, decided)
    tx.trail.note(persons=[stay.id, go.id], entities=[f"merge:{merge.id}"], fields=sorted(taken))
    log.info("merge_pair", merge=str(merge.id), stays=str(stay.id), goes=str(go.id))
    return decided


async def undo_merge(tx: Transaction, caller: Caller, one: UUID, reason: str, on: date) -> Merge:
    """They are two again. Undone before, it is the same answer."""
    standing = await lock_standing(tx, on, caller.subject)
    merge = await store.lock_merge(tx, one)
    if merge.state == "undone":
        return merge
    await tx.widen()
    stay, go = await _lock_both(tx, merge)
    now, theirs = open_person(tx.node.vault, stay), open_person(tx.node.vault, go)
    facts, later = given_back(now, *_kept(tx, merge))
    facts, origin = judged(facts, standing), Origin(caller.subject, "form", reason=reason)
    await _restate_back(tx, merge, stay, go, Restated(stay, now, facts, on), origin)
    await store.update_returned(tx, go.id, await store.list_beneath(tx, go.id))
    rows, partners = await _move_back(tx, merge)
    await store.update_rounds(tx, [go.id, stay.id])
    undone = merge.undone(caller.subject, tx.node.clock.now(), reason, [*later, *rows])
    await store.update_merge(tx, undone)
    await same_person.update_pairs_undone(tx, undone)
    homes = {now.household, theirs.household, facts.household}
    for home in sorted(homes):
        await reopen(tx, home)
    told = FieldChange(stay.id, "unmerged", str(go.id), "", on)
    await _tell(tx, merge, homes, partners, told, origin)
    await announce(tx, LabourersUnmerged(merge=merge.id, goes=go.id, stays=stay.id, on=on))
    tx.trail.note(persons=[stay.id, go.id], entities=[f"merge:{merge.id}"], later=len(undone.later))
    log.info("undo_merge", merge=str(merge.id), later=len(undone.later))
    return undone


async def _check(tx: Transaction, stay: Person, go: Person) -> None:
    """What somebody must settle first."""
    both = {stay.id, go.id}
    if await store.list_partners(tx, both) & both:
        raise refuse_merge("couple", "两人互为同行者，请先更正意愿 They travel as a couple: put the wish right first.")
    if await store.find_erasing(tx, both):
        raise refuse_merge("erasure", "有删除申请，请先办结 One of them is to be erased: settle that first.")


async def _check_head(tx: Transaction, before: Facts, after: Facts, one: UUID) -> None:
    """Refuse a second head where the kinship or the household is another now."""
    if after.kinship == HEAD and (after.kinship, after.household) != (before.kinship, before.household):
        await check_single_head(tx, after.household, [one])


def _merge(
    tx: Transaction,
    caller: Caller,
    both: tuple[Person, Person],
    taken: Sequence[str],
    change: Restated,
    reason: str | None,
) -> Merge:
    """With what stands there before and after of each fact that is another now, sealed."""
    names = [name for name in change.fields if name not in ("labourer", "reasons")]
    said = [{name: text_of(getattr(facts, name)) for name in names} for facts in (change.before, change.after)]
    sealed = seal_field(tx.node.vault, "merge.before", json.dumps(said, ensure_ascii=False))
    assert sealed is not None
    return Merge(
        id=new_id(),
        goes=both[1].id,
        stays=both[0].id,
        on=change.on,
        taken=list(taken),
        before_sealed=sealed,
        reason=reason,
        merged_by=caller.subject,
        merged_at=tx.node.clock.now(),
        later=[],
    )


def _kept(tx: Transaction, merge: Merge) -> tuple[dict[str, str], dict[str, str]]:
    before, after = json.loads(open_field(tx.node.vault, "merge.before", merge.before_sealed))
    return before, after


async def _restate(tx: Transaction, go: Person, change: Restated, origin: Origin) -> None:
    """The facts of who stays. Each number belongs to one of the two rows, so that files find this person by both."""
    stay, other_number = change.person, "number" in change.fields
    if other_number:
        await store.update_number(tx, go.id, go.id.bytes, go.number_sealed)
    if change.fields:
        await write_changes(tx, [change], origin)
    else:
        await people.update_person_version(tx, stay.id)
    if other_number:
        await store.update_number(tx, go.id, stay.number_index, stay.number_sealed)


async def _restate_back(
    tx: Transaction, merge: Merge, stay: Person, go: Person, change: Restated, origin: Origin
) -> None:
    """The facts as before, and to each the own number, if nobody has it now."""
    _, after = _kept(tx, merge)
    own = index_number(tx.node.vault, after["number"]) if "number" in after else None
    if own and own != stay.number_index:
        known = await people.list_people_by_numbers(tx, [own])
        if known:
            raise refuse_taken(known[own].id)
    if own:
        await store.update_number(tx, go.id, go.id.bytes, go.number_sealed)
    if change.fields:
        await write_changes(tx, [change], origin)
    else:
        await people.update_person_version(tx, stay.id)
    if own:
        sealed = seal_field(tx.node.vault, "person.number", after["number"])
        assert sealed is not None
        await store.update_number(tx, go.id, own, sealed)


async def _lock_both(tx: Transaction, merge: Merge) -> tuple[Person, Person]:
    """Both rows as they stand; refused while who stays was merged further."""
    found = {each.id: each for each in await people.lock_people(tx, [merge.stays, merge.goes])}
    stay, go = found[merge.stays], found[merge.goes]
    if stay.merged_into:
        raise UndoRefused(
            "保留的一方此后又并入他人，请先撤销那次合并 Who stayed was merged since: undo that merge first.",
            extensions={"merged_into": f"/registry/v1/labourers/{stay.merged_into}"},
        )
    return stay, go


async def _move_rows(tx: Transaction, merge: Merge, state: PersonState) -> set[UUID]:
    """What hangs on who goes; answers whose wishes named them. `state`: of who stays, before."""
    stays, goes = await store.list_rows(tx, merge.stays), await store.list_rows(tx, merge.goes)
    made = _work_of(goes, merge.on) if "work_place" in merge.taken else {}
    moved = merge_rows(stays, goes, made)
    plain = [row.key for row in moved if row.stays is None and row.goes == row.after]
    await store.update_rows_moved(tx, plain, merge.goes, merge.stays)
    for key, row in made.items():
        await store.upsert_row(tx, merge.stays, key, row)
    partners = await store.update_partner(tx, merge.goes, merge.stays)
    await store.insert_moved(tx, merge.id, moved, partners)
    work = [
        FieldChange(merge.stays, name, getattr(state, name), row[name], merge.on)
        for row in made.values()
        for name in ("work_place", "channel")
        if getattr(state, name) != row[name]
    ]
    await record_changes(tx, work, Origin(merge.merged_by, "form", reason=merge.reason))
    return set(partners.values())


def _work_of(goes: Rows, on: date) -> dict[Key, Content]:
    """Where the one who goes works, said of the day of the merge."""
    known = [row for key, row in goes.items() if key.table == "situation" and row["since"] <= str(on)]
    newest = max(known, key=lambda row: str(row["since"]), default={"work_place": None, "channel": None})
    said = {"work_place": newest["work_place"], "channel": newest["channel"]}
    return {Key("situation", str(on)): {"since": str(on), **said, "source": "officer", "batch": None}}


async def _move_back(tx: Transaction, merge: Merge) -> tuple[list[str], set[UUID]]:
    """Answers what was written since and stays, and whose wishes name the other again."""
    moved, now = await store.list_moved(tx, merge.id), await store.list_rows(tx, merge.stays)
    undo = undo_rows(moved, now)
    await store.update_rows_moved(tx, undo.back, merge.stays, merge.goes)
    for row in undo.restored:
        if row.stays is None:
            await store.delete_row(tx, merge.stays, row.key)
        else:
            await store.upsert_row(tx, merge.stays, row.key, row.stays)
    for row in undo.again:
        if row.goes is not None and store.is_said_again(row.key):
            again = {**row.goes, "id": str(new_id())} if "id" in row.goes else row.goes
            await store.upsert_row(tx, merge.goes, row.key, again)
    partners = await store.update_partner(tx, merge.stays, merge.goes, await store.list_partner_wishes(tx, merge.id))
    since = {key for key, row in now.items() if str(row.get("id", "")) > str(merge.id)}
    return sorted(f"{key.table}:{key.key}" for key in {*undo.later, *since}), set(partners.values())


async def _tell(
    tx: Transaction, merge: Merge, homes: set[UUID], partners: set[UUID], told: FieldChange, origin: Origin
) -> None:
    await record_changes(tx, [told], origin)
    await close_empty(tx, homes, told.on)
    both = {merge.stays, merge.goes}
    await announce_people(tx, both | partners | set(await weigh_households(tx, homes, told.on)), told.on)
    await note_figures(tx, both, told.on, left=homes)
