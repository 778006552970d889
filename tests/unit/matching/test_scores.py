"""Scores of random pairs: the kernel, the plain rules and the textbook program agree, and the parts add up to them."""

from typing import Any

from hypothesis import event, given, settings

from deploy.demo import textbook
from services.matching.files import weights_file
from services.matching.rules.explain import explain
from services.matching.rules.facts import Person, Vacancy, as_data
from services.matching.rules.scores import failed_rules, feasible, priority_parts, utility_parts
from tests.unit.matching import rich
from tests.unit.matching.fast import fast
from tests.unit.matching.markets import SEED, published_weights

WEIGHTS = published_weights()
TEXTBOOK = textbook.read_weights(weights_file(WEIGHTS.version))


def rows(person: Person, job: Vacancy) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pair as the files have it, with real dates."""
    return {**as_data(person), "available_from": person.available_from}, {**as_data(job), "starts_by": job.starts_by}


@settings(max_examples=60, deadline=None)
@given(rich.people(most=8), rich.vacancies(most=5))
def test_a_pair_alone_has_the_same_scores_everywhere_and_its_parts_explain_them(
    persons: dict[str, Person], jobs: dict[str, Vacancy]
) -> None:
    for person in persons.values():
        for job in jobs.values():
            assert_same(person, job)


def assert_same(person: Person, job: Vacancy) -> None:
    mine, theirs = rows(person, job)
    found = fast({person.person: person}, {job.vacancy: job}, WEIGHTS, SEED)
    place = found.places[person.person]
    failed = failed_rules(person, job, WEIGHTS)
    assert feasible(person, job) == (not failed) == textbook.may_take(mine, theirs)
    assert (place.vacancy is not None) == (not failed and job.openings > 0)
    if place.vacancy is None:
        return
    event("scored")
    worth, claim = utility_parts(person, job, WEIGHTS), priority_parts(person, job, WEIGHTS)
    assert place.utility == sum(worth.values()) == textbook.worth(mine, theirs, TEXTBOOK)
    assert place.priority == sum(claim.values()) == textbook.claim(mine, theirs, TEXTBOOK)
    said = explain(person, job, found.cutoffs[job.vacancy], place.vacancy, WEIGHTS, SEED)
    assert (said.kind, said.utility, said.priority) == ("held", place.utility, place.priority)
    assert (sum(said.utility_parts.values()), sum(said.priority_parts.values())) == (place.utility, place.priority)


def test_random_pairs_are_scored_at_all() -> None:
    """The pairs above are not all forbidden by a hard rule: of these, one in five or more may be taken."""
    from random import Random

    persons, jobs = rich.crowd(Random(1), 60), rich.offer(Random(2), 40)
    allowed = sum(feasible(person, job) for person in persons.values() for job in jobs.values())
    assert allowed > 60 * 40 // 20
