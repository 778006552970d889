"""Keep data quality standing (数据质量): whoever changed is judged again in portions; what cannot be otherwise is accepted with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from operator import attrgetter
from uuid import UUID

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.privacy import Vault
from libs.common.row_mapping import maker_of
from libs.common.telemetry import log
from services.registry.operations.sealing import open_field
from services.registry.rules.quality import (
    FindingAccepted,
    Found,
    Home,
    Judged,
    KeptMember,
    Member,
    NamedFinding,
    rule_set,
)
from services.registry.rules.quality_judging import judge_home, next_turn
from services.registry.store import quality
from services.registry.store import quality_standing as standing

PHONE, GROUNDS = "registry.quality.phone", "registry.quality.grounds"
_SEALED = ("number", "phone", "household_phone")
_OPENED = tuple((name, f"person.{name}") for name in _SEALED)
_PLAIN = tuple(field.name for field in fields(Member) if field.name not in _SEALED)
_plain, _member = attrgetter(*_PLAIN), maker_of(Member, (*_PLAIN, *_SEALED))
# So much of a digest: nobody shares these by chance.
_BYTES = 8


async def judge_due(tx: Transaction, most: int) -> int:
    """Judge some of those who are due by the rules as they are today; answers how many households."""
    await standing.lock_quality(tx)
    today = tx.node.today()
    if await standing.upsert_version(tx, rule_set().version):
        await standing.insert_everybody_due(tx)
    await standing.insert_turned_due(tx, today)
    homes = await standing.delete_due(tx, most)
    if homes is None:
        return 0
    members = [_opened(tx.node.vault, each) for each in await standing.list_kept_members(tx, homes)]
    await _judge(tx, homes, members, today)
    return len(homes)


async def _judge(tx: Transaction, homes: Sequence[UUID], members: Sequence[Member], today: date) -> None:
    vault, by_home = tx.node.vault, defaultdict[UUID, list[Member]](list)
    for each in members:
        by_home[each.household].append(each)
    tokens = {phone: _digest(vault, phone, PHONE) for each in members for phone in each.phones}
    having = defaultdict[str, set[UUID]](set)
    for each in members:
        for phone in each.phones:
            having[phone].add(each.household)
    elsewhere = await standing.list_shared(tx, list(tokens.values()), homes)
    shared = frozenset(phone for phone, token in tokens.items() if token in elsewhere or len(having[phone]) > 1)
    found = [each for lives in by_home.values() for each in judge_home(Home(tuple(lives), today, shared))]
    phones = {home: {tokens[phone] for one in lives for phone in one.phones} for home, lives in by_home.items()}
    await standing.update_phones(tx, homes, phones)
    digested = [(each, _digest(vault, each.grounds, GROUNDS)) for each in found]
    await standing.update_standing(tx, homes, _judged(members, found, today), digested, tx.node.clock.now())


def _judged(members: Sequence[Member], found: Sequence[Found], today: date) -> list[Judged]:
    rules = rule_set().rules
    lacking = {each.person for each in found if rules[each.rule].required}
    return [
        Judged(
            person=each.id,
            household=each.household,
            township=each.township,
            village=each.village,
            complete=each.id not in lacking,
            again_on=next_turn(each.birth_date, today),
        )
        for each in members
    ]


def _opened(vault: Vault, kept: KeptMember) -> Member:
    opened = [open_field(vault, field, getattr(kept, f"{name}_sealed")) for name, field in _OPENED]
    return _member([*_plain(kept), *opened])


def _digest(vault: Vault, text: str, purpose: str) -> bytes:
    return vault.blind_index(text, purpose=purpose)[:_BYTES]


async def accept_finding(tx: Transaction, caller: Caller, one: UUID, reason: str, *, version: Versions) -> NamedFinding:
    """It is as it is, and why; until a fact that it rests on is another."""
    await standing.lock_quality(tx)
    finding = await quality.lock_finding(tx, one)
    check_version(version, finding.version)
    if finding.state == "accepted":
        raise FindingAccepted()
    await tx.widen()
    await standing.update_figures(tx, finding.person, -1)
    accepted = replace(
        finding,
        state="accepted",
        accepted_by=caller.subject,
        accepted_at=tx.node.clock.now(),
        reason=reason,
        version=finding.version + 1,
    )
    await quality.update_finding(tx, accepted)
    await standing.update_figures(tx, finding.person, 1)
    tx.trail.note(persons=[finding.person], fields=[finding.field])
    log.info("accept_finding", finding=str(one), rule=finding.rule)
    return accepted


async def accept_as_before(tx: Transaction, goes: UUID, stays: UUID) -> None:
    """What was accepted of one is accepted of the other who is the same person, while it rests on the same facts."""
    await standing.lock_quality(tx)
    for amount in (-1, 1):
        for one in (goes, stays):
            await standing.update_figures(tx, one, amount)
        if amount < 0:
            await quality.update_findings_followed(tx, goes, stays)
