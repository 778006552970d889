"""How an introduction moves: a step of this side is written and told, news of the other side replaces what is older."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.problems import Problem
from libs.common.telemetry import log
from services.matching.operations.introductions import messages as news
from services.matching.rules.introductions.records import Introduction
from services.matching.rules.introductions.refusals import IntroductionNotFound
from services.matching.rules.introductions.steps import COUNTY, TAKEN, check_step
from services.matching.rules.introductions.turns import Word, settle
from services.matching.store import introductions as store
from services.matching.store import lists

# An answer for each of the introductions that were asked for: as it stands now, or why not.
Answers = dict[UUID, "Introduction | Problem"]


async def take(
    tx: Transaction,
    rows: Sequence[Introduction],
    side: str,
    state: str,
    on: date,
    by: str,
    reason: str | None = None,
    *,
    turn: int | None = None,
    **more: object,
) -> list[Introduction]:
    """The same step of one side for several introductions: written, told to the other side, and at home where a place is won or lost."""
    moved = await store.update_state(tx, rows, state, on, by, reason, turn=turn, **more)
    await news.tell(tx, moved, side)
    await _tell_home(tx, rows, moved)
    if moved and side == COUNTY:
        await lists.insert_change(tx)
    return moved


def word_of(row: Introduction) -> Word:
    """What is known of an introduction here."""
    return Word(row.state, row.reason, row.turn)


async def follow(tx: Transaction, row: Introduction, told: Word, on: date, by: str) -> None:
    """Take over what the other side says, if it is newer."""
    if after := settle(told, word_of(row)):
        await keep(tx, row, after, on, by)


async def keep(tx: Transaction, row: Introduction, after: Word, on: date, by: str) -> None:
    """The other side's step as it stands here now."""
    moved = await store.update_state(tx, [row], after.state, on, by, after.reason, turn=after.turn)
    await _tell_home(tx, [row], moved)


async def _tell_home(tx: Transaction, before: Sequence[Introduction], after: Sequence[Introduction]) -> None:
    """The city's own offices hear whoever has a place from now on, and whoever has it no more. The end of work they know themselves."""
    had = {row.introduction: row.state in TAKEN for row in before}
    here = [row for row in after if row.city == tx.node.code]
    gained = [row for row in here if row.state in TAKEN and not had[row.introduction]]
    lost = [row for row in here if row.state not in (*TAKEN, "ended") and had[row.introduction]]
    if gained:
        await news.tell_hired(tx, gained, await lists.list_vacancies(tx, {row.vacancy for row in gained}))
    if lost:
        await news.tell_released(tx, lost)


async def lock_own(
    tx: Transaction, wanted: Iterable[UUID], check: Callable[[Introduction], object]
) -> tuple[list[Introduction], Answers]:
    """Those of them that are here and a side's own to decide, locked; of the others why not."""
    rows = await store.lock_introductions(tx, wanted)
    known = {row.introduction for row in rows}
    missing: Answers = {each: IntroductionNotFound(str(each)) for each in wanted if each not in known}
    own, strangers = judge(rows, check)
    return own, missing | strangers


async def end_many(
    tx: Transaction,
    own: Sequence[Introduction],
    strangers: Answers,
    side: str,
    state: str,
    reason: str,
    on: date,
    by: str,
) -> Answers:
    """Those of a side's own that may end so do; an answer for each."""
    may, refused = judge(own, lambda row: check_step(row.state, state, side, reason))
    moved = await take(tx, may, side, state, on, by, reason)
    log.info("end_introductions", state=state, reason=reason, ended=len(moved), refused=len(refused))
    return answers_of(moved, refused, strangers)


def judge(rows: Sequence[Introduction], check: Callable[[Introduction], object]) -> tuple[list[Introduction], Answers]:
    """Which of them may take a step, and why the others may not."""
    may: list[Introduction] = []
    refused: Answers = {}
    for row in rows:
        try:
            check(row)
            may.append(row)
        except Problem as problem:
            refused[row.introduction] = problem
    return may, refused


def answers_of(moved: Sequence[Introduction], *refused: Mapping[UUID, Introduction | Problem]) -> Answers:
    """One answer for each."""
    told: Answers = {row.introduction: row for row in moved}
    for each in refused:
        told |= each
    return told


def only(answers: Answers) -> Introduction:
    """The answer where one introduction was asked for; raises what refused it."""
    (answer,) = answers.values()
    if isinstance(answer, Problem):
        raise answer
    return answer
