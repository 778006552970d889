"""The samples of matching v1: hash, cutoffs and every listed pair, by the kernel, the files room and the textbook."""

import json
from collections.abc import Mapping

import pyarrow.parquet as pq
import pytest

from deploy.demo import textbook
from services.matching import files
from services.matching.reference.certificate import CutoffTable, faults_of_people, faults_of_vacancies
from services.matching.reference.county import CountyPass
from services.matching.reference.deferred_acceptance import match
from services.matching.rules.choice import Applicant, choose
from services.matching.rules.explain import explain
from services.matching.rules.results import Place, hash_of
from services.matching.rules.scores import draw, option, options
from tests.unit.matching.markets import Sample, sample

SAMPLES = ("tiny", "small")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_kernel_gives_the_published_hash_cutoffs_and_places(name: str) -> None:
    market = sample(name)
    matching = match(market.people, market.vacancies, market.weights, market.seed)
    assert hash_of(matching.places.values()) == market.expected["hash"]
    assert matching.cutoffs == market.expected["cutoffs"]
    by_person = sorted(matching.places.values(), key=lambda place: place.person)
    assert by_person == files.read_places(market.folder / "expected.parquet")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_listed_pair_is_scored_and_explained_as_published(name: str) -> None:
    market = sample(name)
    matching = match(market.people, market.vacancies, market.weights, market.seed)
    for pair in market.expected["pairs"]:
        person, vacancy = market.people[pair["person"]], market.vacancies[pair["vacancy"]]
        held = matching.places[person.person]
        said = explain(person, vacancy, matching.cutoffs[vacancy.vacancy], held.vacancy, market.weights, market.seed)
        assert set(said.failed) == set(pair["failed"])
        if not pair["failed"]:
            parts = (
                "utility",
                "utility_parts",
                "spread",
                "priority",
                "priority_parts",
                "lottery",
                "key",
                "cutoffs",
                "admitted",
            )
            assert {part: getattr(said, part) for part in parts} == {part: pair[part] for part in parts}
            assert set(said.qualifies_for) == set(pair["qualifies_for"])
            assert pair["holds"] == (held.seat if held.vacancy == vacancy.vacancy else None)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_textbook_program_of_its_own_gives_the_same_hash(name: str) -> None:
    folder, expected = sample(name).folder, sample(name).expected
    people, vacancies = (pq.read_table(folder / file).to_pylist() for file in ("people.parquet", "vacancies.parquet"))
    weights = textbook.read_weights((folder / "weights.json").read_text())
    places, _, _ = textbook.play(people, vacancies, weights, (folder / "seed.txt").read_text().strip())
    assert textbook.fingerprint(places) == expected["hash"]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_result_passes_its_certificate_and_a_changed_one_does_not(name: str) -> None:
    market = sample(name)
    matching = match(market.people, market.vacancies, market.weights, market.seed)
    table, evicted = matching.cutoffs, next(name for name, place in matching.places.items() if place.vacancy)
    assert _faults(market, matching.places, table) == ([], [])
    forged = {**matching.places, evicted: Place(evicted)}
    assert _faults(market, forged, table) == ([evicted], [matching.places[evicted].vacancy])


def _faults(market: Sample, places: Mapping[str, Place], table: CutoffTable) -> tuple[list[str], list[str]]:
    people, vacancies, weights, seed = market.people, market.vacancies, market.weights, market.seed
    return (
        faults_of_people(people, vacancies, places, table, weights, seed),
        faults_of_vacancies(people, vacancies, places.values(), table, weights, seed),
    )


def test_first_come_first_served_is_not_the_result() -> None:
    market = sample("small")
    held: dict[str, list[str]] = {name: [] for name in market.vacancies}
    for person in sorted(market.people):
        wishes = options(market.people[person], market.vacancies.values(), market.weights, market.seed)
        free = (each.vacancy for each in wishes if len(held[each.vacancy]) < market.vacancies[each.vacancy].openings)
        taken = next(free, None)
        if taken:
            held[taken].append(person)
    assert _hash(held) != market.expected["hash"]


def test_immediate_acceptance_is_not_the_result() -> None:
    market = sample("small")
    assert _hash(_immediate(market)) != market.expected["hash"]


def _immediate(market: Sample) -> dict[str, list[str]]:
    """The Boston mechanism: whoever is taken in a round stays, so that a second wish comes too late."""
    county = CountyPass(market.people, market.vacancies, market.weights, market.seed)
    held: dict[str, list[str]] = {name: [] for name in market.vacancies}
    free = set(market.people)
    for rank in range(len(market.vacancies)):
        asking = {person: county.options(person)[rank].vacancy for person in free if len(county.options(person)) > rank}
        for vacancy, job in market.vacancies.items():
            keys = {
                name: option(market.people[name], job, market.weights, market.seed).key
                for name, to in asking.items()
                if to == vacancy
            }
            taken = sorted(keys, key=keys.__getitem__, reverse=True)[: job.openings - len(held[vacancy])]
            held[vacancy].extend(taken)
            free -= set(taken)
    return held


def _hash(held: dict[str, list[str]]) -> str:
    return hash_of(Place(person, vacancy) for vacancy, persons in held.items() for person in persons)


def test_the_lottery_is_siphash_as_its_authors_published_it() -> None:
    assert draw(bytes(range(16)), "") == 0x726FDB47DD0E0E31


def test_a_vacancy_holds_what_it_chooses_from_all_who_would_rather_be_there() -> None:
    market = sample("small")
    matching = match(market.people, market.vacancies, market.weights, market.seed)
    for name, vacancy in market.vacancies.items():
        lists = {
            person: options(facts, [vacancy], market.weights, market.seed) for person, facts in market.people.items()
        }
        everybody = [
            Applicant(person, found[0].key, market.people[person].groups) for person, found in lists.items() if found
        ]
        wanting = [
            each for each in everybody if _wants(market, matching.places[each.person].vacancy, each.person, name)
        ]
        seats, cutoffs = choose(vacancy, wanting, market.weights.reserve_groups)
        assert cutoffs == matching.cutoffs[name]
        assert seats == {place.person: place.seat for place in matching.places.values() if place.vacancy == name}


def _wants(market: Sample, held: str | None, person: str, vacancy: str) -> bool:
    """Whether a person holds the vacancy or would rather hold it than his place."""
    facts = market.people[person]
    ranks = [
        option(facts, market.vacancies[name], market.weights, market.seed).rank for name in (vacancy, held) if name
    ]
    return len(ranks) == 1 or ranks[0] <= ranks[1]


def test_what_is_written_is_read_back_the_same() -> None:
    market = sample("small")
    assert files.read_people(files.write_people(market.people.values()), market.weights) == market.people
    assert files.read_vacancies(files.write_vacancies(market.vacancies.values()), market.weights) == market.vacancies
    places = files.read_places(market.folder / "expected.parquet")
    assert files.read_places(files.write_places(places)) == places
    assert json.loads((market.folder / "weights.json").read_text())["version"] == market.weights.version
