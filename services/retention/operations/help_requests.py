"""Ask for help, answer, close (求助): what is written is sealed, and every reading of it is on record."""

from __future__ import annotations

from uuid import UUID

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.privacy import Vault
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.retention.rules.help_requests import Category, HelpRequest
from services.retention.store import help_requests, introductions


async def ask_for_help(
    tx: Transaction, caller: Caller, whom: UUID | None, category: Category, text: str
) -> HelpRequest:
    """For a person of this county's register, by herself or by an official for her."""
    person = whom or _herself(caller)
    await introductions.get_person(tx, person)
    asked = HelpRequest(
        id=new_id(),
        county=tx.node.code,
        person=person,
        category=category,
        text_sealed=_seal(tx.node.vault, "text", text),
        by_person=_is_herself(caller),
        asked_by=caller.subject,
        asked_on=tx.node.today(),
        asked_at=tx.node.clock.now(),
    )
    await help_requests.insert_help_request(tx, asked)
    tx.trail.note(persons=[person], entities=[f"help_request:{asked.id}"])
    log.info("ask_for_help", request=str(asked.id), category=category)
    return asked


async def answer_help(
    tx: Transaction, caller: Caller, one: UUID, answer: str, *, version: Versions | None
) -> HelpRequest:
    """What was done, or what she can do. It stays hers to say whether that helped."""
    found = await _locked(tx, one, version)
    sealed = _seal(tx.node.vault, "answer", answer)
    return await _moved(tx, found.answered(sealed, caller.subject, tx.node.clock.now()))


async def close_help(tx: Transaction, caller: Caller, one: UUID, *, version: Versions | None) -> HelpRequest:
    """By whoever asked: it helped, or is no longer needed."""
    found = await _locked(tx, one, version)
    return await _moved(tx, found.closed(caller.subject, tx.node.clock.now(), herself=_is_herself(caller)))


async def _locked(tx: Transaction, one: UUID, version: Versions | None) -> HelpRequest:
    found = await help_requests.lock_help_request(tx, one)
    if version is not None:
        check_version(version, found.version)
    return found


async def _moved(tx: Transaction, request: HelpRequest) -> HelpRequest:
    await help_requests.update_help_request(tx, request)
    tx.trail.note(persons=[request.person], entities=[f"help_request:{request.id}"])
    log.info("move_help", request=str(request.id), state=request.state)
    return request


def open_text(vault: Vault, name: str, sealed: bytes | None) -> str | None:
    """What was written: `text` by who asked, `answer` by who answered."""
    return None if sealed is None else vault.decrypt(sealed, context=f"retention.help_request.{name}")


def _seal(vault: Vault, name: str, text: str) -> bytes:
    return vault.encrypt(text, context=f"retention.help_request.{name}")


def _herself(caller: Caller) -> UUID:
    if not _is_herself(caller):
        raise refuse_field("/person", "missing", "请写明为谁求助 Say for whom.")
    return UUID(caller.subject)


def _is_herself(caller: Caller) -> bool:
    return caller.reach.kind == "self"
