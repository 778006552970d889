"""Identify (精准识别): count who is a labourer and why others are not; judge everybody by another day, shown before it counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date

from libs.common.calendar import is_quarter_end, last_quarter_end
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import Conflict, refuse_field
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import record_changes
from services.registry.rules import identify
from services.registry.rules.changes import FieldChange, Origin
from services.registry.rules.identification import Standing, rule_on, standing_on
from services.registry.rules.runs import Difference, IdentificationRun, Rejudged
from services.registry.store import batches, people
from services.registry.store import identification as store


class DifferenceChanged(Conflict):
    title = "差异已变，请重新查看后再确认 The difference is another one by now: look at it again before it counts"


@dataclass
class Township:
    """How many people of a township are in the register, and how many of them are labourers."""

    people: int = 0
    labourers: int = 0


@dataclass
class Identified:
    """The whole register judged on one day. `ability_unknown`: how many have no 劳动技能, whatever the rule makes of it."""

    as_of: date
    rule: str
    people: int = 0
    labourers: int = 0
    ability_unknown: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    townships: dict[str, Township] = field(default_factory=dict)


async def count_identified(tx: Transaction, as_of: date | None) -> Identified:
    """Everybody within reach, judged by the rule on that day; without a day by that of the register, as lists show it."""
    if as_of is not None and not is_quarter_end(as_of):
        raise _no_quarter_end("/query/as_of")
    day = as_of or await _day_of_register(tx)
    counted = Identified(day, rule_on(day).version)
    for alike in await people.list_judged_groups(tx, day):
        verdict = identify(alike.birth_date, alike.ability, alike.pupil, day)
        township = counted.townships.setdefault(alike.township, Township())
        township.people += alike.people
        township.labourers += alike.people * verdict.labourer
        counted.people += alike.people
        counted.labourers += alike.people * verdict.labourer
        counted.ability_unknown += alike.people * (not alike.ability)
        counted.reasons.update(dict.fromkeys(verdict.reasons, alike.people))
    return counted


async def compare_verdicts(tx: Transaction, day: date) -> Difference:
    """Who would be judged otherwise on the end of that quarter. Nothing is changed."""
    if not is_quarter_end(day) or day > tx.node.today():
        raise _no_quarter_end("/day")
    wanted, rejudged = standing_on(day), await store.list_rejudged(tx, rule_on(day), day)
    return Difference(await store.find_standing(tx), wanted, rejudged, await store.count_labourers(tx))


async def count_run(tx: Transaction, caller: Caller, day: date, digest: str) -> tuple[Difference, IdentificationRun]:
    """From now on everybody is judged by that day: just what was shown, and nothing that has changed since."""
    await batches.lock_register(tx)
    await store.lock_standing(tx, alone=True)
    found = await compare_verdicts(tx, day)
    if found.digest != digest:
        raise DifferenceChanged("请先不带 confirm 再看一遍 Ask once more without `confirm`.")
    run = IdentificationRun(
        id=new_id(),
        day=found.wanted.day,
        rule=found.wanted.rule,
        changed=len(found.shown),
        townships=[asdict(each) for each in found.townships],
        counted_by=caller.subject,
        counted_at=tx.node.clock.now(),
    )
    await store.insert_run(tx, run)
    await _rejudge(tx, caller, found)
    tx.trail.note(entities=[f"run:{run.id}"], changed=run.changed, day=str(run.day), rule=run.rule)
    log.info("count_run", day=str(run.day), rule=run.rule, changed=run.changed)
    return found, run


async def _rejudge(tx: Transaction, caller: Caller, found: Difference) -> None:
    """Each change stays on record; matching and the figures follow from that day on."""
    day = found.wanted.day
    await store.update_verdicts(tx, found.people)
    origin = Origin(caller.subject, "form", reason=f"{day} {found.wanted.rule}")
    await record_changes(tx, [change for one in found.people for change in _changes(one, found.wanted)], origin)
    ids = [one.id for one in found.people]
    await announce_people(tx, ids, day)
    if ids:
        await note_figures(tx, ids, day)


def _changes(one: Rejudged, wanted: Standing) -> list[FieldChange]:
    told = [FieldChange(one.id, "reasons", one.before, one.after, wanted.day)]
    if bool(one.before) != bool(one.after):
        told.append(FieldChange(one.id, "labourer", not one.before, not one.after, wanted.day))
    return told


async def _day_of_register(tx: Transaction) -> date:
    standing = await store.find_standing(tx)
    return standing.day if standing else last_quarter_end(tx.node.today())


def _no_quarter_end(pointer: str) -> Exception:
    words = "只在已过的季末认定 Judged at the ends of quarters that are over alone: 03-31, 06-30, 09-30, 12-31."
    return refuse_field(pointer, "quarter_end", words)
