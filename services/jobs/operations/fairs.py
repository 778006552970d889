"""A job fair (招聘会) is entered, corrected, opened for sign-up, cancelled, and held by itself; every partner hears of each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction
from libs.common.problems import FieldError, refuse_field
from libs.common.telemetry import log
from services.jobs.operations.employers import lock_listed
from services.jobs.operations.fair_announcing import keep_fair, tell_fair
from services.jobs.operations.vacancies import check_employer
from services.jobs.rules.employers import Employer
from services.jobs.rules.fairs import Booth, Fair, cancelled, changeable, check_day, check_room, opened, over
from services.jobs.rules.refusals import BoothNotFound, TermsRefused
from services.jobs.store import booths, fairs

# What becomes of a fair that nobody could sign up for when its day is over.
NEVER_OPENED = "到期未开放报名"
PORTION = 100


async def enter_fair(tx: Transaction, fair: Fair, on: date) -> None:
    tx.reach.check(fair.city)
    check_day(fair.day, on)
    await fairs.insert_fair(tx, fair)
    await tell_fair(tx, fair, on)
    log.info("enter_fair", fair=str(fair.id), day=str(fair.day))


async def change_fair(tx: Transaction, fair: UUID, said: Mapping[str, object], *, version: Versions, on: date) -> None:
    """Another title, venue or day; whoever has signed up stays signed up."""
    before = changeable(await fairs.lock_fair(tx, fair))
    check_version(version, before.version)
    after = replace(before, **said)  # type: ignore[arg-type]
    if after.day != before.day:
        check_day(after.day, on)
    await keep_fair(tx, after, on)


async def open_fair(tx: Transaction, fair: UUID, on: date) -> None:
    """开放报名: from now on people sign up."""
    before = await fairs.lock_fair(tx, fair)
    await keep_fair(tx, opened(before, await booths.list_booths(tx, fair), on), on)


async def cancel_fair(tx: Transaction, fair: UUID, *, reason: str, on: date) -> None:
    """取消: who has signed up is told by the own county; what was signed stays signed."""
    await keep_fair(tx, cancelled(await fairs.lock_fair(tx, fair), reason, on), on)
    log.info("cancel_fair", fair=str(fair))


async def settle_fairs(tx: Transaction, on: date) -> int:
    """Those whose day is over are held, or lapse when they were never opened; answers how many."""
    due = await fairs.lock_fairs_over(tx, on, PORTION)
    for each in due:
        await keep_fair(tx, over(each, NEVER_OPENED), on)
    return len(due)


async def put_booth(tx: Transaction, fair: UUID, booth: Booth, on: date) -> None:
    """A firm of this list stands there with posts that it offers; one of another city's list as the caller names it.

    The firm is held before the fair, as a merge holds them."""
    own = tx.reach.covers(booth.city)
    if not own and not booth.employer_name:
        raise refuse_field(
            "/employer_name", "missing", "外地单位请填名称 A firm of another city's list needs its name here"
        )
    firm = await _lock_firm(tx, booth) if own else None
    held = changeable(await fairs.lock_fair(tx, fair))
    if firm is not None:
        check_employer(firm, held.day)
        booth = replace(booth, employer=firm.id, employer_uscc=firm.uscc, employer_name=firm.name)
        await _check_posts(tx, firm, booth.vacancies)
    check_room(await booths.list_booths(tx, fair), booth)
    await booths.upsert_booth(tx, booth)
    await keep_fair(tx, held, on)


async def remove_booth(tx: Transaction, fair: UUID, uscc: str, on: date) -> None:
    """撤展位: whoever has signed there stays signed."""
    held = changeable(await fairs.lock_fair(tx, fair))
    if not await booths.delete_booth(tx, fair, uscc):
        raise BoothNotFound(f"展位中没有「{uscc}」 No booth of {uscc} is there.")
    await keep_fair(tx, held, on)


async def _lock_firm(tx: Transaction, booth: Booth) -> Employer:
    return await lock_listed(tx, booth.city, booth.employer_uscc)


async def _check_posts(tx: Transaction, firm: Employer, wanted: Sequence[UUID]) -> None:
    offered = await booths.list_offered(tx, firm.id, wanted)
    wrong = [
        FieldError(f"/vacancies/{place}", "not_offered", "这不是该单位在招的岗位 This is no post that the firm offers")
        for place, each in enumerate(wanted)
        if each not in offered
    ]
    if wrong:
        raise TermsRefused(
            "请选该单位在招的岗位，不选即全部 Choose posts that it offers; none chosen are all.", errors=wrong
        )
