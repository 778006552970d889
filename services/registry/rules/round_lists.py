"""Who stands how in a round (轮次名单): still open, settled or gone, with what the round has found; and who may be settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from libs.common.problems import Conflict, FieldError, Invalid
from services.registry.rules.departures import WORDS
from services.registry.rules.rounds import Round, Standing


class LeftWord(NamedTuple):
    """How somebody has left a list, in both languages."""

    chinese: str
    english: str


# The ways of leaving the register, and those by which a list alone is left.
LEFT_WORDS = {way: LeftWord(*words) for way, words in WORDS.items()} | {
    "erased": LeftWord("已删除", "has been erased"),
    "withdrawn": LeftWord("登记已撤回", "was taken out of the register"),
    "merged": LeftWord("已并入另一人", "was merged into another person"),
    "away": LeftWord("其间不在册", "was away all the time"),
    "to_signed_part": LeftWord("已迁入已签收的乡镇", "has moved to a township that had signed already"),
}
_ELSEWHERE = LeftWord("已离开名单", "has left the list")


@dataclass(frozen=True, kw_only=True)
class RoundPerson:
    """`later`: came in after the list was made. `reason`: why nobody has settled the person, said with the signature."""

    round: UUID
    person: UUID
    township: str
    village: str
    state: Standing
    later: bool
    visited: date | None
    settled_by: str | None
    left_as: str | None
    left_on: date | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class RoundFilters:
    """Only those of whom each of these holds; None asks for nothing."""

    state: Standing | None = None
    township: str | None = None
    village: str | None = None
    cadre: str | None = None


class RoundSigned(Conflict):
    title = "已签收，不再变动 Signed: it changes no more"


class NotOnList(Conflict):
    title = "此人不在这一轮次的名单上 Not on the list of this round"


class RoundDayRefused(Invalid):
    title = "日期不在这一轮次之内 The day does not lie within the round"


def check_settles(given: Round, listed: RoundPerson | None, on: date, *, signed: bool, kind: str) -> None:
    """Refuse what would settle nobody: another kind of round, who is on no list or gone, what is signed, a day outside."""
    if given.kind != kind:
        told = "季度轮次走访，月度轮次核务工 A quarter is settled by visits, a month by what is said of work."
        raise NotOnList(told)
    if signed:
        raise RoundSigned("请先撤回签收 Take the signature back first.")
    if listed is None:
        raise NotOnList("未列入或名单尚在生成 Never listed, or the list is still being made.")
    if listed.state == "left":
        way = LEFT_WORDS.get(listed.left_as or "", _ELSEWHERE)
        raise NotOnList(f"此人「{way.chinese}」 This person {way.english}.", extensions=_left(listed))
    if not given.starts <= on <= given.ends:
        told = f"须在「{given.starts}」至「{given.ends}」之间 Must lie within {given.starts} and {given.ends}."
        raise RoundDayRefused(told, errors=[FieldError("/on", "outside", told)])


def check_open(given: Round, listed: RoundPerson | None, *, signed: bool) -> RoundPerson:
    """Whoever is still open has a reason, and nobody else; answers how they stand."""
    if signed:
        raise RoundSigned("请先撤回签收 Take the signature back first.")
    if listed is None or listed.state != "open":
        raise NotOnList(f"此人不在「{given.period}」的未走访名单中 Not among those still open in {given.period}.")
    return listed


def _left(listed: RoundPerson) -> dict[str, dict[str, str | None]]:
    return {"left": {"way": listed.left_as, "on": str(listed.left_on) if listed.left_on else None}}
