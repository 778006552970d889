"""Recommendations (推荐): what this node's lists and its last run come to, kept in memory and asked from either side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from libs.common.access.reach import Reach
from libs.common.database import Transaction
from libs.common.telemetry import log
from services.matching import files
from services.matching.files import published_weights
from services.matching.files.columns import read_columns
from services.matching.kernel import Recommended, Recommender
from services.matching.operations.runs.pass_inputs import inputs_of
from services.matching.operations.runs.pass_state_cache import known_cutoffs
from services.matching.rules.choice import Cutoffs
from services.matching.rules.entry import Candidate, enter
from services.matching.rules.explain import Explanation
from services.matching.rules.facts import FactsRefused, Person, Vacancy, check_vacancies
from services.matching.rules.introductions.card_check import vacancy_as_listed
from services.matching.rules.lists import ListedVacancy, NotOnTheLists
from services.matching.rules.recommendations import Prospect, advise, prospect
from services.matching.rules.runs import Run
from services.matching.rules.weights import Weights
from services.matching.store import lists, run_inputs
from services.matching.store import runs as runs_store

# How long memory may lie behind lists that change all the time, besides the time that it takes to read them.
MOST_SECONDS = 60.0
# How far back a settled run is looked for.
RUNS = 50
# So many answers are kept as they were written, some 12 kB each.
ANSWERS = 2_000
# What an answer says of an offer, besides its id and latest start.
SHOWN = ("city", "title", "employer_name", "occupation", "wage", "wage_max", "openings_left")


@dataclass(frozen=True)
class LastRun:
    """What this county knows of the last run that settled: seed, cutoffs by vacancy, and its people's pseudonyms there."""

    run: UUID
    weights: Weights
    seed: bytes
    cutoffs: Mapping[str, Cutoffs]
    pseudonyms: Mapping[UUID, str]


@dataclass(frozen=True)
class ListsRead:
    """The lists as they were read: who seeks, from which township, and what is offered."""

    county: str
    version: tuple[int, ...]
    as_of: date
    seekers: Sequence[Candidate]
    townships: Mapping[UUID, str]
    offers: Sequence[ListedVacancy]
    last: LastRun | None


async def read_lists(tx: Transaction) -> ListsRead:
    """All of it in one transaction; the version first, so that what commits meanwhile is read again."""
    version = await lists.get_version(tx)
    return ListsRead(
        county=tx.node.code,
        version=version,
        as_of=await lists.find_last_change(tx, tx.node.code) or tx.node.today(),
        seekers=await run_inputs.list_candidates(tx),
        townships=await lists.list_townships(tx),
        # The score knows no way abroad: whoever wants to go is told of those posts from the list.
        offers=[each for each in await lists.list_supply(tx, limit=None) if each.country is None],
        last=await _last_run(tx),
    )


async def _last_run(tx: Transaction) -> LastRun | None:
    known = await runs_store.list_runs(tx, None, RUNS)
    run = next((each for each in known if each.settled and tx.node.id in each.counties), None)
    return await _as_left(tx, run, run.settled) if run and run.settled else None


async def _as_left(tx: Transaction, run: Run, number: int) -> LastRun | None:
    inputs = await inputs_of(tx, run, number)
    if inputs is None:
        return None
    cutoffs = known_cutoffs(inputs, await runs_store.list_handled_messages(tx, run.run, number, "cutoffs"))
    pseudonyms = {person: name for name, person in (await run_inputs.list_person_ids(tx, run.run)).items()}
    return LastRun(run.run, inputs.weights, inputs.seed, cutoffs, pseudonyms)


@dataclass(frozen=True)
class RecommendedPair:
    """A recommended person and vacancy, by their rows in the book."""

    row: int
    said: Prospect


