"""An application for a training place at its county (报名): the consent that it rests on, both sides' words, and what stands by them.

The county's word (applied, withdrawn, placed) and the city's are numbered each for itself: the later of each side holds, and what
stands follows from both by one rule, whatever order news comes in. The city has the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.problems import Conflict, NotFound, refuse_field
from services.registry.rules.heard_courses import HeardKind
from services.registry.rules.identification import age_on

Said = Literal["applied", "withdrawn", "placed"]
ApplicationState = Literal["applied", "waiting", "admitted", "refused", "dropped", "completed", "placed", "withdrawn"]
Consenting = Literal["person", "guardian"]
WithdrawalReason = Literal["person", "guardian", "found_work", "entered_by_mistake", "other"]
OPEN: tuple[ApplicationState, ...] = ("applied", "waiting", "admitted")
# The consent whose wording is that of introductions, which names what travels and to whom.
CONSENTS = ("2017.1",)
FULL_AGE = 18
ERASED = "erased"


class ApplicationNotFound(NotFound):
    title = "没有这份报名 No such application"


class AppliedAlready(Conflict):
    title = "已报名这个培训班 The person has applied for this course already"


class ApplicationOver(Conflict):
    title = "报名已撤回 The application was withdrawn"


@dataclass(frozen=True, kw_only=True)
class Application:
    """报名 of one of this county's people. `said` and `turn` are the county's word, `told` and `told_turn` the city's."""

    id: UUID
    course: UUID
    city: str
    person: UUID
    age: int
    education: int
    restrictions: list[str]
    consent: str
    consent_on: date
    consented_by: Consenting
    recorded_by: str
    applied_on: date
    said: Said = "applied"
    turn: int = 1
    told: ApplicationState | None = None
    told_turn: int = 0
    state: ApplicationState = "applied"
    reason: str | None = None
    changed_on: date
    attended: int = 0
    certificate: str | None = None
    certificate_number: str = ""
    certificate_level: str = ""
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class NamedApplication(Application):
    """With its course."""

    title: str
    kind: HeardKind
    provider_name: str


@dataclass(frozen=True, kw_only=True)
class ApplicationsAsked:
    """What a list is narrowed to; None does not narrow."""

    person: UUID | None = None
    course: UUID | None = None
    state: ApplicationState | None = None
    township: str | None = None


@dataclass(frozen=True, kw_only=True)
class CityWord:
    """What a city has said of an application, by the number of its word."""

    state: ApplicationState
    reason: str | None
    turn: int
    on: date
    attended: int
    certificate: str | None
    certificate_number: str
    certificate_level: str


def standing(said: Said, told: ApplicationState | None) -> ApplicationState:
    """What stands by both words: a withdrawal ends what is open, a placement follows a place; all else is as the city says."""
    now = told or "applied"
    if said == "withdrawn" and now in OPEN:
        return "withdrawn"
    return "placed" if said == "placed" and now in ("admitted", "completed") else now


def after_city(one: Application, word: CityWord) -> Application:
    """As it stands when the city has spoken; an older word changes nothing."""
    if word.turn <= one.told_turn:
        return one
    state = standing(one.said, word.state)
    kept = one.reason if state == one.state == "withdrawn" else word.reason
    facts = {name: getattr(word, name) for name in ("attended", "certificate_number", "certificate_level")}
    return replace(
        one,
        told=word.state,
        told_turn=word.turn,
        state=state,
        reason=kept,
        changed_on=word.on if state != one.state else one.changed_on,
        certificate=word.certificate or one.certificate,
        **facts,
    )


def withdrawn(one: Application, reason: str, on: date) -> Application:
    """撤回: no longer agreed to, whatever the city has said; a course that was completed stays completed, without the name."""
    if one.said == "withdrawn":
        raise ApplicationOver(f"已于「{one.changed_on}」撤回 It was withdrawn on {one.changed_on}.")
    if on < one.applied_on:
        raise refuse_field(
            "/on",
            "before_application",
            f"不得早于报名日期「{one.applied_on}」 Not before the application of {one.applied_on}",
        )
    return _says(one, "withdrawn", reason, on)


def placed(one: Application, on: date) -> Application:
    """上岗 at a vacancy of the class."""
    return _says(one, "placed", None, on)


def _says(one: Application, said: Said, reason: str | None, on: date) -> Application:
    state = standing(said, one.told)
    other = {"reason": reason, "changed_on": on} if state != one.state else {}
    return replace(one, said=said, turn=one.turn + 1, state=state, **other)  # type: ignore[arg-type]


def check_consent(birth: date, consented_by: Consenting, consent_on: date, on: date) -> None:
    """For whoever is not of full age the guardian agrees, too (监护人同意); nobody agrees after applying."""
    if consent_on > on:
        raise refuse_field(
            "/consent_on",
            "after_application",
            f"同意须在报名（{on}）之前 The consent comes before the application of {on}",
        )
    if consented_by == "person" and age_on(birth, consent_on) < FULL_AGE:
        raise refuse_field(
            "/consented_by", "guardian_needed", "未满 18 周岁须监护人同意 Under 18 the guardian has to agree"
        )
