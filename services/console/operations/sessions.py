"""Sessions: knock, come in, find out who is asking, go out. Guesses are counted before a password is looked at."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.revocations import revoke
from libs.common.telemetry import log
from services.console.operations.records import record_change, record_failure, record_sign_in
from services.console.rules import guessing, second_factor
from services.console.rules.accounts import Account, Session, difference, is_labourer
from services.console.rules.guessing import Patience
from services.console.rules.openid import GivenRights
from services.console.rules.signing_in import INITIAL_GOOD_FOR, Step, ends_at, next_step
from services.console.store import accounts, sessions

_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Stay:
    """How long a session may last, and which roles need a second factor."""

    idle: timedelta
    longest: timedelta
    second_factor: frozenset[str] = frozenset()
    # A labourer has a phone of her own and no password: a code for every half hour would be a cadre's work.
    own: timedelta = timedelta(0)

    def ends_at(self, account: Account, session: Session) -> datetime:
        """When a session ends if nothing is asked for meanwhile."""
        idle, longest = (self.own, self.own) if is_labourer(account) else (self.idle, self.longest)
        return ends_at(session.begun_at, session.seen_at, idle=idle, longest=longest)


@dataclass(frozen=True)
class Guest:
    """Who tries to come in: under which login, from where, with which known browser's word."""

    login: str
    address: str
    agent: str
    device: str = ""

    @property
    def device_digest(self) -> bytes:
        return _digest(self.device)


@dataclass(frozen=True)
class Visit:
    """Somebody with a session, and what it still lacks before pages open."""

    account: Account
    session: Session
    step: Step | None
    ends_at: datetime


async def knock(tx: Transaction, guest: Guest) -> timedelta:
    """Count a try as a failure before it is looked at, so that many at once are counted one by one; how long to wait if too many.

    Somebody at a browser that this account has signed in from is counted apart: guesses from elsewhere do not delay them.
    """
    now = tx.node.clock.now()
    counted = await _counted(tx, guest)
    found = [(key, patience, await sessions.find_attempts(tx, key, now)) for key, patience in counted]
    wait = max(attempts.wait(now) for _, _, attempts in found)
    if wait:
        log.info("sign_in_delayed", seconds=wait.total_seconds())
        return wait
    for key, patience, attempts in found:
        await sessions.upsert_attempts(tx, key, patience.after_failure(attempts, now))
    return timedelta(0)


async def _counted(tx: Transaction, guest: Guest) -> Sequence[tuple[str, Patience]]:
    known_since = tx.node.clock.now() - guessing.DEVICE_KNOWN_FOR
    if guest.device and await sessions.find_device(tx, guest.device_digest, guest.login, known_since):
        return [(guessing.device_key(guest.device_digest, guest.login), guessing.ONE)]
    return sorted(
        [
            (guessing.pair_key(guest.address, guest.login), guessing.ONE),
            (guessing.address_key(guest.address), guessing.ADDRESS),
        ],
        key=lambda one: one[0],
    )


async def kept_secret(tx: Transaction, login: str) -> str | None:
    """What a password is compared with; None for nobody, for a closed account, for an initial password that is too old."""
    account = await accounts.find_account(tx, login)
    if account is None or account.closed_at or not account.secret:
        return None
    too_old = account.must_change and tx.node.clock.now() - account.password_at > INITIAL_GOOD_FOR
    return None if too_old else account.secret


async def come_in(tx: Transaction, guest: Guest, secret: str, better: str | None) -> str | None:
    """The password was right: forgive the tries, and a session's word. None when the account has changed since it was compared."""
    account = await accounts.lock_account(tx, guest.login)
    if account is None or account.closed_at or account.secret != secret:
        return None
    await forgive(tx, guest)
    if better:
        await accounts.update_secret(tx, account.login, secret, better)
    log.info("sign_in", login=account.login)
    record_sign_in(tx, account, "password", address=guest.address)
    return await begin(tx, account, guest, passed=account.totp is None)


async def refuse(tx: Transaction, guest: Guest) -> None:
    """The password was wrong, or nobody has this login: on record, for either in the same time."""
    record_failure(tx, await accounts.find_account(tx, guest.login), "password", address=guest.address)


async def welcome(tx: Transaction, guest: Guest, issuer: str, given: GivenRights, *, way: str = "openid") -> str | None:
    """Somebody whom the issuer vouches for: an account that follows its claims, and a session; None where this login is not theirs."""
    now, known = tx.node.clock.now(), await accounts.lock_account(tx, guest.login)
    if known is None:
        known = Account(
            new_id(), guest.login, given.role, given.regions, given.organisation, "", now, now, issuer=issuer
        )
        if not await accounts.insert_account_if_absent(tx, known):
            return None
        await record_change(tx, guest.login, issuer, "created", known.rights)
    if known.issuer != issuer or known.closed_at:
        record_failure(tx, known, way, issuer=issuer, address=guest.address)
        return None
    follows = replace(known, role=given.role, regions=given.regions, organisation=given.organisation)
    if differs := difference(known.rights, follows.rights):
        await accounts.update_account(tx, follows)
        await sessions.delete_sessions_of(tx, guest.login)
        await revoke(tx, issuer=tx.node.id, subject=guest.login)
        await record_change(tx, guest.login, issuer, "rights changed", differs)
    log.info("sign_in", login=guest.login, issuer=issuer)
    record_sign_in(tx, follows, way, issuer=issuer, address=guest.address)
    return await begin(tx, follows, guest, passed=True)


async def begin(tx: Transaction, account: Account, guest: Guest, *, passed: bool) -> str:
    """A session; its word is for the cookie alone."""
    word, now = secrets.token_urlsafe(32), tx.node.clock.now()
    await sessions.insert_session(
        tx, _digest(word), Session(new_id(), account.login, now, now, passed, guest.address, guest.agent[:200])
    )
    return word


