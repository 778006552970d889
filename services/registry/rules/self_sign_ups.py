"""Sign-up without an account (扫码报名): what somebody has given of himself, until a desk has found him in the register or let it go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from libs.common.problems import Conflict, NotFound
from services.registry.rules.people import ListedPerson

SelfSignUpState = Literal["waiting", "confirmed", "dropped"]
# So many wait for one fair; more is a flood and no crowd.
MOST_WAITING = 2000
# So long after the fair what nobody has looked at is kept.
KEPT_DAYS = 7


class SelfSignUpNotFound(NotFound):
    title = "没有这条扫码报名 No such sign-up"


class SignedUpElsewise(Conflict):
    title = "这条扫码报名已处理 This sign-up has been dealt with"


class TooManyWaiting(Conflict):
    title = "扫码报名已满 No more sign-ups are taken here"


@dataclass(frozen=True, kw_only=True)
class SelfSignUp:
    """Sealed, and gone as soon as it is dealt with; `known_by` says that the same was given before, to nobody else."""

    id: UUID
    fair: UUID
    known_by: bytes
    name_sealed: bytes | None
    tail_sealed: bytes | None
    phone_sealed: bytes | None
    given_at: datetime
    forget_on: date
    state: SelfSignUpState = "waiting"
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class FoundSignUp:
    """With those of the register whose number ends so, and which of them have that name."""

    sign_up: SelfSignUp
    candidates: Sequence[ListedPerson]
    named: frozenset[UUID]


def settled(one: SelfSignUp, person: UUID | None) -> SelfSignUp:
    """Somebody of the register, or nobody; the same again changes nothing. What was given is not needed any more."""
    state: SelfSignUpState = "confirmed" if person else "dropped"
    if one.state != "waiting" and (one.state, one.person) != (state, person):
        raise SignedUpElsewise(f"已处理为「{one.state}」 It was dealt with as {one.state}.")
    return replace(one, state=state, person=person, name_sealed=None, tail_sealed=None, phone_sealed=None)
