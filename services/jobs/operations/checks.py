"""A firm's hires are checked (抽查): drawn, asked for evidence, answered, judged line by line and as a whole, with what follows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.jobs.operations.blacklisting import blacklist_employer
from services.jobs.operations.designations import end_designation
from services.jobs.operations.employers import lock_listed
from services.jobs.rules.checks import (
    DRAW_RULE,
    Check,
    Consequence,
    Line,
    Outcome,
    Verdict,
    answered,
    check_days,
    concluded,
    digest_of,
    draw,
    how_many,
    judged,
    open_check,
    state_of,
    unanswered,
)
from services.jobs.store import checks, designations

PORTION = 50
# What is written of a line that nobody has answered.
NOT_ANSWERED = "逾期未答复"


async def draw_check(
    tx: Transaction,
    caller: Caller,
    uscc: str,
    *,
    since: date,
    until: date,
    due: date,
    number: int | None,
    share: int | None,
    evidence: Sequence[str],
    city: str,
) -> UUID:
    """Draw some of a firm's hires of a time and ask for evidence; the seed is nobody's choice and is kept."""
    tx.reach.check(city)
    today = tx.node.today()
    check_days(since, until, due, today)
    firm = await lock_listed(tx, city, uscc)
    pool = await checks.list_hires_of(tx, firm.id, since, until)
    wanted = how_many(len(pool), number=number, share=share)
    check = Check(
        id=new_id(),
        employer=firm.id,
        since=since,
        until=until,
        evidence=list(evidence),
        due=due,
        seed=secrets.token_hex(16),
        pool=len(pool),
        pool_digest=digest_of(pool),
        rule=DRAW_RULE,
        asked_by=caller.subject,
        asked_on=today,
    )
    lines = [Line(id=new_id(), check=check.id, **vars(hire)) for hire in draw(pool, check.seed, wanted)]
    await checks.insert_check(tx, check, lines)
    log.info("draw_check", check=str(check.id), drawn=len(lines), pool=len(pool))
    return check.id


async def answer_line(tx: Transaction, check: UUID, line: UUID, *, answer: str, reference: str, on: date) -> None:
    """The firm says what it has, or an officer to whom it has come on paper."""
    held = open_check(await checks.lock_check(tx, check))
    await checks.update_line(tx, answered(await checks.get_line(tx, check, line), answer, reference, on))
    await _settle(tx, held)


async def judge_line(
    tx: Transaction, caller: Caller, check: UUID, line: UUID, *, verdict: Verdict, why: str, on: date
) -> None:
    """An officer's judgement of one hire, once."""
    held = open_check(await checks.lock_check(tx, check))
    found = await checks.get_line(tx, check, line)
    await checks.update_line(tx, judged(found, verdict, why, caller.subject, on))
    await _settle(tx, held)


async def conclude_check(
    tx: Transaction,
    caller: Caller,
    check: UUID,
    *,
    outcome: Outcome,
    consequence: Consequence,
    reason: str,
    until: date | None,
    on: date,
) -> None:
    """判定整体: the check ends, and what follows from it happens with it or not at all."""
    held = await checks.lock_check(tx, check)
    after = concluded(held, await checks.list_lines(tx, check), outcome, consequence, reason, caller.subject, on)
    if consequence == "blacklist":
        if until is None:
            raise refuse_field("/until", "missing", "请写明失信至哪一天 Say until which day")
        await blacklist_employer(tx, caller, held.employer, reason=reason, until=until, on=on)
    if consequence == "end_designation":
        await _end_designations(tx, caller, held.employer, reason, on)
    await checks.update_check(tx, held, after)
    log.info("conclude_check", check=str(check), outcome=outcome, consequence=consequence)


async def settle_checks(tx: Transaction, on: date) -> int:
    """After the due day a firm is warned once; when its days are over too, what it has not answered is judged so. Answers how many."""
    overdue = await checks.lock_checks_overdue(tx, on, PORTION)
    for each in overdue:
        if each.warned_on is None:
            await checks.update_check(tx, each, replace(each, warned_on=on))
        else:
            await _close_unanswered(tx, each, on)
    return len(overdue)


async def _close_unanswered(tx: Transaction, check: Check, on: date) -> None:
    for line in unanswered(await checks.list_lines(tx, check.id)):
        await checks.update_line(tx, judged(line, "no_answer", NOT_ANSWERED, tx.node.id, on))
    await _settle(tx, check)


async def _end_designations(tx: Transaction, caller: Caller, employer: UUID, reason: str, on: date) -> None:
    running = [await designations.find_running(tx, employer, kind) for kind in ("designated", "base")]
    standing = [each for each in running if each is not None]
    if not standing:
        raise refuse_field(
            "/consequence", "not_designated", "该单位没有认定可以结束 The firm has no designation to end"
        )
    for each in standing:
        await end_designation(tx, caller, each.id, reason=reason, on=on)


async def _settle(tx: Transaction, check: Check) -> None:
    state = state_of(await checks.list_lines(tx, check.id))
    await checks.update_check(tx, check, replace(check, state=state))
