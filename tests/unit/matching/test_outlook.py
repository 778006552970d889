"""Why a run gave somebody no place: in every market, of everybody without one, the sentence fits the outcome."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from services.matching.reference.deferred_acceptance import match
from services.matching.rules.choice import admitted
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.outlook import outlook
from services.matching.rules.scores import feasible, option, options
from tests.unit.matching.markets import A_PERSON, A_VACANCY, SEED, people, published_weights, vacancies

WEIGHTS = published_weights()


@settings(max_examples=100, deadline=None)
@given(people(), vacancies())
def test_whoever_has_no_place_hears_how_many_suit_and_why_the_first_was_not_to_be(
    persons: dict[str, Person], posts: dict[str, Vacancy]
) -> None:
    found = match(persons, posts, WEIGHTS, SEED)
    for name, place in found.places.items():
        if place.vacancy is not None:
            continue
        person, why = persons[name], outlook(persons[name], posts, found.cutoffs, WEIGHTS, SEED)
        suits = [each for each in posts.values() if feasible(person, each)]
        assert why.suitable == len(suits)
        if not suits:
            assert why.wished is None
            assert f"{len(posts)} 个岗位都不合适" in why.zh
            continue
        first = options(person, posts.values(), WEIGHTS, SEED)[0]
        assert why.wished == first.vacancy
        assert not admitted(
            option(person, posts[first.vacancy], WEIGHTS, SEED).key, person.groups, found.cutoffs[first.vacancy]
        )
        assert "同行" not in why.zh
        assert f"{len(suits)} vacancies suit" in why.en


def test_rules_are_told_by_how_many_posts_they_kept_away() -> None:
    person = A_PERSON
    posts = {f"v{at}": _of(at) for at in range(3)}
    why = outlook(person, posts, {}, WEIGHTS, SEED)
    assert why.zh == "3 个岗位都不合适：文化程度低于岗位要求（3 个）、工资低于本人最低要求（1 个）"
    assert why.en.endswith(
        "less schooling than the vacancy asks for (3); the wage is below what the person would accept (1)"
    )


def _of(at: int) -> Vacancy:
    """Each asks for more schooling than the person has; the last pays too little as well."""
    return replace(A_VACANCY, vacancy=f"v{at}", education_min=5, wage=1000 if at == 2 else 3000)


def test_a_run_without_posts_says_so() -> None:
    assert outlook(A_PERSON, {}, {}, WEIGHTS, SEED).zh == "本轮没有岗位"
