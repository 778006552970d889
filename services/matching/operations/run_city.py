"""The city's work in a run: allot openings, hold the best cards, publish cutoffs, sign them when a pass is closed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import AllotmentStated, Allotted, CertificateSigned, Cutoff, CutoffsRaised
from libs.common.outbox import announce
from libs.common.problems import FieldError
from libs.common.telemetry import log
from services.matching.files import published_weights
from services.matching.rules.choice import choose
from services.matching.rules.city import Answer, CityPass
from services.matching.rules.county import Proposal, Rise
from services.matching.rules.entry import group_of
from services.matching.rules.facts import FactsRefused, Vacancy, as_data, check_vacancies, vacancy_of
from services.matching.rules.freezing import closed, freeze
from services.matching.rules.runs import ANNOUNCED, AllotmentRefused, NotInTheRun, Pass, Run, RunNotFound, WrongStep
from services.matching.rules.weights import Weights
from services.matching.store import markets
from services.matching.store import runs as store
from services.matching.store.runs import Message

# How many vacancies, cards or cutoffs travel in one event: well under the broker's limit of a megabyte.
BATCH = 1000

FROM_THE_LIST = (
    "city", "age_min", "age_max", "education_min", "certificates", "demands", "accommodations", "wage", "starts_by", "offers",
    "experience_points",
)  # fmt: skip


@dataclass(frozen=True)
class Share:
    """What an officer gives to a run of one vacancy."""

    vacancy: UUID
    openings: int
    reserved: Mapping[str, int]


async def allot(tx: Transaction, run: UUID, shares: Sequence[Share]) -> int:
    """Allots openings of this city's own vetted vacancies to a run (配额); answers how many openings."""
    found = await store.find_run(tx, run, lock=True)
    if found is None:
        raise RunNotFound
    if tx.home.node not in found.cities:
        raise NotInTheRun
    if found.state != ANNOUNCED or found.own_share is not None:
        raise WrongStep("本市已提交本轮配额 This city's allotment to the run is made already.")
    weights = published_weights()[found.weights]
    rows = await markets.own_vacancies(tx, tx.home.node, (share.vacancy for share in shares))
    _refuse(shares, rows)
    vacancies = [_offered(share, rows[share.vacancy], weights) for share in shares]
    _judge(vacancies, weights)
    await _state_allotment(tx, run, 1, vacancies)
    return sum(vacancy.openings for vacancy in vacancies)


def _refuse(shares: Sequence[Share], rows: Mapping[UUID, Mapping[str, Any]]) -> None:
    wrong = []
    for at, share in enumerate(shares):
        row = rows.get(share.vacancy)
        if row is None:
            message = "本市没有这个已发布的岗位 no announced vacancy of this city"
            wrong.append(FieldError(f"/allotted/{at}/vacancy", "unknown", message))
        elif share.openings > row["openings_left"]:
            message = f"尚余 {row['openings_left']} 个名额 only {row['openings_left']} openings are left"
            wrong.append(FieldError(f"/allotted/{at}/openings", "too_many", message))
    if wrong:
        raise AllotmentRefused("请修正所列岗位 Correct the vacancies listed.", errors=wrong)


def _offered(share: Share, row: Mapping[str, Any], weights: Weights) -> Vacancy:
    given = {"vacancy": str(share.vacancy), "openings": share.openings, "reserved": share.reserved}
    same = {name: row[name] for name in FROM_THE_LIST}
    return vacancy_of({**same, **given, "occupation": group_of(row["occupation"], weights)})


def _judge(vacancies: Sequence[Vacancy], weights: Weights) -> None:
    try:
        check_vacancies(vacancies, weights)
    except FactsRefused as refusal:
        where = FieldError(f"/allotted/{refusal.row - 1}/{refusal.column}", "refused", refusal.why)
        raise AllotmentRefused(str(refusal), errors=[where]) from refusal


async def _state_allotment(tx: Transaction, run: UUID, number: int, vacancies: Sequence[Vacancy]) -> None:
    allotted = [Allotted.model_validate(as_data(vacancy)) for vacancy in vacancies]
    parts = [allotted[at : at + BATCH] for at in range(0, len(allotted), BATCH)] or [[]]
    for batch, part in enumerate(parts):
        await markets.keep_allotment(tx, run, number, tx.home.node, batch, len(parts), part)
        stated = AllotmentStated(run=run, city=tx.home.node, number=number, batch=batch, batches=len(parts), allotted=tuple(part))
        await announce(tx, stated)


async def advance(tx: Transaction, run: Run, step: Pass) -> bool:
    """Begins the pass when it can, and handles the cards that are here; True if anything was done."""
    started = step.started or await _start(tx, run, step)
    messages = await store.take_messages(tx, run.run, step.number, "cards") if started else []
    if messages:
        vacancies = (await markets.allotted(tx, run.run, step.base))[tx.home.node]
        await _hold(tx, run, step.number, vacancies, messages)
    return bool(messages) or started != step.started


async def _start(tx: Transaction, run: Run, step: Pass) -> bool:
    if step.number > 1 and step.base == step.number and not await _freeze(tx, run, step):
        return False
    await store.change_pass(tx, run.run, step.number, started=True)
    return True


