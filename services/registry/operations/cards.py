"""Cards (一人一卡): sealed at home when the person has agreed, opened at the destination alone, where the person is a guest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from joserfc.jwk import KeySet

from libs.common.database import Transaction, new_id
from libs.common.events.matching import IntroductionAgreed
from libs.common.events.registry import CardSealed, GuestReceived
from libs.common.outbox import announce
from libs.common.privacy import Vault, seal
from libs.common.problems import Conflict, Forbidden
from libs.common.telemetry import log
from services.registry.operations.sealing import index_number, open_field, seal_field
from services.registry.rules.applications import Application
from services.registry.rules.facts import education_step
from services.registry.rules.guests import Card, Guest
from services.registry.rules.heard_courses import HeardCourse
from services.registry.rules.people import Person
from services.registry.store import erasures, guests, people, withdrawals

_NAMED = ("name", "number", "phone")
# What travels within the seal besides these: facts on which the priority was computed.
_FACTS = ("occupation", "experience", "certificates", "groups", "burden")


class NoKeyOfCity(Conflict):
    title = "尚未与该市交换密钥 No keys have been exchanged with that city"


class NoConsentOnRecord(Forbidden):
    title = "没有登记这份同意 No such consent is on record"


def check_consent(
    agreed: IntroductionAgreed, recorded: Mapping[str, Any] | None, now: Mapping[UUID, UUID] = {}
) -> None:
    """`now`: who somebody is who was merged since. Raises NoConsentOnRecord unless what an officer recorded is what the event says; whoever forges one has not the other."""
    said = agreed.model_dump(
        mode="json", include={"introduction", "person", "county", "city", "vacancy", "consent", "consent_on"}
    )
    told = dict(recorded or {})
    for one in _person_of(recorded):
        told["person"] = str(now.get(one, one))
    said["person"] = str(now.get(agreed.person, agreed.person))
    wrong = [name for name, value in said.items() if told.get(name) != value]
    if wrong:
        names = ", ".join(sorted(wrong))
        raise NoConsentOnRecord(f"与登记不符「{names}」 Not as it was recorded: {names}")


def _person_of(recorded: Mapping[str, Any] | None) -> list[UUID]:
    return [UUID(recorded["person"])] if recorded and recorded.get("person") else []


async def seal_card(tx: Transaction, agreed: IntroductionAgreed, recorded: Mapping[str, Any] | None) -> None:
    """Seal the person's card to the city's key, once, on the consent that an officer recorded, and send it there."""
    if await erasures.find_erased_on(tx, agreed.person):
        return  # nobody is left to be handed out, and matching has forgotten the consent, too
    now = await people.find_standing_ids(tx, [agreed.person, *_person_of(recorded)])
    check_consent(agreed, recorded, now)
    if await _is_withdrawn(tx, agreed, recorded):
        log.info("seal_no_card", introduction=str(agreed.introduction), reason="consent_withdrawn")
        return
    await _send_card(tx, await people.lock_person(tx, now.get(agreed.person, agreed.person)), agreed)


async def seal_student_card(tx: Transaction, application: Application, course: HeardCourse) -> None:
    """The same for a training place (培训名额), on the consent that stands in the application itself: the school greets a person."""
    if await withdrawals.find_withdrawal(tx, application.id, tx.node.code):
        return
    person = await people.lock_person(tx, application.person)
    facts = {name: getattr(application, name) for name in ("city", "person", "consent", "consent_on")}
    agreed = IntroductionAgreed(
        **facts,
        introduction=application.id,
        county=tx.node.code,
        vacancy=application.course,
        occupation=course.occupation,
        on=application.changed_on,
    )
    await _send_card(tx, person, agreed, course=course.id)


async def _send_card(
    tx: Transaction, person: Person, agreed: IntroductionAgreed, *, course: UUID | None = None
) -> None:
    """Once for each introduction or application."""
    noted = Card(agreed.introduction, person.id, agreed.city, agreed.consent_on)
    if not await guests.insert_card_if_absent(tx, noted):
        return
    sealed = CardSealed(
        introduction=agreed.introduction,
        county=agreed.county,
        consent_on=agreed.consent_on,
        card=seal(_card_of(tx.node.vault, person, agreed), _keys_of(tx, agreed.city)),
        course=course,
    )
    await announce(tx, sealed, to=f"n{agreed.city}")
    tx.trail.add(
        "registry.seal_card",
        tx.node.clock.now(),
        actor=f"n{agreed.city}",
        purpose="introduction",
        reference=agreed.consent,
        persons=(person.id,),
        entities=(f"introduction:{agreed.introduction}",),
        fields=(*_NAMED, "birth_date"),
    )
    log.info("seal_card", introduction=str(agreed.introduction), city=agreed.city)


async def _is_withdrawn(tx: Transaction, agreed: IntroductionAgreed, recorded: Mapping[str, Any] | None) -> bool:
    """As matching has it on record, or as it was heard here already."""
    if recorded and recorded.get("withdrawn_on"):
        return True
    return await withdrawals.find_withdrawal(tx, agreed.introduction, agreed.county) is not None


def _card_of(vault: Vault, person: Person, agreed: IntroductionAgreed) -> Mapping[str, Any]:
    """What the city is told of the person, in plain: sealed at once, and kept nowhere."""
    return {
        **{name: open_field(vault, f"person.{name}", getattr(person, f"{name}_sealed")) for name in _NAMED},
        "introduction": agreed.introduction,
        "county": agreed.county,
        "vacancy": agreed.vacancy,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "ethnic_group": person.ethnic_group,
        "education": education_step(person.education),
        "consent": agreed.consent,
        "consent_on": agreed.consent_on,
        **agreed.model_dump(include=set(_FACTS)),
    }


def check_city(tx: Transaction, city: str) -> None:
    """Raises NoKeyOfCity where nothing could be sealed to it."""
    _keys_of(tx, city)


def _keys_of(tx: Transaction, city: str) -> KeySet:
    """The city's public keys; for a job in the own county, the node's own."""
    if city == tx.node.code:
        return tx.node.vault.seal_jwks
    partner = tx.node.partners.get(f"n{city}")
    if partner is None:
        raise NoKeyOfCity(city)
    return partner.jwks


async def receive_card(tx: Transaction, sealed: CardSealed, node: str) -> None:
    """Open a card addressed to this node and keep the person as a guest; only its own county may send it."""
    if node == f"n{sealed.county}" and await withdrawals.find_withdrawal(tx, sealed.introduction, sealed.county):
        log.info("open_no_card", introduction=str(sealed.introduction), reason="consent_withdrawn")
        return
    card = tx.node.vault.open_sealed(sealed.card)
    said = (card.get("introduction"), card.get("county"), node)
    if said != (str(sealed.introduction), sealed.county, f"n{sealed.county}"):
        raise Forbidden("卡片与来源不符 The card does not belong to this introduction and sender.")
    if sealed.course is not None and card.get("vacancy") != str(sealed.course):
        raise Forbidden("卡片与培训班不符 The card does not belong to this course.")
    guest = replace(guest_of(tx.node.vault, card), course=sealed.course)
    if not await guests.insert_guest_if_absent(tx, guest):
        return
    if guest.course is None:  # nobody was introduced to a post: matching and retention have nothing to hear
        await announce(tx, received(guest))
    tx.trail.add(
        "registry.receive_card",
        tx.node.clock.now(),
        actor=node,
        purpose="introduction",
        persons=(guest.id,),
        entities=(f"introduction:{sealed.introduction}",),
    )
    log.info("receive_card", introduction=card["introduction"], guest=str(guest.id))


def guest_of(vault: Vault, card: Mapping[str, Any]) -> Guest:
    """An opened card as it is kept: name, number and phone sealed again under this node's own key."""
    facts = {name: card[name] for name in (*_FACTS, "sex", "ethnic_group", "education", "county", "consent")}
    facts |= {f"{name}_sealed": seal_field(vault, f"guest.{name}", card[name]) for name in _NAMED}
    consent_on = date.fromisoformat(card["consent_on"])
    return Guest(
        id=new_id(),
        introduction=UUID(card["introduction"]),
        vacancy=UUID(card["vacancy"]),
        birth_date=date.fromisoformat(card["birth_date"]),
        consent_on=consent_on,
        received_on=consent_on,
        number_index=index_number(vault, card["number"]),
        **facts,
    )


def received(guest: Guest) -> GuestReceived:
    """The guest by id, with the facts that the declared priority must bear out; no name."""
    told = {name: getattr(guest, name) for name in (*_FACTS, "introduction", "county", "birth_date", "education")}
    return GuestReceived(guest=guest.id, on=guest.received_on, **told)
