"""Give a person a code to sign in with (登录码), and open it once; wrong tries are counted at the code that they meant."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.privacy import Vault
from libs.common.problems import Unavailable
from libs.common.telemetry import log
from services.registry.rules.departures import check_here
from services.registry.rules.sign_in_codes import HANDLE, SignInCode, draw_code, read_code
from services.registry.settings import RegistrySettings
from services.registry.store import people
from services.registry.store import sign_in_codes as store

_PURPOSE = "registry.sign_in_code"
_DRAWS = 50
# So long after it has expired it is known of a code whether it was used.
KEPT = timedelta(days=92)


async def issue_code(tx: Transaction, caller: Caller, one: UUID, lifetime: timedelta) -> tuple[SignInCode, str]:
    """A code for one person who is in the register, and the digits, which nothing keeps; the code before opens nothing any more."""
    check_here(await people.lock_person(tx, one))
    await store.update_replaced(tx, one, tx.node.clock.now())
    for _ in range(_DRAWS):
        made, digits = _drawn(tx, caller, one, lifetime)
        if await store.insert_code_if_absent(tx, made):
            tx.trail.note(persons=[one], entities=[f"sign_in_code:{made.id}"])
            log.info("issue_code", person=str(one), code=str(made.id))
            return made, digits
    raise Unavailable("登录码暂时用尽，请稍后再试 No code is free at the moment: try again later.")


def _drawn(tx: Transaction, caller: Caller, one: UUID, lifetime: timedelta) -> tuple[SignInCode, str]:
    digits, now = draw_code(), tx.node.clock.now()
    made = SignInCode(
        id=new_id(),
        person=one,
        handle=digits[:HANDLE],
        digest=_digest(tx.node.vault, digits),
        tries=0,
        made_by=caller.subject,
        made_at=now,
        expires_at=now + lifetime,
    )
    return made, digits


async def redeem_code(tx: Transaction, typed: str) -> UUID | None:
    """Whose code it is, once; None whatever is wrong with it, and nothing tells what. Each try is on record and counted."""
    digits = read_code(typed)
    code = await store.lock_code_if_known(tx, digits[:HANDLE]) if digits else None
    if digits is None or code is None:
        tx.trail.note(opened=False)
        return None
    now = tx.node.clock.now()
    right = code.state(now) == "open" and hmac.compare_digest(code.digest, _digest(tx.node.vault, digits))
    opened = right and (await people.get_person(tx, code.person)).left_on is None
    if code.state(now) == "open":
        await store.update_code(tx, code.tried(right=right, now=now))
    tx.trail.note(persons=[code.person], entities=[f"sign_in_code:{code.id}"], opened=opened)
    log.info("redeem_code", code=str(code.id), opened=opened)
    return code.person if opened else None


def _digest(vault: Vault, digits: str) -> bytes:
    """By the node's own key: a copy of the table cannot be tried elsewhere, short as the secret is."""
    return vault.blind_index(digits, purpose=_PURPOSE)


async def forget_codes(tx: Transaction, _: Any, batch: int) -> int:
    return await store.delete_codes_expired_before(tx, tx.node.clock.now() - KEPT, batch)


def lifetime_of(settings: RegistrySettings) -> timedelta:
    return timedelta(hours=settings.code_hours)