class RecommendationIndex:
    """The lists laid out for questions; never changed, a newer one takes its place."""

    def __init__(self, known: ListsRead) -> None:
        self.county, self.version, self.as_of = known.county, known.version, known.as_of
        self.run = known.last.run if known.last else None
        self.weights = known.last.weights if known.last else list(published_weights().values())[-1]
        self.seed = known.last.seed if known.last else bytes(16)
        self.cutoffs: Mapping[str, Cutoffs] = known.last.cutoffs if known.last else {}
        self.offers, self.vacancies = _offered(known.offers, self.weights)
        self.shown = [
            {
                "vacancy": str(offer.vacancy),
                "starts_by": str(offer.starts_by),
                **{name: getattr(offer, name) for name in SHOWN},
            }
            for offer in self.offers
        ]
        self.people = _people(known, {vacancy.city for vacancy in self.vacancies}, self.weights)
        self.persons, self.townships = list(self.people), known.townships
        self.person_rows = {person: row for row, person in enumerate(self.persons)}
        self.vacancy_rows = {offer.vacancy: row for row, offer in enumerate(self.offers)}
        columns, _ = read_columns(files.write_people(self.people.values()), self.weights)
        self._answers: dict[Hashable, bytes] = {}
        self._recommender = Recommender(columns, self.vacancies, self.weights, self.seed, self.cutoffs)

    @property
    def is_empty(self) -> bool:
        return not self.people or not self.vacancies

    def rehearse(self) -> None:
        self._recommender.rehearse()

    def tell(self, question: Hashable, write: Callable[[], bytes]) -> bytes:
        """The answer to a question, written when it is asked for the first time."""
        if question not in self._answers:
            if len(self._answers) == ANSWERS:
                self._answers.clear()
            self._answers[question] = write()
        return self._answers[question]

    def person(self, person: UUID) -> Person:
        if person not in self.people:
            raise NotOnTheLists(f"person {person}")
        return self.people[person]

    def check(self, person: UUID, reach: Reach) -> None:
        """A person on the lists whom a reach takes in; to all others there is none."""
        self.person(person)
        whose = {"townships": self.townships[person], "self": str(person)}.get(reach.kind)
        if whose is not None and whose not in reach.whose:
            raise NotOnTheLists(f"person {person}")

    def vacancy(self, vacancy: UUID) -> Vacancy:
        if vacancy not in self.vacancy_rows:
            raise NotOnTheLists(f"vacancy {vacancy}")
        return self.vacancies[self.vacancy_rows[vacancy]]

    def vacancies_for(self, person: UUID, limit: int) -> list[RecommendedPair]:
        """Realistic ones first, then the others, each in the person's order."""
        facts = self.person(person)
        found = self._recommender.vacancies_for(self.person_rows[person], limit)
        return [self._pair(facts, self.vacancies[each.row], each) for each in found]

    def people_for(self, vacancy: UUID, limit: int, townships: Sequence[str] = ()) -> list[RecommendedPair]:
        """Realistic ones first, then the others, by key; of certain townships only: asks for more until enough are theirs."""
        facts, row, most = self.vacancy(vacancy), self.vacancy_rows[vacancy], limit
        while True:
            found = self._recommender.people_for(row, most)
            theirs = [each for each in found if not townships or self.townships[self.persons[each.row]] in townships]
            if len(theirs) >= limit or len(found) < most:
                return [self._pair(self.people[self.persons[each.row]], facts, each) for each in theirs[:limit]]
            most *= 4

    def advise(self, person: UUID, vacancy: UUID) -> Explanation:
        """Why a vacancy is or is not for a person, whether or not it is among the best."""
        facts, offered = self.person(person), self.vacancy(vacancy)
        return advise(facts, offered, self.cutoffs.get(offered.vacancy), self.weights, self.seed)

    def _pair(self, person: Person, vacancy: Vacancy, found: Recommended) -> RecommendedPair:
        return RecommendedPair(
            found.row,
            prospect(person, vacancy, found.key, found.realistic, self.cutoffs.get(vacancy.vacancy), self.weights),
        )


def _offered(rows: Sequence[ListedVacancy], weights: Weights) -> tuple[list[ListedVacancy], list[Vacancy]]:
    """The offers that the weights understand, and their facts."""
    offers, vacancies = [], []
    for row in rows:
        vacancy = vacancy_as_listed(row, weights)
        try:
            check_vacancies([vacancy], weights)
        except FactsRefused as refusal:
            log.warning("left_out_of_recommendations", vacancy=vacancy.vacancy, why=f"{refusal.column}: {refusal.why}")
        else:
            offers.append(row)
            vacancies.append(vacancy)
    return offers, vacancies


def _people(known: ListsRead, cities: set[str], weights: Weights) -> dict[UUID, Person]:
    """Everybody's facts under the pseudonym of the last run, so that lots compare with its cutoffs; else under the id."""
    names = known.last.pseudonyms if known.last else {}
    pseudonyms = {each.person: names.get(each.person, str(each.person)) for each in known.seekers}
    people, left_out = enter(known.seekers, pseudonyms, sorted(cities), known.as_of, weights)
    for person, why in left_out.items():
        log.warning("left_out_of_recommendations", person=str(person), why=why)
    return people


@dataclass
class RecommendationCache:
    """The newest book of a process that serves. On a machine that has not seen the kernel's sources the first question to it
    waits for their compilation (up to a minute), in a thread; whoever asks nothing compiles nothing."""

    book: RecommendationIndex | None = None
    # Set by every question: who is not asked need not follow the lists of a large county.
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _followed: float | None = None
    _rehearsed: bool = False
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def follow(self, reading: Callable[[], AbstractAsyncContextManager[Transaction]]) -> None:
        """Writes a new book if the lists have changed since the last, in a thread and with no transaction open; many changes
        make one."""
        async with self._writing:
            async with reading() as tx:
                news = self.book is None or self.book.version != await lists.get_version(tx)
                known = await read_lists(tx) if news else None
            if known:
                self.book = await asyncio.to_thread(RecommendationIndex, known)
            self._followed = asyncio.get_running_loop().time()

    @property
    def lies_behind(self) -> bool:
        """Whether nobody has followed the lists for so long that an answer would be of another day."""
        return self._followed is None or asyncio.get_running_loop().time() - self._followed > MOST_SECONDS

    async def opened(self) -> RecommendationIndex:
        """The book, ready for questions; `follow` must have been called before."""
        assert self.book is not None
        self.asked.set()
        if not self._rehearsed and not self.book.is_empty:
            async with self._writing:
                await asyncio.to_thread(self.book.rehearse)
                self._rehearsed = True
        return self.book
