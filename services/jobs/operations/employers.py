"""An employer's entry (企业): made by an officer or the firm itself, corrected, vetted with reasons, appealed against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.api.preconditions import Versions, is_current, stale
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.indicators import note_changes
from libs.common.privacy import Vault
from libs.common.problems import Forbidden, refuse_field
from libs.common.telemetry import log
from services.jobs.operations.fair_announcing import carry_booths
from services.jobs.operations.history import note_written, text_of
from services.jobs.operations.pausing import settle_pauses
from services.jobs.operations.sealing import SEALED, seal
from services.jobs.operations.vacancies import check_reach, rename_employer
from services.jobs.rules.employers import Employer, EmployerFacts, appealed, check_registration, vetted
from services.jobs.rules.refusals import EmployerKnown, EmployerMergedAlready
from services.jobs.rules.text import folded
from services.jobs.store import employers


async def enter_employer(
    tx: Transaction, caller: Caller, uscc: str, facts: EmployerFacts, *, city: str, on: date
) -> Employer:
    """An officer's entry is listed at once; a firm's own registration (单位注册) waits for an officer."""
    check_reach(tx.reach, city, uscc)
    itself = caller.role == "employer"
    if itself:
        check_registration(facts)
    await tx.widen()
    entered = _entered(tx.node.vault, city, uscc, facts, on, waits=itself)
    if not await employers.insert_employer(tx, entered):
        await _refuse_known(tx, city, uscc)
    await note_written(tx, [(None, entered)], caller.subject)
    await note_changes(tx, city, on, [entered.id])
    log.info("enter_employer", employer=str(entered.id), state=entered.state)
    return entered


async def _refuse_known(tx: Transaction, city: str, uscc: str) -> None:
    known = await employers.find_employer_by_uscc(tx, city, uscc)
    told = {"known_as": f"/jobs/v1/employers/{known.id}"} if known else {}
    raise EmployerKnown("打开已有的登记更正即可 Open the entry that there is and correct it.", extensions=told)


async def change_employer(
    tx: Transaction,
    caller: Caller,
    employer: UUID,
    said: Mapping[str, object],
    *,
    version: Versions,
    reason: str,
    on: date,
) -> Employer:
    """Correct what is said of a firm; its vacancies carry its name, and another contact has to be called again."""
    if caller.role == "employer" and said.keys() & {"export_licence", "export_licence_until"}:
        raise Forbidden("外派资格由经办人员看过证书后登记 An officer enters the licence to send workers abroad.")
    before = await lock_current(tx, employer)
    if not is_current(version, before.version):
        raise stale(before.version, {name: _told(tx.node.vault, before, name) for name in said})
    await tx.widen()
    after = _with(before, said, tx.node.vault)
    stored = await employers.update_employer(tx, before, after)
    await note_written(tx, [(before, stored)], caller.subject, reason=reason)
    if stored.name != before.name:
        await rename_employer(tx, before, stored, on)
        await carry_booths(tx, employer, stored, on)
    await settle_pauses(tx, on, employer=employer)
    log.info("change_employer", employer=str(employer), fields=sorted(said))
    return stored


async def vet_employer(
    tx: Transaction,
    caller: Caller,
    employer: UUID,
    *,
    passed: bool,
    reasons: Sequence[str],
    contact_confirmed: bool,
    on: date,
) -> Employer:
    """An officer decides on a firm that has registered itself or has appealed; one on the list can be taken off it with reasons."""
    before = await lock_current(tx, employer)
    after = vetted(before, caller.subject, on, passed=passed, reasons=reasons, contact_confirmed=contact_confirmed)
    stored = await employers.update_employer(tx, before, after)
    await note_written(tx, [(before, stored)], caller.subject, reason="；".join(reasons))
    await note_changes(tx, stored.city, min(on, before.listed_on), [employer])
    await settle_pauses(tx, on, employer=employer)
    log.info("vet_employer", employer=str(employer), passed=passed)
    return stored


async def appeal(tx: Transaction, caller: Caller, employer: UUID, words: str, on: date) -> Employer:
    """申诉: the firm says why the decision is wrong, once and in time."""
    before = await lock_current(tx, employer)
    after = appealed(before, words, on)
    await tx.widen()
    stored = await employers.update_employer(tx, before, after)
    await note_written(tx, [(before, stored)], caller.subject)
    log.info("appeal", employer=str(employer))
    return stored


async def lock_current(tx: Transaction, employer: UUID) -> Employer:
    """One within reach that stands for itself."""
    found = await employers.lock_employer(tx, employer)
    if found.state == "merged":
        raise EmployerMergedAlready(
            "请到合并后的登记办理 Go to the entry that stands for it.",
            extensions={"merged_into": f"/jobs/v1/employers/{found.merged_into}"},
        )
    return found


async def lock_listed(tx: Transaction, city: str, uscc: str) -> Employer:
    """The firm with a credit code on a city's list, held; raises Invalid at /employer_uscc where there is none."""
    listed = await employers.find_employer_by_uscc(tx, city, uscc)
    if listed is None:
        raise refuse_field("/employer_uscc", "not_listed", "企业不在名单中 The employer is not on the city's list")
    return await lock_current(tx, listed.id)


def _with(employer: Employer, said: Mapping[str, object], vault: Vault) -> Employer:
    """Sealed where it is a person's; a field that is said blank is blank from now on."""
    values = {name: seal(vault, name, str(value or "")) if name in SEALED else value for name, value in said.items()}
    after = replace(employer, **values)  # type: ignore[arg-type]
    confirmed = None if said.keys() & set(SEALED) else employer.contact_confirmed_on
    return replace(after, folded_name=folded(after.name), contact_confirmed_on=confirmed)


def _told(vault: Vault, employer: Employer, name: str) -> object:
    """One field as it stands; whoever may correct it may see it."""
    return text_of(vault, employer, name) if name in SEALED else getattr(employer, name)


def _entered(vault: Vault, city: str, uscc: str, facts: EmployerFacts, on: date, *, waits: bool) -> Employer:
    return Employer(
        id=new_id(),
        city=city,
        uscc=uscc,
        name=facts.name,
        folded_name=folded(facts.name),
        district=facts.district,
        industry=facts.industry,
        staff=facts.staff,
        licence=facts.licence,
        designated=False,
        base=False,
        contact=seal(vault, "contact", facts.contact),
        phone=seal(vault, "phone", facts.phone),
        listed_on=on,
        state="pending" if waits else "listed",
    )
