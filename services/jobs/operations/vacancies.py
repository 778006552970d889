"""A vacancy's life (岗位): created, changed by officers and its employer, vetted with reasons, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.access.reach import Reach
from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import FieldError, Forbidden
from libs.common.telemetry import log
from services.jobs.operations.announcing import announce_vacancies, announce_withdrawal
from services.jobs.rules.refusals import (
    EmployerNotFound,
    ReasonsMissing,
    TermsRefused,
    VacancyNotFound,
    VacancyWithdrawnAlready,
)
from services.jobs.rules.terms import check_terms, quarter_end
from services.jobs.rules.text import plain
from services.jobs.rules.vacancies import group_of_title
from services.jobs.rules.vetting import LAW, vet_words
from services.jobs.store import employers, figures, hires, vacancies


async def show_vacancy(tx: Transaction, vacancy: UUID) -> Row[Any]:
    row = await vacancies.find_vacancy(tx, vacancy)
    if row is None:
        raise VacancyNotFound()
    return row


async def create_vacancy(tx: Transaction, caller: Caller, terms: dict[str, Any], on: date) -> Row[Any]:
    """Enter one vacancy. An officer's is vetted by rule at once, an employer's waits (`pending`) for an officer."""
    city = terms.pop("city", None) or tx.node.code
    check_reach(tx.reach, city, terms["employer_uscc"])
    await tx.widen()
    employer = await employers.find_by_uscc(tx, city, terms["employer_uscc"])
    if employer is None:
        raise EmployerNotFound(
            errors=[FieldError("/employer_uscc", "not_listed", "企业不在名单中 The employer is not on the city's list")]
        )
    number = new_id()
    values = terms | {
        "id": number,
        "city": city,
        "employer": employer.id,
        "employer_name": employer.name,
        "industry": terms.get("industry") or employer.industry,
        "occupation": terms.get("occupation") or group_of_title(terms["title"]),
        "openings_left": terms["openings"],
        "starts_by": terms.get("starts_by") or quarter_end(on),
        "listed_on": on,
        "fingerprint": str(number),
    }
    _check(values, city)
    row = (await vacancies.add_vacancies(tx, [values | _vet_by_rule(caller, values, on)]))[0]
    await announce_vacancies(tx, [row], on)
    await figures.note_change(tx, city, on)
    log.info("create_vacancy", vacancy=str(number), state=row.state)
    return row


async def change_vacancy(
    tx: Transaction, vacancy: UUID, changes: Mapping[str, Any], *, version: Versions | int, on: date
) -> Row[Any]:
    """Add or correct what the sheet did not say; a vetted vacancy is announced again as a whole."""
    row = await _lock(tx, vacancy)
    check_version(version, row.version)
    after = dict(row._mapping) | dict(changes)
    _check(after, row.city)
    taken = await hires.count_hires(tx, vacancy)
    changed = await vacancies.change_vacancy(
        tx, vacancy, {**changes, "openings_left": max(0, after["openings"] - taken)}
    )
    await announce_vacancies(tx, [changed], on)
    if changed.openings != row.openings:
        await figures.note_change(tx, row.city, on)
    log.info("change_vacancy", vacancy=str(vacancy), fields=sorted(changes))
    return changed


async def vet_vacancy(
    tx: Transaction, caller: Caller, vacancy: UUID, *, passed: bool, reasons: Sequence[str], on: date
) -> Row[Any]:
    """An officer's decision. Refusing needs reasons; so does passing what the rules refused. Passing announces."""
    row = await _lock(tx, vacancy)
    if not reasons and (not passed or row.reasons):
        raise ReasonsMissing(errors=[FieldError("/reasons", "missing", "请写明理由 Say why")])
    told = [{"code": reason, "column": "", "law": LAW.get(reason, "")} for reason in reasons]
    decided = await vacancies.change_vacancy(
        tx,
        vacancy,
        {"state": "vetted" if passed else "refused", "reasons": told, "vetted_by": caller.subject, "vetted_on": on},
    )
    await announce_vacancies(tx, [decided], on)
    if row.state == "vetted" and not passed:
        await announce_withdrawal(tx, row, "vetting", on)
    await figures.note_change(tx, row.city, min(on, row.vetted_on or on))
    log.info("vet_vacancy", vacancy=str(vacancy), passed=passed)
    return decided


async def withdraw_vacancy(tx: Transaction, vacancy: UUID, *, reason: str, on: date) -> Row[Any]:
    """Take a vacancy off the list (撤岗); who is already hired stays hired."""
    row = await _lock(tx, vacancy)
    offered_from = row.vetted_on if row.state == "vetted" else None  # figures count what was once offered, no more
    changes = {"state": "withdrawn", "withdrawn_on": on, "withdrawn_because": reason, "vetted_on": offered_from}
    gone = await vacancies.change_vacancy(tx, vacancy, changes)
    if row.state == "vetted":
        await announce_withdrawal(tx, row, reason, on)
        await figures.note_change(tx, row.city, on)
    log.info("withdraw_vacancy", vacancy=str(vacancy))
    return gone


async def _lock(tx: Transaction, vacancy: UUID) -> Row[Any]:
    row = await vacancies.lock_vacancy(tx, vacancy)
    if row is None:
        raise VacancyNotFound()
    if row.state == "withdrawn":
        raise VacancyWithdrawnAlready()
    await tx.widen()
    return row


def check_reach(reach: Reach, city: str, uscc: str) -> None:
    """403 for a division outside the caller's regions, or another firm's vacancy."""
    if reach.kind == "organisation" and not reach.owns(uscc):
        raise Forbidden("只能处理本企业的岗位 An employer deals with its own vacancies only.")
    if reach.kind != "organisation":
        reach.check(city)


def _check(terms: Mapping[str, Any], city: str) -> None:
    wrong = check_terms(terms, city)
    if wrong:
        raise TermsRefused("请修正所列字段 Correct the fields listed.", errors=wrong)


def _vet_by_rule(caller: Caller, terms: Mapping[str, Any], on: date) -> dict[str, Any]:
    words = {"岗位名称": plain(terms["title"]), "福利待遇": plain(terms.get("welfare", ""))}
    reasons = [{"code": code, "column": column, "law": LAW[code]} for code, column in vet_words(words)]
    if not reasons and caller.role == "employer":
        return {"state": "pending"}
    return {
        "state": "refused" if reasons else "vetted",
        "reasons": reasons,
        "vetted_by": caller.subject,
        "vetted_on": on,
    }