async def forgive(tx: Transaction, guest: Guest) -> None:
    """The tries that led in were the right person's; of the address only this one try is taken back."""
    for key, patience in await _counted(tx, guest):
        if patience is guessing.ONE:
            await sessions.delete_attempts(tx, key)
        else:
            before = await sessions.find_attempts(tx, key, tx.node.clock.now())
            await sessions.upsert_attempts(
                tx, key, replace(before, failures=max(0, before.failures - 1), next_at=before.last_at)
            )


async def find_visit(tx: Transaction, word: str, stay: Stay) -> Visit | None:
    """Who holds a session; an expired one, or one of a closed account, is ended."""
    now, found = tx.node.clock.now(), await sessions.find_session(tx, _digest(word))
    if found is None or found[1].phone:
        return None
    account, session = found
    if account.closed_at or now >= stay.ends_at(account, session):
        await sessions.delete_session(tx, _digest(word))
        return None
    if now - session.seen_at > _TOUCH_EVERY:
        await sessions.update_session_seen(tx, _digest(word), now)
        session = replace(session, seen_at=now)
    step = next_step(account, session, second_factor=account.role in stay.second_factor)
    return Visit(account, session, step, stay.ends_at(account, session))


async def try_code(tx: Transaction, account: Account, word: str, code: str) -> timedelta | bool:
    """A code of the second factor, or a recovery code; each opens once. How long to wait, or whether it was right."""
    now, key = tx.node.clock.now(), guessing.code_key(account.login)
    attempts = await sessions.find_attempts(tx, key, now)
    if wait := attempts.wait(now):
        return wait
    if not await use_code(tx, account, code):
        await sessions.upsert_attempts(tx, key, guessing.CODE.after_failure(attempts, now))
        record_failure(tx, account, "second factor")
        return False
    record_sign_in(tx, account, "second factor")
    await sessions.delete_attempts(tx, key)
    await sessions.update_session_passed(tx, _digest(word))
    return True


async def count_guess(tx: Transaction, account: Account) -> timedelta:
    """Somebody with a session gives the password again: counted as a code is, before it is looked at."""
    now, key = tx.node.clock.now(), guessing.code_key(account.login)
    attempts = await sessions.find_attempts(tx, key, now)
    if not (wait := attempts.wait(now)):
        await sessions.upsert_attempts(tx, key, guessing.CODE.after_failure(attempts, now))
    return wait


async def end_own_session(tx: Transaction, account: Account, id: UUID) -> None:
    """A browser's; a phone is told to wipe itself when it is next in touch."""
    if not await sessions.update_phones_ended(tx, account.login, tx.node.clock.now(), id=id):
        await sessions.delete_session_by_id(tx, account.login, id)


async def use_code(tx: Transaction, account: Account, code: str) -> bool:
    """Whether a code is right, and used by this alone."""
    assert account.totp is not None
    secret, code = tx.node.vault.decrypt(account.totp, context=totp_context(account.login)), second_factor.plain(code)
    step = second_factor.step_of(secret, code, tx.node.clock.now())
    if step is not None:
        return await accounts.update_step(tx, account.login, step)
    taken = await accounts.update_recovery_taken(tx, account.login, second_factor.recovery_digest(code))
    if taken:
        await record_change(tx, account.login, account.login, "recovery code used", {})
    return taken


async def enrol(tx: Transaction, account: Account, word: str, secret: str, code: str) -> tuple[str, ...] | None:
    """The second factor, once a code proves that the person's telephone has it; answers the recovery codes, shown once."""
    step = second_factor.step_of(secret, second_factor.plain(code), tx.node.clock.now())
    if step is None:
        return None
    codes, sealed = (
        second_factor.new_recovery_codes(),
        tx.node.vault.encrypt(secret, context=totp_context(account.login)),
    )
    digests = tuple(map(second_factor.recovery_digest, codes))
    await accounts.update_account(tx, replace(account, totp=sealed, totp_step=step, recovery=digests))
    await sessions.delete_sessions_of(tx, account.login, but=_digest(word))
    await sessions.update_session_passed(tx, _digest(word))
    await record_change(tx, account.login, account.login, "second factor enrolled", {})
    return codes


async def change_password(tx: Transaction, account: Account, word: str, secret: str) -> None:
    """A password of one's own; every other session ends."""
    now = tx.node.clock.now()
    await accounts.update_account(tx, replace(account, secret=secret, password_at=now, must_change=False))
    await sessions.delete_sessions_of(tx, account.login, but=_digest(word))
    await sessions.delete_attempts(tx, guessing.code_key(account.login))
    await record_change(tx, account.login, account.login, "password changed", {})


async def end_own_everything(tx: Transaction, account: Account, word: str) -> None:
    """Every session but this one, every known browser, and every token so far."""
    await sessions.delete_sessions_of(tx, account.login, but=_digest(word))
    await sessions.delete_devices(tx, account.login)
    await revoke(tx, issuer=tx.node.id, subject=account.login)
    await record_change(tx, account.login, account.login, "sessions ended", {"session": "all others"})


async def remember_device(tx: Transaction, login: str, device: str) -> str:
    """The word of a browser that somebody has come in from; a new one where there was none."""
    device = device if len(device) == 43 else secrets.token_urlsafe(32)
    await sessions.upsert_device(tx, _digest(device), login, tx.node.clock.now())
    return device


async def sign_out(tx: Transaction, word: str) -> None:
    """End a session; a cookie kept by somebody opens nothing any more."""
    await sessions.delete_session(tx, _digest(word))


def totp_context(login: str) -> str:
    return f"console.totp.{login}"


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
