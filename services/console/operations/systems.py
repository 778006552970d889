"""Partner systems as operators keep them, and the tokens that they get by their own key; every step is in the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidScopeError, OAuth2Error

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import Conflict, NotFound
from libs.common.revocations import revoke
from libs.common.telemetry import log
from libs.common.tokens import SKEW
from services.console.operations.accounts import check_regions
from services.console.rules.accounts import difference
from services.console.rules.assertions import Assertion, BadAssertion, check_assertion, claimed_client
from services.console.rules.systems import ROLE, System, id_of
from services.console.store import systems as store

LIFETIME = timedelta(hours=1)


class SystemClosed(Conflict):
    title = "合作系统已停用 The system is closed, for good"


@dataclass(frozen=True)
class Given:
    """A token, how long it lives, and what it names."""

    token: str
    seconds: int
    scopes: tuple[str, ...]


async def register_system(
    tx: Transaction, caller: Caller, rights: Mapping[str, Any], jwks: Mapping[str, Any]
) -> System:
    check_regions(caller, rights["regions"])
    system = System(
        new_id(),
        rights["name"],
        rights["organisation"],
        tuple(rights["regions"]),
        tuple(rights["scopes"]),
        jwks,
        tx.node.clock.now(),
    )
    await store.insert_system(tx, system)
    _note(tx, system, "registered", {**system.rights, "keys": _names(jwks)})
    return system


async def change_system(tx: Transaction, caller: Caller, system: System, given: Mapping[str, Any]) -> System:
    """Other rights end its tokens: nobody goes on under what has been taken away."""
    check_regions(caller, given.get("regions", ()))
    lists = {name: tuple(given[name]) for name in ("regions", "scopes") if name in given}
    changed = replace(_open(system), **{**given, **lists})
    differs = difference(system.rights, changed.rights)
    return await _keep(tx, changed, "rights changed", differs) if differs else system


async def rekey_system(tx: Transaction, system: System, jwks: Mapping[str, Any]) -> System:
    """Other keys, and an end to what the old ones were given."""
    facts = {"keys": [_names(system.jwks), _names(jwks)]}
    return await _keep(tx, replace(_open(system), jwks=jwks), "keys changed", facts)


async def close_system(tx: Transaction, system: System, reason: str) -> System:
    return await _keep(tx, replace(_open(system), closed_at=tx.node.clock.now()), "closed", {"reason": reason})


async def show_system(tx: Transaction, id: UUID) -> System:
    return _there(await store.find_system(tx, id), id)


async def lock_system(tx: Transaction, id: UUID) -> System:
    """For a change: nobody else changes it meanwhile."""
    return _there(await store.lock_system(tx, id), id)


def _there(system: System | None, id: UUID) -> System:
    if system is None:
        raise NotFound(f"没有合作系统「{id}」 There is no system {id}.")
    return system


async def list_systems(tx: Transaction, after: UUID | None, limit: int, closed: bool | None) -> list[System]:
    return await store.list_systems(tx, after, limit, closed)


async def give_token(tx: Transaction, assertion: str, scope: str, audiences: Sequence[str]) -> Given | OAuth2Error:
    """A token for the system whose key has signed the assertion, or why not; an assertion that was right is used up by either."""
    try:
        system, said = await _believe(tx, assertion, audiences)
    except BadAssertion as error:
        log.info("client_refused", why=str(error))
        return InvalidClientError(
            "The assertion is not one of a registered key, for this node, living and short.", status_code=401
        )
    if not await store.insert_assertion_if_absent(
        tx, system.id, said.jti, datetime.fromtimestamp(said.exp, UTC) + SKEW
    ):
        return _refuse(tx, system, InvalidClientError("This assertion was used before.", status_code=401))
    if system.closed_at:
        return _refuse(tx, system, InvalidClientError("This system is closed.", status_code=401))
    asked = scope.split() or system.scopes
    if not set(asked) <= set(system.scopes):
        return _refuse(tx, system, InvalidScopeError("The system was not registered with each of these scopes."))
    return _give(tx, system, tuple(name for name in system.scopes if name in asked), tx.node.clock.now())


async def _believe(tx: Transaction, assertion: str, audiences: Sequence[str]) -> tuple[System, Assertion]:
    id = id_of(claimed_client(assertion))
    system = await store.find_system(tx, id) if id else None
    if system is None:
        raise BadAssertion("no such system")
    return system, check_assertion(assertion, system.keys, system.client_id, audiences, tx.node.clock.now())


def _give(tx: Transaction, system: System, scopes: tuple[str, ...], now: datetime) -> Given:
    token = tx.node.signer.issue(
        now,
        subject=system.client_id,
        role=ROLE,
        regions=system.regions,
        organisation=system.organisation,
        lifetime=LIFETIME,
        scopes=scopes,
    )
    tx.trail.add(
        "console.give_token",
        now,
        actor=system.client_id,
        role=ROLE,
        organisation=system.organisation,
        details={"scopes": " ".join(scopes)},
    )
    return Given(token, int(LIFETIME.total_seconds()), scopes)


def _refuse(tx: Transaction, system: System, error: OAuth2Error) -> OAuth2Error:
    """What a system's own key has signed is on record; what anybody could have sent is in the log alone, or it would fill the trail."""
    tx.trail.add(
        "console.refuse_token",
        tx.node.clock.now(),
        actor=system.client_id,
        role=ROLE,
        organisation=system.organisation,
        details={"error": str(error.description)},
    )
    return error


async def _keep(tx: Transaction, system: System, what: str, facts: Mapping[str, Any]) -> System:
    await revoke(tx, issuer=tx.node.id, subject=system.client_id)
    _note(tx, system, what, facts)
    return await store.update_system(tx, system)


def _note(tx: Transaction, system: System, what: str, facts: Mapping[str, Any]) -> None:
    tx.trail.note(entities=[f"system:{system.id}"], what=what, **facts)
    log.info("system_change", system=str(system.id), what=what)


def _open(system: System) -> System:
    if system.closed_at:
        raise SystemClosed("请另行登记 Register another one.")
    return system


def _names(jwks: Mapping[str, Any]) -> list[str]:
    return [str(key["kid"]) for key in jwks["keys"]]
