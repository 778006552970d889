"""Fellow villagers (同村结伴): a group that is apart gathers where most of it is placed, or goes back to its own wishes."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.reference.deferred_acceptance import match
from services.matching.reference.passes import run
from services.matching.rules.columns import CodedColumn
from services.matching.rules.couples import PASSES_MOST, Outlook
from services.matching.rules.facts import FactsRefused, Person, Vacancy, as_data, check_people, digest, person_of
from services.matching.rules.fellows import groups_of
from services.matching.rules.joint_applicants import JointApplicants
from services.matching.rules.results import Place
from tests.unit.matching.fast import Fast, fast
from tests.unit.matching.markets import A_PERSON, A_VACANCY, SEED, published_weights, sample, with_couples
from tests.unit.matching.test_couples import city_of, married, tight, town
from tests.unit.matching.test_match_command import answer
from tests.unit.matching.test_verify import judged

WEIGHTS = published_weights()
chance = st.randoms(use_true_random=False)


def village(random: Random, count: int, groups: int) -> dict[str, Person]:
    """Some of the town named to groups; every third of them may also be one of a couple."""
    persons = with_couples(town(random, count), [each for each in married(random, count // 2) if random.random() < 0.3])
    names = random.sample(sorted(persons), len(persons))
    for group in range(groups):
        members, names = names[: (size := random.randrange(2, 5))], names[size:]
        if len(members) > 1:
            persons |= {name: replace(persons[name], fellows=f"g{group}") for name in members}
    return persons


def assert_as_plain(persons: dict[str, Person], jobs: dict[str, Vacancy]) -> Fast:
    found, plain = fast(persons, jobs, WEIGHTS, SEED), run(persons, jobs, WEIGHTS, SEED)
    assert found.places == dict(plain.places)
    assert (found.cutoffs, found.outcome.passes, found.residue) == (
        plain.matching.cutoffs,
        plain.number,
        dict(plain.residue),
    )
    return found


@settings(max_examples=80, deadline=None)
@given(chance, st.integers(2, 16), st.integers(1, 4))
def test_the_kernel_gathers_as_the_plain_rules_do(random: Random, count: int, groups: int) -> None:
    persons, jobs = village(random, count, groups), tight(random)
    found = assert_as_plain(persons, jobs)
    event(f"{found.outcome.passes} passes")
    event("some unsettled" if "fellows_apart" in found.residue.values() else "no group unsettled")


@settings(max_examples=40, deadline=None)
@given(chance, st.integers(4, 14), st.integers(1, 3), st.integers(1, 3), st.integers(1, 9))
def test_groups_gather_the_same_in_any_order_of_rows_and_by_any_threads(
    random: Random, count: int, groups: int, threads: int, batch: int
) -> None:
    persons, jobs = village(random, count, groups), tight(random)
    shuffled = {name: persons[name] for name in random.sample(sorted(persons), len(persons))}
    turned = {name: jobs[name] for name in random.sample(sorted(jobs), len(jobs))}
    first, second = (
        fast(persons, jobs, WEIGHTS, SEED),
        fast(shuffled, turned, WEIGHTS, SEED, threads=threads, batch=batch),
    )
    assert (first.places, first.cutoffs, first.residue, first.outcome.passes) == (
        second.places,
        second.cutoffs,
        second.residue,
        second.outcome.passes,
    )


@settings(max_examples=60, deadline=None)
@given(chance, st.integers(4, 16), st.integers(1, 4))
def test_a_group_is_together_or_on_its_own_wishes_or_named(random: Random, count: int, groups: int) -> None:
    persons, jobs = village(random, count, groups), tight(random)
    found, declared = fast(persons, jobs, WEIGHTS, SEED), run(persons, jobs, WEIGHTS, SEED).declared
    for group in groups_of(persons):
        cities = {city_of(name, found, jobs) for name in group}
        on_own_wishes = all(declared[name].refused == persons[name].refused for name in group)
        named = {found.residue.get(name) for name in group}
        assert named in ({None}, {"fellows_apart"})
        if named == {None}:
            assert on_own_wishes or (len(cities) == 1 and None not in cities)
        else:
            assert found.outcome.passes == PASSES_MOST
            assert len(cities) > 1 or cities == {None}
    assert all(facts.fellows is None for facts in declared.values())


@settings(max_examples=40, deadline=None)
@given(chance, st.integers(4, 14), st.integers(1, 4))
def test_what_groups_come_to_is_stable_on_the_facts_they_declared(
    tmp_path_factory: pytest.TempPathFactory, random: Random, count: int, groups: int
) -> None:
    persons, jobs = village(random, count, groups), tight(random)
    found = fast(persons, jobs, WEIGHTS, SEED)
    if not found.residue:
        verdict = judged(persons, jobs, WEIGHTS, SEED, found.places, tmp_path_factory.mktemp("judged"))
        assert verdict.stable, verdict.violation


def three(**wishes: tuple[str, ...]) -> dict[str, Person]:
    return {name: replace(A_PERSON, person=name, destinations=cities, fellows="g") for name, cities in wishes.items()}


def job(name: str, city: str, openings: int) -> Vacancy:
    return replace(A_VACANCY, vacancy=name, city=city, openings=openings)


def where(persons: dict[str, Person], *jobs: Vacancy) -> tuple[list[str | None], int]:
    market = {each.vacancy: each for each in jobs}
    found = assert_as_plain(persons, market)
    return [city_of(name, found, market) for name in persons], found.outcome.passes


def test_the_city_of_most_draws_the_others() -> None:
    apart = three(p0=("440300",), p1=("440300",), p2=("370100",))
    assert where(apart, job("v0", "440300", 3), job("v1", "370100", 3)) == (["440300"] * 3, 2)


def test_of_equal_cities_the_lower_code_is_taken() -> None:
    apart = three(p0=("440300",), p1=("370100",))
    assert where(apart, job("v0", "440300", 2), job("v1", "370100", 2)) == (["370100"] * 2, 2)


def test_whoever_has_no_place_counts_for_no_city_and_comes_along_where_there_is_room() -> None:
    crowded = three(p0=("440300",), p1=("440300",), p2=("440300",))
    far = {name: replace(person, elsewhere="none") for name, person in crowded.items()}
    assert where(far, job("v0", "440300", 2), job("v1", "370100", 2))[0].count(None) == 1


def test_without_room_for_all_everybody_returns_to_his_own_wishes_for_good() -> None:
    apart = three(p0=("440300",), p1=("440300",), p2=("370100",))
    assert where(apart, job("v0", "440300", 2), job("v1", "370100", 3)) == (["440300", "440300", "370100"], 3)


def test_who_is_together_already_or_not_placed_at_all_asks_for_no_pass() -> None:
    assert where(three(p0=("440300",), p1=("440300",)), job("v0", "440300", 2), job("v1", "370100", 2)) == (
        ["440300"] * 2,
        1,
    )
    assert where(three(p0=("440300",), p1=("440300",)), job("v0", "440300", 0)) == ([None] * 2, 1)


def test_one_of_a_couple_follows_the_couple() -> None:
    persons = with_couples(three(p0=("440300",), p1=("370100",), p2=("370100",)), [("p1", "p2", "only")])
    assert groups_of(persons) == []
    assert where(persons, job("v0", "440300", 3), job("v1", "370100", 3))[0] == ["440300", "370100", "370100"]


def test_a_group_that_is_parted_in_the_last_pass_is_named() -> None:
    """Found by chance: groups that were together are drawn apart by others that move, until the passes are over."""
    apart = [found for seed in range(50, 70) if "fellows_apart" in (found := _played(seed)).residue.values()]
    assert apart
    assert all(found.outcome.passes == PASSES_MOST for found in apart)


def _played(seed: int) -> Fast:
    random = Random(seed)
    persons, jobs = village(random, 18, 5), tight(random)
    outcome = run(persons, jobs, WEIGHTS, SEED)
    return assert_as_plain(persons, jobs) if outcome.residue else Fast({}, {}, {}, None)  # type: ignore[arg-type]


def test_without_the_column_facts_and_files_are_those_of_v1() -> None:
    alone, other = replace(A_PERSON, person="p1"), replace(A_PERSON, person="p2", fellows="g")
    assert "fellows" not in as_data(alone)
    assert person_of(as_data(other)) == other
    assert digest([replace(other, fellows=None)]) == digest([replace(alone, person="p2")]) != digest([other])
    market = sample("small")
    assert "fellows" not in pq.read_schema(io.BytesIO(files.write_people(market.people.values()))).names
    assert read_columns(files.write_people(market.people.values()), market.weights)[0].fellows is None


def test_the_column_is_read_alike_by_rows_and_by_columns() -> None:
    persons = {
        name: replace(A_PERSON, person=name, fellows=group)
        for name, group in (("p0", "a"), ("p1", None), ("p2", "b"), ("p3", "a"), ("p4", "b"))
    }
    content = files.write_people(persons.values())
    assert files.read_people(content, WEIGHTS) == persons
    found = read_columns(content, WEIGHTS)[0].fellows
    assert isinstance(found, CodedColumn)
    assert [found.names[code] if code >= 0 else None for code in found.codes.tolist()] == ["a", None, "b", "a", "b"]


@pytest.mark.parametrize(
    ("name", "size", "why"),
    [("g", 1, "has 2-20 people"), ("g", 21, "has 2-20 people"), ("甲 村", 2, "an id is"), ("", 2, "an id is")],
)
def test_a_group_that_is_none_is_refused_by_rows_and_by_columns(name: str, size: int, why: str) -> None:
    persons = [replace(A_PERSON, person=f"p{at}", fellows=name if at else None) for at in range(size + 1)]
    content = files.write_people(persons)
    for read in (check_people, files.read_people, read_columns):
        with pytest.raises(FactsRefused, match=f"people, row 2, fellows: .*{why}"):
            read(persons if read is check_people else content, WEIGHTS)  # type: ignore[operator]


def test_twenty_may_travel_together() -> None:
    persons = [replace(A_PERSON, person=f"p{at}", fellows="g") for at in range(20)]
    assert len(check_people(persons, WEIGHTS)) == 20
    assert read_columns(files.write_people(persons), WEIGHTS)[0].fellows is not None


def test_the_command_reads_the_column_and_verify_confirms_what_it_finds(tmp_path: Path) -> None:
    persons = three(p0=("440300",), p1=("440300",), p2=("370100",))
    paths = {name: tmp_path / f"{name}.parquet" for name in ("people", "vacancies", "result")}
    paths["people"].write_bytes(files.write_people(persons.values()))
    paths["vacancies"].write_bytes(files.write_vacancies([job("v0", "440300", 3), job("v1", "370100", 3)]))
    weights = tmp_path / "weights.json"
    weights.write_bytes(files.weights_file(WEIGHTS.version))
    about = [
        "--people",
        str(paths["people"]),
        "--vacancies",
        str(paths["vacancies"]),
        "--weights",
        str(weights),
        "--seed",
        SEED.hex(),
    ]
    said = answer(
        "match",
        *about,
        "--out",
        str(paths["result"]),
        "--certificate",
        str(tmp_path / "c.json"),
        "--explain",
        "p2",
        "v1",
    )
    assert (said["matched"], said["passes"], said["residue"]) == (3, 2, {})
    assert {place.vacancy for place in files.read_places(paths["result"])} == {"v0"}
    assert said["explanation"]["failed"] == ["destination_refused"]
    assert json.loads((tmp_path / "c.json").read_text())["passes"] == 2
    assert answer("match", "verify", *about, "--result", str(paths["result"]))["stable"]


@settings(max_examples=60, deadline=None)
@given(chance, st.integers(2, 16), st.integers(1, 4))
def test_company_goes_on_from_where_each_of_it_was_said_to_stand(random: Random, count: int, groups: int) -> None:
    persons, jobs = village(random, count, groups), tight(random)
    company, cities = JointApplicants.of(persons), {job.city for job in jobs.values()}
    for _ in range(3):
        declared = company.declare(cities, WEIGHTS)
        outcome = match(declared, jobs, WEIGHTS, SEED)
        places = {name: outcome.places.get(name, Place(name)) for name in persons}
        company = company.review(places, jobs, Outlook(jobs, outcome.cutoffs, WEIGHTS, SEED), WEIGHTS)
        assert JointApplicants.of(persons).standing(company.stands()) == company
    assert set(company.stands()) == {name for group in (*company.choices, *company.gatherings) for name in group}
