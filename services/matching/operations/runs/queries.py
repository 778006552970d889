"""What a run shows: its state and counts to everybody, this node's files to an auditor, a person's reasons to the county."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import Channel, PassClosed, ProgressStated
from libs.common.problems import NotFound
from services.matching import files
from services.matching.operations.runs import city, coordinator, county, review
from services.matching.operations.runs.standing import Stood, last_stood
from services.matching.operations.weights import get_version_of
from services.matching.reference.county import CountyPass
from services.matching.rules.closing import channels
from services.matching.rules.explain import Explanation, explain
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import hash_of_pairs
from services.matching.rules.runs import ANNOUNCED, OPEN, ChannelCount, CityCertificate, Pass, PassTallies, Run
from services.matching.rules.unresolved import UnsettledPerson
from services.matching.store import lists, run_inputs
from services.matching.store import runs as store


class PassNotFound(NotFound):
    title = "没有这一趟 No such pass"


class NotInRunHere(NotFound):
    title = "此人或岗位不在本轮 The person or the vacancy is not in the run here"


@dataclass(frozen=True)
class RunOverview:
    """A run, the pass it is in, the channels and tallies as far as this node knows them."""

    run: Run
    step: Pass | None
    channels: Sequence[Channel]
    tallies: PassTallies
    own_hash: str | None
    waiting: Sequence[str] = ()


@dataclass(frozen=True)
class CertificateRead:
    """A certificate as it is kept, and its table of cutoffs; None unless its city has signed it."""

    kept: CityCertificate
    cutoffs: Mapping[str, Mapping[str, int]] | None


async def show_run(tx: Transaction, run: UUID) -> RunOverview:
    shown = await show_changed_run(tx, run)
    return replace(shown, own_hash=await _own_hash(tx, shown.run))


async def show_changed_run(tx: Transaction, run: UUID) -> RunOverview:
    """The same for who has just changed the run and holds its row: without this county's own hash, which is computed."""
    found = await store.get_run(tx, run)
    step = await store.find_pass(tx, run, found.number)
    table, tallies = await _counted(tx, found, step) if step else ((), PassTallies())
    return RunOverview(found, step, table, tallies, None, await _waiting(tx, found, table))


async def _waiting(tx: Transaction, run: Run, table: Sequence[Channel]) -> list[str]:
    """Who is waited for: at the convener whoever has not spoken, or has not handled what was sent; elsewhere this node's own part."""
    if run.convener == tx.node.id:
        silent = await coordinator.waiting_for(tx, run)
        behind = {each.receiver for each in table if each.handled < each.sent} if run.state == OPEN else set()
        return sorted({*silent, *behind})
    due = run.state == ANNOUNCED and tx.node.id in run.cities and run.awaits_entry
    allotted = due and tx.node.id in await run_inputs.list_allotments(tx, run.run, 1)
    return [tx.node.id] if due and not allotted else []


async def _counted(tx: Transaction, run: Run, step: Pass) -> tuple[Sequence[Channel], PassTallies]:
    """From the closing table when there is one; before that the convener's newest statements, or this node's own counts."""
    if step.closing:
        closing = PassClosed.model_validate(step.closing)
        return closing.channels, PassTallies(**{name: getattr(closing, name) for name in _TALLIES})
    if run.convener != tx.node.id:
        return await _own_channels(tx, run, step), step.tallies
    said = await store.list_statements(tx, run.run, step.number, ProgressStated)
    sums = {name: sum(getattr(each, name) for each in said.values()) for name in _TALLIES}
    longest = max((each.rounds for each in said.values()), default=0)
    return channels(said, run.counties, run.cities), PassTallies(**{**sums, "rounds": longest})


_TALLIES = tuple(field.name for field in fields(PassTallies))


async def _own_channels(tx: Transaction, run: Run, step: Pass) -> list[Channel]:
    counts = await store.list_counts(tx, run.run, step.number)
    return [_channel(each, tx.node.id, at_county=tx.node.id in run.counties) for each in counts]


def _channel(count: ChannelCount, here: str, *, at_county: bool) -> Channel:
    outgoing = (count.kind == "cards") == at_county
    sender, receiver = (here, count.counterpart) if outgoing else (count.counterpart, here)
    work = {name: getattr(count, name) for name in ("kind", "sent", "handled", "bytes")}
    return Channel.model_validate({**work, "sender": sender, "receiver": receiver})


