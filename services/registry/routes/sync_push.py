"""The door by which a phone sends what was written on it (上行同步): each mutation by itself, each with an answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast

from fastapi import APIRouter, Request
from pydantic import JsonValue

from libs.common.access.grants import check_also
from libs.common.api import ContextOf, allow
from libs.common.api.recording import remember
from libs.common.database import Transaction
from libs.common.faults import collides, is_overdue, is_transient
from libs.common.identity import Caller
from libs.common.problems import Invalid, Problem, Unavailable
from services.registry.operations import departures, entries, sync_push, visits
from services.registry.operations.sync_push import Said, Sent, find_person
from services.registry.routes.entries import show_candidates
from services.registry.rules.mutations import Outcome, check_clock
from services.registry.schemas.mutations import (
    CorrectMutation,
    DepartMutation,
    EnterMutation,
    Mutation,
    MutationAnswer,
    SyncPush,
    SyncPushed,
    Unreadable,
    VisitMutation,
)
from services.registry.settings import RegistrySettings

router = APIRouter(prefix="/registry/v1/sync", tags=["sync"])
_PATH = "/registry/v1/sync"
_ACTIONS = {
    "correct": "registry.labourer.correct",
    "enter": "registry.labourer.enter",
    "visit": "registry.visit.record",
    "depart": "registry.labourer.depart",
}
# Where the fields of a refusal stand in a mutation that has them in an object of their own.
_WITHIN = {"correct": "/facts", "enter": "/labourer"}
_BESIDE = ("/on", "/id", "/base", "/person", "/kind")
Do = Callable[[], Awaitable[Outcome]]


@router.post("", summary="上行同步 What was written on a phone")
async def push(
    caller: Annotated[Caller, allow("registry.sync.push")], context: ContextOf, request: Request, body: SyncPush
) -> SyncPushed:
    """One by one, in their order, each a transaction of its own: one that is refused stops no other. At most 500 in a request.

    `applied`; `merged` with what others wrote meanwhile; `conflict`: both values wait for a decision, the other fields are in;
    `refused` with the problem, and `later` (busy: send it again) have changed nothing. An id that was counted is answered as it
    was then. Days in the future and days before `days` of the pull are refused.
    """
    check_clock(body.today, context.node.today())
    sender = _Sender(request, caller, context)
    taken = cast("list[Mutation | Unreadable]", body.mutations)
    answers = [await sender.send(one, place) for place, one in enumerate(taken)]
    return SyncPushed(today=context.node.today(), answers=answers)


class _Sender:
    """One request's caller, and how each of its mutations is done."""

    def __init__(self, request: Request, caller: Caller, context: ContextOf):
        self._request, self._caller, self._context = request, caller, context
        identity = [caller.issuer, caller.subject, caller.role, caller.organisation]
        self._owner = json.dumps(identity, ensure_ascii=False)

    async def send(self, one: Mutation | Unreadable, place: int) -> MutationAnswer:
        """In a transaction of its own, which ends here."""
        if isinstance(one, Unreadable):
            problem = Invalid("请修正所列字段 Correct the fields listed.", errors=one.errors)
            return _refused(one.id, problem, place, "")
        try:
            outcome, repeated = await self._count(one)
        except Problem as problem:
            return _refused(one.id, problem, place, one.kind)
        except Exception as error:
            if not (is_transient(error) or is_overdue(error) or collides(error)):
                raise
            busy = Unavailable("数据库忙，请稍后重发 The database is busy: send it again later.")
            return _refused(one.id, busy, place, one.kind, state="later")
        told = vars(outcome) | {"fields": list(outcome.fields)}
        return MutationAnswer(id=one.id, repeated=repeated, problem=None, **told)

    async def _count(self, one: Mutation) -> tuple[Outcome, bool]:
        check_also(self._caller, _ACTIONS[one.kind])
        digest = self._context.node.vault.blind_index(one.model_dump_json(), purpose="registry.mutation")
        days = cast(RegistrySettings, self._context.settings).sync_days
        async with self._context.database.transaction(lambda: self._caller.reach) as tx:
            sent = Sent(self._owner, one.id, digest, one.on)
            outcome, repeated = await sync_push.count_once(tx, sent, days, self._do(tx, sent, one))
            remember(self._request, tx)
        return outcome, repeated

    def _do(self, tx: Transaction, sent: Sent, one: Mutation) -> Do:
        caller = self._caller
        match one:
            case CorrectMutation():
                said = Said(one.person, one.base, one.facts.said(), one.facts.reason)
                return lambda: sync_push.correct(tx, caller, sent, said)
            case EnterMutation():
                return lambda: _enter(tx, caller, one)
            case VisitMutation():
                return lambda: _visit(tx, caller, sent, one)
            case DepartMutation():
                return lambda: _depart(tx, caller, sent, one)


async def _enter(tx: Transaction, caller: Caller, one: EnterMutation) -> Outcome:
    card = one.labourer
    made, _ = await entries.enter_labourer(
        tx,
        caller,
        card.said(),
        household=card.household,
        on=one.on,
        confirmed=card.confirmed,
        different_from=card.different_from,
        show=lambda found: show_candidates(found, tx.node),
        source="phone",
    )
    return Outcome("applied", made.id, made.version)


async def _visit(tx: Transaction, caller: Caller, sent: Sent, one: VisitMutation) -> Outcome:
    person = await find_person(tx, sent.owner, one.person)
    said, fellows = (one.wish.said(), one.wish.fellows) if one.wish else (None, None)
    await visits.record_visit(
        tx, caller, person, one.found, said, fellows=fellows, on=one.on, next_visit=one.next_visit, source="phone"
    )
    return Outcome("applied", person, None)


async def _depart(tx: Transaction, caller: Caller, sent: Sent, one: DepartMutation) -> Outcome:
    person = await find_person(tx, sent.owner, one.person)
    left = await departures.depart(tx, caller, person, one.way, on=one.on, reason=one.reason, source="phone")
    return Outcome("applied", left.id, left.version)


def _refused(one: Any, problem: Problem, place: int, kind: str, *, state: str = "refused") -> MutationAnswer:
    body = problem.body(_PATH)
    for error in body.get("errors", ()):
        inside = "" if error["pointer"] in _BESIDE else _WITHIN.get(kind, "")
        error["pointer"] = f"/mutations/{place}{inside}{error['pointer']}"
    told = cast("dict[str, JsonValue]", body)
    return MutationAnswer.model_validate(
        {
            "id": one,
            "state": state,
            "repeated": False,
            "person": None,
            "version": None,
            "fields": [],
            "conflict": None,
            "problem": told,
        }
    )
