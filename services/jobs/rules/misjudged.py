"""Adverts judged wrongly (误判): what vetting should have said of an advert, kept as a case that any version of the rules can be tried on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.problems import one_of, refuse_field
from services.jobs.rules.refusals import MisjudgementDecided, NotVetted
from services.jobs.rules.severity import VETTING
from services.jobs.rules.vacancies import Vacancy, stumbles_in
from services.jobs.rules.vetting import VETTING_RULE

Should = Literal["pass", "refuse"]
MisjudgedState = Literal["claimed", "confirmed", "rejected"]


@dataclass(frozen=True, kw_only=True)
class Advert:
    """What vetting looks at: the words, the least age, the lowest wage in yuan a month, and the place and day whose rules hold."""

    city: str
    on: date
    title: str
    shift: str = ""
    welfare: str = ""
    age_min: int | None = None
    wage: int | None = None


@dataclass(frozen=True, kw_only=True)
class Misjudged(Advert):
    """`stood` is what was decided, `rule` the version of the rules at that mark; a firm's word is `claimed` until an officer has looked."""

    id: UUID
    vacancy: UUID
    stood: Should
    should: Should
    codes: list[str]
    why: str
    rule: str
    state: MisjudgedState
    by_firm: bool
    marked_by: str
    marked_on: date
    decided_by: str | None = None
    decided_on: date | None = None
    decided_because: str = ""


def codes_found(advert: Advert) -> list[str]:
    """By which rules the present vetting refuses it; none where it passes."""
    found = stumbles_in(
        {"岗位名称": advert.title, "班次": advert.shift, "福利待遇": advert.welfare},
        age_min=advert.age_min,
        wage=advert.wage,
        city=advert.city,
        on=advert.on,
    )
    return sorted({each.code for each in found if each.code in VETTING})


def is_right(should: Should, codes: Collection[str], found: Collection[str]) -> bool:
    """Whether what was found is what should be: nothing, or at least the rules that were named."""
    return not found if should == "pass" else bool(found) and set(codes) <= set(found)


def marked(
    vacancy: Vacancy, id: UUID, should: Should, codes: Sequence[str], why: str, *, by: str, by_firm: bool, on: date
) -> Misjudged:
    """A vetting decision is said to be wrong; refuses what says no other thing than was decided."""
    stood = _decision_of(vacancy)
    _check_codes(should, codes)
    same = should == "pass" or set(codes) <= {reason["code"] for reason in vacancy.reasons}
    if should == stood and same:
        raise refuse_field("/should", "as_decided", "与现有审核意见相同 That is what was decided")
    return Misjudged(
        id=id,
        vacancy=vacancy.id,
        city=vacancy.city,
        on=vacancy.vetted_on or on,
        title=vacancy.title,
        shift=vacancy.shift,
        welfare=vacancy.welfare,
        age_min=vacancy.age_min,
        wage=vacancy.wage,
        stood=stood,
        should=should,
        codes=sorted(set(codes)),
        why=why,
        rule=VETTING_RULE,
        state="claimed" if by_firm else "confirmed",
        by_firm=by_firm,
        marked_by=by,
        marked_on=on,
    )


def decided(case: Misjudged, *, confirmed: bool, because: str, by: str, on: date) -> Misjudged:
    """An officer has looked at what a firm says."""
    if case.state != "claimed":
        raise MisjudgementDecided("这条误判已有认定意见，不再改动 A decision on it stands.")
    state: MisjudgedState = "confirmed" if confirmed else "rejected"
    return replace(case, state=state, decided_by=by, decided_on=on, decided_because=because)


def _decision_of(vacancy: Vacancy) -> Should:
    if vacancy.state not in ("vetted", "refused"):
        raise NotVetted("只有审核过、没有撤下的岗位才能标记误判 It has to be vetted, and not withdrawn.")
    return "pass" if vacancy.state == "vetted" else "refuse"


def _check_codes(should: Should, codes: Sequence[str]) -> None:
    if should == "pass" and codes:
        raise refuse_field("/codes", "of_a_pass", "应通过的没有违规条款 What should pass has no rules against it")
    if should == "refuse" and not codes:
        raise refuse_field("/codes", "missing", "请写明违反哪一条 Say which rules it breaks")
    for place, code in enumerate(codes):
        if code not in VETTING:
            raise refuse_field(f"/codes/{place}", "unknown_code", one_of(sorted(VETTING)))
