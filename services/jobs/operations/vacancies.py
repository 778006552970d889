"""A vacancy's life (岗位): created, changed by officers and its employer, vetted with reasons, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.access.reach import Reach
from libs.common.api.preconditions import Versions, check_version
from libs.common.calendar import add_days
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.indicators import note_changes
from libs.common.problems import FieldError, Forbidden
from libs.common.telemetry import log
from services.jobs.operations.announcing import announce_vacancies, announce_withdrawal
from services.jobs.operations.pausing import settle_pauses
from services.jobs.rules.employers import Employer
from services.jobs.rules.kinds import check_kind
from services.jobs.rules.refusals import (
    EmployerBlacklisted,
    EmployerNotFound,
    EmployerNotListed,
    ReasonsMissing,
    TermsRefused,
    VacancyNotFound,
    VacancyWithdrawnAlready,
)
from services.jobs.rules.terms import VALID_DAYS, check_days, check_openings, check_terms, check_words, quarter_end
from services.jobs.rules.vacancies import (
    Terms,
    Vacancy,
    changed_fields,
    decided,
    vetted_by_rule,
    with_openings_taken,
    withdrawn,
)
from services.jobs.rules.vacancy_sheets import group_of_title
from services.jobs.store import employers, hires, vacancies


async def create_vacancy(
    tx: Transaction,
    caller: Caller,
    uscc: str,
    terms: Terms,
    *,
    city: str,
    starts_by: date | None,
    valid_until: date | None,
    on: date,
) -> Vacancy:
    """Enter one vacancy. An officer's is vetted by rule at once, an employer's waits (`pending`) for an officer."""
    check_reach(tx.reach, city, uscc)
    await tx.widen()
    employer = await employers.find_employer_by_uscc(tx, city, uscc)
    if employer is None:
        raise EmployerNotFound(
            errors=[FieldError("/employer_uscc", "not_listed", "企业不在名单中 The employer is not on the city's list")]
        )
    entered = replace(_entered(employer, terms, starts_by or quarter_end(on), on), valid_until=valid_until)
    check_days(entered, on)
    check_employer(employer, on)
    _check(entered, employer, on)
    vetted = vetted_by_rule(entered, caller.subject, on, needs_officer=caller.role == "employer")
    stored = (await vacancies.insert_vacancies_if_absent(tx, [vetted]))[0]
    await announce_vacancies(tx, [stored], on)
    await note_changes(tx, city, on, [stored.id])
    log.info("create_vacancy", vacancy=str(stored.id), state=stored.state)
    return stored


async def change_vacancy(
    tx: Transaction, vacancy: UUID, change: Callable[[Vacancy], Vacancy], *, version: Versions | int, on: date
) -> Vacancy:
    """Add or correct what the sheet did not say; a vetted vacancy is announced again as a whole."""
    before = await _lock(tx, vacancy)
    check_version(version, before.version)
    after = change(before)
    _check(after, await _employer_of(tx, after), on)
    check_words(before, after, on)
    taken = await hires.count_hires(tx, vacancy)
    check_openings(after.openings, taken)
    changed = await vacancies.update_vacancy(tx, before, with_openings_taken(after, taken))
    await announce_vacancies(tx, [changed], on)
    if changed.openings != before.openings:
        await note_changes(tx, before.city, on, [vacancy])
    changed = await _settled(tx, changed, on)
    log.info("change_vacancy", vacancy=str(vacancy), fields=changed_fields(before, changed))
    return changed


async def renew_vacancy(tx: Transaction, vacancy: UUID, *, until: date | None, on: date) -> Vacancy:
    """续期: offered for another while, from today on where it has expired; nothing else of it changes."""
    before = await _lock(tx, vacancy)
    after = replace(before, valid_until=until or add_days(on, VALID_DAYS))
    check_days(after, on)
    renewed = await vacancies.update_vacancy(tx, before, after)
    await announce_vacancies(tx, [renewed], on)
    log.info("renew_vacancy", vacancy=str(vacancy), until=str(after.valid_until))
    return await _settled(tx, renewed, on)


async def vet_vacancy(
    tx: Transaction, caller: Caller, vacancy: UUID, *, passed: bool, reasons: Sequence[str], on: date
) -> Vacancy:
    """An officer's decision. Refusing needs reasons; so does passing what the rules refused. Passing announces."""
    before = await _lock(tx, vacancy)
    if not reasons and (not passed or before.state == "refused"):
        raise ReasonsMissing(errors=[FieldError("/reasons", "missing", "请写明理由 Say why")])
    after = decided(before, caller.subject, on, passed=passed, reasons=reasons)
    stored = await vacancies.update_vacancy(tx, before, after)
    await announce_vacancies(tx, [stored], on)
    if before.announced and not passed:
        await announce_withdrawal(tx, before, "vetting", on)
    await note_changes(tx, before.city, min(on, before.vetted_on or on), [vacancy])
    stored = await _settled(tx, stored, on)
    log.info("vet_vacancy", vacancy=str(vacancy), passed=passed)
    return stored


