"""What holds in every market: stability, order independence, cutoffs that only rise, couples that stay together."""

from collections.abc import Callable
from random import Random
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.reference.certificate import faults_of_people, faults_of_vacancies
from services.matching.reference.city import CityPass
from services.matching.reference.county import CountyPass, Proposal
from services.matching.reference.deferred_acceptance import Matching, match
from services.matching.reference.passes import run
from services.matching.rules.choice import admitted
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import hash_of
from services.matching.rules.scores import feasible, option, options
from tests.unit.matching.markets import SEED, people, published_weights, vacancies, with_couples

People: TypeAlias = dict[str, Person]
Vacancies: TypeAlias = dict[str, Vacancy]
WEIGHTS = published_weights()


def every_market(test: Callable[..., None]) -> Callable[..., None]:
    return settings(max_examples=60, deadline=None)(given(people(), vacancies())(test))


def _matched(persons: People, jobs: Vacancies) -> Matching:
    return match(persons, jobs, WEIGHTS, SEED)


@every_market
def test_nobody_and_no_vacancy_would_rather_have_each_other(persons: People, jobs: Vacancies) -> None:
    matching = _matched(persons, jobs)
    for name, person in persons.items():
        held = matching.places[name].vacancy
        mine = option(person, jobs[held], WEIGHTS, SEED).rank if held else None
        for job in jobs.values():
            wanted = option(person, job, WEIGHTS, SEED)
            if feasible(person, job) and (mine is None or wanted.rank < mine):
                assert not admitted(wanted.key, person.groups, matching.cutoffs[job.vacancy])


@every_market
def test_cutoffs_and_places_pass_the_certificate(persons: People, jobs: Vacancies) -> None:
    matching = _matched(persons, jobs)
    assert faults_of_people(persons, jobs, matching.places, matching.cutoffs, WEIGHTS, SEED) == []
    assert faults_of_vacancies(persons, jobs, matching.places.values(), matching.cutoffs, WEIGHTS, SEED) == []


@settings(max_examples=60, deadline=None)
@given(people(), vacancies(), st.randoms(use_true_random=False))
def test_any_order_of_single_cards_gives_the_same_places_and_cutoffs_only_rise(
    persons: People, jobs: Vacancies, random: Random
) -> None:
    county, city = CountyPass(persons, jobs, WEIGHTS, SEED), CityPass(jobs, WEIGHTS, SEED)
    cards: list[Proposal] = county.propose(persons)
    while cards:
        card = cards.pop(random.randrange(len(cards)))
        before = {name: dict(cutoffs) for name, cutoffs in city.cutoffs.items()}
        answer = city.hold([card, card])
        assert all(city.cutoffs[name][seat] >= key for name, cutoffs in before.items() for seat, key in cutoffs.items())
        cards += county.hear(answer.raised)
    matching = _matched(persons, jobs)
    assert city.cutoffs == matching.cutoffs
    assert hash_of(county.places().values()) == hash_of(matching.places.values())


@every_market
def test_who_is_refused_is_exactly_who_is_below_the_cutoffs(persons: People, jobs: Vacancies) -> None:
    city = CityPass(jobs, WEIGHTS, SEED)
    cards = [
        Proposal(person.person, each.vacancy, each.priority, person.groups)
        for person in persons.values()
        for each in options(person, jobs.values(), WEIGHTS, SEED)
    ]
    for card in cards:
        city.hold([card])
    held = {(each.person, vacancy) for vacancy, applicants in city.held.items() for each in applicants}
    for card in cards:
        above = admitted(city.applicant(card).key, card.groups, city.cutoffs[card.vacancy])
        assert above == ((card.person, card.vacancy) in held)


@settings(max_examples=60, deadline=None)
@given(people(), vacancies(), st.data())
def test_couples_who_go_only_together_are_never_placed_in_two_cities(
    persons: People, jobs: Vacancies, data: st.DataObject
) -> None:
    names = sorted(persons)
    together = data.draw(st.sampled_from(("only", "preferred")))
    couples = [(names[at], names[at + 1], together) for at in range(0, min(len(names), 6) - 1, 2)]
    outcome = run(with_couples(persons, couples), jobs, WEIGHTS, SEED)
    assert (
        faults_of_people(outcome.declared, jobs, outcome.matching.places, outcome.matching.cutoffs, WEIGHTS, SEED) == []
    )
    for one, other, wish in couples:
        placed = [outcome.places[name].vacancy for name in (one, other)]
        cities = {jobs[vacancy].city for vacancy in placed if vacancy}
        if wish == "only" and one not in outcome.residue:
            assert len(cities) <= 1
            assert (placed[0] is None) == (placed[1] is None)