async def _own_hash(tx: Transaction, run: Run) -> str | None:
    """The hash over this county's places alone, once the run has settled and while what was said in it is kept."""
    if run.settled is None or run.forgotten or tx.node.id not in run.counties:
        return None
    await tx.widen()  # who may see the hash need not see the people
    placed = await county.places_of(tx, run, run.settled)
    return hash_of_pairs((name, vacancy) for name, (_, vacancy) in placed.items())


async def list_runs(tx: Transaction, after: UUID | None, limit: int) -> list[Run]:
    return await store.list_runs(tx, after, limit)


async def _pass(tx: Transaction, run: UUID, number: int | None) -> tuple[Run, int]:
    found = await store.get_run(tx, run)
    wanted = found.number if number is None else number
    step = await store.find_pass(tx, run, wanted)
    if step is None or not found.is_under_way:
        raise PassNotFound(f"{wanted}")
    return found, wanted


async def export_people(tx: Transaction, run: UUID, number: int | None) -> bytes:
    """This county's people by pseudonym, with the facts declared in the pass."""
    found, wanted = await _pass(tx, run, number)
    step = await store.find_pass(tx, run, wanted)
    here = tx.node.id in found.counties and step is not None and step.county_has_begun
    return await run_inputs.get_roster(tx, run, wanted) if here else files.write_people([])


async def export_vacancies(tx: Transaction, run: UUID, number: int | None) -> bytes:
    """This city's vacancies as offered in the pass."""
    found, wanted = await _pass(tx, run, number)
    return files.write_vacancies(await city.offered(tx, found, wanted))


async def export_places(tx: Transaction, run: UUID, number: int | None) -> bytes:
    """This county's places in the pass."""
    found, wanted = await _pass(tx, run, number)
    side = await county.outcome_of(tx, found, wanted)
    return files.write_places(review.places_among(side).values() if side else ())


async def list_residue(tx: Transaction, run: UUID, number: int | None) -> list[UnsettledPerson]:
    """Pseudonym, registry's id and case of this county's people for whom the passes up to this one did not suffice."""
    _, wanted = await _pass(tx, run, number)
    cases, ids = await run_inputs.list_residue(tx, run, wanted), await run_inputs.list_person_ids(tx, run)
    return [UnsettledPerson(name, ids[name], case) for name, case in sorted(cases.items())]


async def export_weights(tx: Transaction, run: UUID) -> bytes:
    found = await store.get_run(tx, run)
    return (await get_version_of(tx, found)).data.encode()


async def show_certificates(tx: Transaction, run: UUID, number: int | None) -> tuple[Run, int, list[CertificateRead]]:
    """The cities' signed cutoffs of a pass, and at a county whether its own people's places follow from them."""
    found, wanted = await _pass(tx, run, number)
    kept = await store.list_certificates(tx, run, wanted)
    return found, wanted, [CertificateRead(each, review.read_table(tx.node, found, wanted, each)) for each in kept]


async def explain_place(tx: Transaction, person: UUID, vacancy: UUID, run: UUID | None) -> tuple[Run, Explanation]:
    """Why one of this county's people does not hold (or holds) a vacancy, by the last pass of a run in which the person stood:
    who has said yes or has left a run stands in none of its later passes."""
    if await lists.find_person(tx, person) is None:
        raise NotInRunHere(f"person {person}")
    await tx.widen()
    wanted = run or await run_inputs.find_last_run_of(tx, person)
    found = await store.find_run(tx, wanted) if wanted else None
    name = await run_inputs.find_pseudonym(tx, found.run, person) if found else None
    stood = await _last_stood(tx, found, name) if found and name else None
    if found is None or name is None or stood is None:
        raise NotInRunHere(f"person {person}")
    offers = stood.offers
    if str(vacancy) not in offers:
        raise NotInRunHere(f"person {person}, vacancy {vacancy}")
    return found, await asyncio.to_thread(_explained, stood, stood.people[name], offers, str(vacancy))


async def _last_stood(tx: Transaction, run: Run, name: str) -> Stood | None:
    return await anext(last_stood(tx, run.with_messages(), [name]), None)


def _explained(stood: Stood, person: Person, offers: Mapping[str, Vacancy], vacancy: str) -> Explanation:
    inputs, name, cutoffs = stood.inputs, person.person, stood.cutoffs
    best = CountyPass({name: person}, offers, inputs.weights, inputs.seed, cutoffs=cutoffs).best(name)
    held = best.vacancy if best else None
    return explain(person, offers[vacancy], cutoffs[vacancy], held, inputs.weights, inputs.seed)