async def _freeze(tx: Transaction, run: Run, step: Pass) -> bool:
    """Takes frozen seats out of the market when every county has named its own; then states what is still offered."""
    if not set(run.counties) <= await store.senders_of(tx, run.run, step.number, "frozen"):
        return False
    before = await store.find_pass(tx, run.run, step.number - 1)
    vacancies = (await markets.allotted(tx, run.run, before.base if before else 1))[tx.home.node]
    seats = await markets.seats(tx, run.run, step.number - 1)
    frozen: dict[str, list[str]] = {}
    for message in await store.take_messages(tx, run.run, step.number, "frozen"):
        for place in message.data:
            frozen.setdefault(place["vacancy"], []).append(place["person"])
    groups = published_weights()[run.weights].reserve_groups
    left = [freeze(each, seats.get(name, {}), frozen.get(name, []), groups) for name, each in vacancies.items()]
    offered_still = await markets.own_vacancies(tx, tx.home.node, (UUID(name) for name in vacancies))
    await _state_allotment(tx, run.run, step.number, [each if UUID(each.vacancy) in offered_still else closed(each) for each in left])
    return True


async def _hold(tx: Transaction, run: Run, number: int, vacancies: Mapping[str, Vacancy], messages: Sequence[Message]) -> None:
    """All cards at hand: hold the best, refuse the others, publish what rose, and count, all in one transaction."""
    fresh: dict[str, list[Proposal]] = {}
    for message in messages:
        cards = await _fresh(tx, run, number, message)
        await store.count(tx, run.run, number, "cards", message.sender, handled=len(cards))
        ours = [card for card in cards if card.vacancy in vacancies]
        if len(ours) < len(cards):
            log.warning("cards_for_unknown_vacancies", run=str(run.run), county=message.sender, cards=len(cards) - len(ours))
        fresh.setdefault(message.sender, []).extend(ours)
    if any(fresh.values()):
        await _choose(tx, run, number, vacancies, fresh, max(message.round for message in messages))


async def _fresh(tx: Transaction, run: Run, number: int, message: Message) -> list[Proposal]:
    """The cards of a batch that were not here before, now kept."""
    cards = [Proposal(card["person"], card["vacancy"], card["priority"], frozenset(card["groups"])) for card in message.data]
    known = await markets.known_cards(tx, run.run, number, cards)
    fresh = [card for card in cards if (card.person, card.vacancy) not in known]
    await markets.add_cards(tx, run.run, number, message.sender, fresh)
    return fresh


async def _choose(
    tx: Transaction, run: Run, number: int, vacancies: Mapping[str, Vacancy], fresh: Mapping[str, Sequence[Proposal]], chain: int
) -> None:
    cards = [card for batch in fresh.values() for card in batch]
    seed, touched = bytes.fromhex(run.seed or ""), {card.vacancy for card in cards}
    holding, counties = await markets.held(tx, run.run, number, seed, at=touched)
    city = CityPass({name: vacancies[name] for name in touched}, published_weights()[run.weights], seed, holding)
    answer = city.hold(cards)
    for vacancy, seated in answer.seated.items():
        await markets.seat(tx, run.run, number, vacancy, seated)
    across = sum(1 for person, vacancy in answer.displaced if _came_in(fresh, answer.seated[vacancy], vacancy) - {counties[person]})
    await _tally(tx, run, number, chain, answer, across)
    await _publish(tx, run, number, chain, answer.raised)


def _came_in(fresh: Mapping[str, Sequence[Proposal]], seated: Mapping[str, str], vacancy: str) -> set[str]:
    """Counties whose people were newly taken at a vacancy."""
    return {county for county, cards in fresh.items() for card in cards if card.vacancy == vacancy and card.person in seated}


async def _tally(tx: Transaction, run: Run, number: int, chain: int, answer: Answer, across: int) -> None:
    step = await store.find_pass(tx, run.run, number)
    if step is None:
        raise LookupError(f"pass {number} of run {run.run} is not here")
    await store.change_pass(
        tx, run.run, number,
        rounds=max(step.rounds, chain), refused=step.refused + len(answer.refused),
        displaced=step.displaced + len(answer.displaced), displaced_across=step.displaced_across + across,
    )  # fmt: skip


async def _publish(tx: Transaction, run: Run, number: int, chain: int, rises: Sequence[Rise]) -> None:
    """Cutoffs that rose, for all counties of the run; nobody is told that he was refused."""
    for at in range(0, len(rises), BATCH):
        part = rises[at : at + BATCH]
        cutoffs = tuple(Cutoff(vacancy=UUID(rise.vacancy), seat=rise.seat, key=rise.key) for rise in part)
        batch = await store.count(tx, run.run, number, "cutoffs", run.counties[0], batches=1)
        event = CutoffsRaised(run=run.run, city=tx.home.node, number=number, batch=batch, round=chain, cutoffs=cutoffs)
        size = len(event.model_dump_json())
        for county in run.counties:
            await store.count(tx, run.run, number, "cutoffs", county, sent=len(part), size=size)
        await announce(tx, event)


async def sign_certificate(tx: Transaction, run: Run, number: int) -> None:
    """The table of final cutoffs, one for each seat type, signed with the node's key."""
    step = await store.find_pass(tx, run.run, number)
    weights, seed = published_weights()[run.weights], bytes.fromhex(run.seed or "")
    vacancies = (await markets.allotted(tx, run.run, step.base if step else 1))[tx.home.node]
    holding, _ = await markets.held(tx, run.run, number, seed)
    table = {name: choose(each, holding.get(name, []), weights.reserve_groups)[1] for name, each in vacancies.items()}
    payload = {"run": str(run.run), "number": number, "city": tx.home.node, "seed": run.seed, "weights": run.weights, "cutoffs": table}
    signed = tx.home.signer.sign(json.dumps(payload, sort_keys=True).encode())
    await announce(tx, CertificateSigned(run=run.run, city=tx.home.node, number=number, certificate=signed))


async def offered(tx: Transaction, run: Run, number: int) -> list[Vacancy]:
    """This city's vacancies as offered in a pass, for an auditor."""
    step = await store.find_pass(tx, run.run, number)
    own = (await markets.allotted(tx, run.run, step.base if step else 1)).get(tx.home.node, {})
    return list(own.values())