async def withdraw_vacancy(tx: Transaction, vacancy: UUID, *, reason: str, on: date) -> Vacancy:
    """Take a vacancy off the list (撤岗); who is already hired stays hired."""
    before = await _lock(tx, vacancy)
    gone = await vacancies.update_vacancy(tx, before, withdrawn(before, reason, on))
    if before.announced:
        await announce_withdrawal(tx, before, reason, on)
    await note_changes(tx, before.city, on, [vacancy])
    log.info("withdraw_vacancy", vacancy=str(vacancy))
    return gone


async def _settled(tx: Transaction, vacancy: Vacancy, on: date) -> Vacancy:
    """As it stands once this day has said whether it is offered."""
    settled = await settle_pauses(tx, on, vacancy=vacancy.id)
    return await vacancies.get_vacancy(tx, vacancy.id) if settled else vacancy


async def _lock(tx: Transaction, vacancy: UUID) -> Vacancy:
    found = await vacancies.lock_vacancy(tx, vacancy)
    if found is None:
        raise VacancyNotFound()
    if found.state == "withdrawn":
        raise VacancyWithdrawnAlready()
    await tx.widen()
    return found


def check_reach(reach: Reach, city: str, uscc: str) -> None:
    """403 for a division outside the caller's regions, or another firm's vacancy."""
    if reach.kind == "organisation" and not reach.owns(uscc):
        raise Forbidden("只能处理本企业的岗位 An employer deals with its own vacancies only.")
    if reach.kind != "organisation":
        reach.check(city)


async def rename_employer(tx: Transaction, before: Employer, now: Employer, on: date) -> None:
    """A firm's vacancies carry its name and code; those that partners know are announced again, and pause as the firm's standing says."""
    await announce_vacancies(tx, await vacancies.update_employer_of(tx, before.id, now), on)
    await settle_pauses(tx, on, employer=now.id)


def check_employer(employer: Employer, on: date) -> None:
    """Who has not passed vetting, or is blacklisted on that day, offers nothing."""
    if employer.state != "listed":
        raise EmployerNotListed("先通过单位审核，再登记岗位 The firm has to be vetted before it offers vacancies.")
    if employer.blacklisted_on(on):
        until, why = employer.blacklisted_until, employer.blacklisted_because
        raise EmployerBlacklisted(
            f"列入至 {until} 日，原因「{why}」 It is on that list until {until} because of: {why}"
        )


def _entered(employer: Employer, terms: Terms, starts_by: date, on: date) -> Vacancy:
    number = new_id()
    stated = vars(terms) | {
        "employer_uscc": employer.uscc,
        "industry": terms.industry or employer.industry,
        "occupation": terms.occupation or group_of_title(terms.title),
    }
    return Vacancy(
        **stated,
        id=number,
        city=employer.city,
        employer=employer.id,
        employer_name=employer.name,
        openings_left=terms.openings,
        starts_by=starts_by,
        listed_on=on,
        fingerprint=str(number),
    )


async def _employer_of(tx: Transaction, vacancy: Vacancy) -> Employer | None:
    """Whose it is, where a kind asks for it."""
    if vacancy.kind != "abroad" or vacancy.employer is None:
        return None
    return await employers.get_employer(tx, vacancy.employer)


def _check(vacancy: Vacancy, employer: Employer | None, on: date) -> None:
    wrong = [*check_terms(vacancy, vacancy.city, on), *check_kind(vacancy, employer, on)]
    if wrong:
        raise TermsRefused("请修正所列字段 Correct the fields listed.", errors=wrong)
