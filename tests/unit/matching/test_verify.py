"""The verifier confirms what the kernel finds, and names each kind of planted violation; nothing of it is the kernel's."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.files.outcomes import read_claimed
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import Place
from services.matching.rules.scores import option
from services.matching.rules.weights import Weights
from services.matching.verify import Verdict, verify
from tests.unit.matching import rich
from tests.unit.matching.fast import fast
from tests.unit.matching.markets import A_PERSON, A_VACANCY, SEED, Sample, published_weights, sample, with_couples

WEIGHTS = published_weights()
Places = dict[str, Place]


def judged(
    people: dict[str, Person],
    vacancies: dict[str, Vacancy],
    weights: Weights,
    seed: bytes,
    places: Places,
    folder: Path,
) -> Verdict:
    columns, _ = read_columns(files.write_people(people.values()), weights)
    result = folder / "result.parquet"
    result.write_bytes(files.write_places(places.values()))
    claimed = read_claimed(result, columns.person, list(vacancies), (*weights.reserve_groups, "open"))
    return verify(columns, list(vacancies.values()), weights, seed, claimed)


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_the_published_results_are_stable(name: str, tmp_path: Path) -> None:
    market = sample(name)
    places = {place.person: place for place in files.read_places(market.folder / "expected.parquet")}
    assert judged(market.people, market.vacancies, market.weights, market.seed, places, tmp_path).stable


@settings(max_examples=60, deadline=None)
@given(rich.people(), rich.vacancies(), st.lists(st.sampled_from(("only", "preferred")), max_size=5))
def test_whatever_the_kernel_finds_is_stable_couples_and_all(
    tmp_path_factory: pytest.TempPathFactory, persons: dict[str, Person], jobs: dict[str, Vacancy], wishes: list[str]
) -> None:
    couples = [(f"p{2 * at}", f"p{2 * at + 1}", wish) for at, wish in enumerate(wishes) if 2 * at + 1 < len(persons)]
    married = with_couples(persons, couples)
    found = fast(married, jobs, WEIGHTS, SEED)
    if not found.residue:
        verdict = judged(married, jobs, WEIGHTS, SEED, found.places, tmp_path_factory.mktemp("judged"))
        assert verdict.stable, verdict.violation


def _placed(places: Places, where: Callable[[Place], bool] = lambda place: True) -> Place:
    return next(place for place in places.values() if place.vacancy and where(place))


def _evicted(places: Places, market: Sample) -> Places:
    victim = _placed(places)
    return {**places, victim.person: Place(victim.person)}


def _richer(places: Places, market: Sample) -> Places:
    one = _placed(places)
    return {**places, one.person: replace(one, utility=(one.utility or 0) + 1)}


def _stronger(places: Places, market: Sample) -> Places:
    one = _placed(places)
    return {**places, one.person: replace(one, priority=(one.priority or 0) + 1)}


def _forgotten(places: Places, market: Sample) -> Places:
    return {name: place for name, place in places.items() if place is not _placed(places)}


def _strange(places: Places, market: Sample) -> Places:
    return {**places, "nobody": Place("nobody")}


def _nowhere(places: Places, market: Sample) -> Places:
    one = _placed(places)
    return {**places, one.person: replace(one, vacancy="nowhere")}


def _halved(places: Places, market: Sample) -> Places:
    one = _placed(places)
    return {**places, one.person: replace(one, seat=None)}


def _named(places: Places, market: Sample) -> Places:
    one = _placed(places)
    return {**places, one.person: replace(one, seat="window")}


def _reseated(places: Places, market: Sample) -> Places:
    one = _placed(places, lambda place: place.seat != "open")
    return {**places, one.person: replace(one, seat="open")}


def _crowded(places: Places, market: Sample) -> Places:
    """One more than the openings, with scores that are right."""
    from services.matching.rules.scores import feasible, option

    for name, place in places.items():
        for job in market.vacancies.values():
            full = sum(other.vacancy == job.vacancy for other in places.values()) == job.openings
            if place.vacancy is None and full and feasible(market.people[name], job):
                scored = option(market.people[name], job, market.weights, market.seed)
                return {**places, name: Place(name, job.vacancy, "open", scored.utility, scored.priority)}
    raise AssertionError("no such pair")


def _doubled(places: Places, market: Sample) -> Places:
    return {**places, "again": _placed(places)}


def _without(column: str) -> Callable[[Places, Sample], Places]:
    def plant(places: Places, market: Sample) -> Places:
        one = _placed(places)
        return {**places, one.person: replace(one, **{column: None})}  # type: ignore[arg-type]

    return plant


def _unentitled(places: Places, market: Sample) -> Places:
    """On a reserved seat of a group that the sitter is not in."""
    one = _placed(places, lambda place: place.seat == "open" and not market.people[place.person].groups)
    return {**places, one.person: replace(one, seat=market.weights.reserve_groups[0])}


def _swapped(places: Places, market: Sample) -> Places:
    """Two people exchange places of one vacancy each, on the same seat type, with scores that are right."""
    from services.matching.rules.scores import feasible, option

    for one in places.values():
        for other in places.values():
            if one.vacancy and other.vacancy and one.vacancy != other.vacancy and one.seat == other.seat == "open":
                pairs = [(one.person, market.vacancies[other.vacancy]), (other.person, market.vacancies[one.vacancy])]
                if all(feasible(market.people[name], job) and not market.people[name].groups for name, job in pairs):
                    moved = {name: option(market.people[name], job, market.weights, market.seed) for name, job in pairs}
                    return {
                        **places,
                        **{
                            name: Place(name, to.vacancy, "open", to.utility, to.priority) for name, to in moved.items()
                        },
                    }
    raise AssertionError("no such two")


def _forbidden(places: Places, market: Sample) -> Places:
    from services.matching.rules.scores import feasible

    one = _placed(places)
    job = next(job for job in market.vacancies.values() if not feasible(market.people[one.person], job))
    return {**places, one.person: replace(one, vacancy=job.vacancy)}


@pytest.mark.parametrize(
    ("kind", "plant"),
    [
        ("person_count", _doubled),
        ("half_filled", _without("vacancy")),
        ("half_filled", _without("utility")),
        ("half_filled", _without("priority")),
        ("blocking_pair", _swapped),
        ("seat", _unentitled),
        ("blocking_pair", _evicted),
        ("utility", _richer),
        ("priority", _stronger),
        ("person_count", _forgotten),
        ("person_unknown", _strange),
        ("vacancy_unknown", _nowhere),
        ("half_filled", _halved),
        ("seat_unknown", _named),
        ("seat", _reseated),
        ("openings", _crowded),
        ("rule", _forbidden),
    ],
)
def test_each_kind_of_planted_violation_is_named(
    kind: str, plant: Callable[[Places, Sample], Places], tmp_path: Path
) -> None:
    market = sample("small")
    places = {place.person: place for place in files.read_places(market.folder / "expected.parquet")}
    verdict = judged(market.people, market.vacancies, market.weights, market.seed, plant(places, market), tmp_path)
    assert (verdict.kind, verdict.stable) == (kind, False)
    assert verdict.violation


@settings(max_examples=80, deadline=None)
@given(rich.people(), rich.vacancies(), st.randoms(use_true_random=False))
def test_whoever_is_moved_alone_is_found(
    tmp_path_factory: pytest.TempPathFactory, persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random
) -> None:
    """One person's place taken away, given or changed, with scores that are right: then somebody is wronged, whoever it is."""
    places, job = fast(persons, jobs, WEIGHTS, SEED).places, random.choice([*jobs.values(), None])
    name = random.choice([*sorted(persons), ""])
    if not name or places[name].vacancy == (job.vacancy if job else None):
        return
    moved = Place(name)
    if job:
        scored = option(persons[name], job, WEIGHTS, SEED)
        moved = Place(name, job.vacancy, random.choice(("open", *job.reserved)), scored.utility, scored.priority)
    verdict = judged(persons, jobs, WEIGHTS, SEED, {**places, name: moved}, tmp_path_factory.mktemp("judged"))
    assert verdict.kind in ("rule", "openings", "seat", "blocking_pair")


def test_envy_of_a_reserved_seat_alone_is_found(tmp_path: Path) -> None:
    """Everybody on an open seat has more points than he has: only the weaker member on the reserved one is in his place."""
    persons = {
        name: replace(A_PERSON, person=name, burden=burden, groups=frozenset(groups))
        for name, burden, groups in (("p0", 100, ()), ("p1", 10, ("disabled",)), ("p2", 0, ("disabled",)))
    }
    jobs = {"v0": replace(A_VACANCY, openings=2, reserved={"disabled": 1})}
    due = fast(persons, jobs, WEIGHTS, SEED).places
    assert [due[name].seat for name in persons] == ["open", "disabled", None]
    assert judged(persons, jobs, WEIGHTS, SEED, due, tmp_path).stable
    weaker = option(persons["p2"], jobs["v0"], WEIGHTS, SEED)
    wronged = {**due, "p1": Place("p1"), "p2": Place("p2", "v0", "disabled", weaker.utility, weaker.priority)}
    verdict = judged(persons, jobs, WEIGHTS, SEED, wronged, tmp_path)
    assert (verdict.violation, verdict.blocking_pairs) == ("p1 and v0 would rather have each other", 1)


def test_a_violation_says_whom_and_where(tmp_path: Path) -> None:
    market = sample("small")
    places = {place.person: place for place in files.read_places(market.folder / "expected.parquet")}
    victim = _placed(places)
    said = judged(market.people, market.vacancies, market.weights, market.seed, _evicted(places, market), tmp_path)
    assert said.violation.endswith(f" and {victim.vacancy} would rather have each other")
    assert said.blocking_pairs
    richer = judged(market.people, market.vacancies, market.weights, market.seed, _richer(places, market), tmp_path)
    assert (
        richer.violation
        == f"{victim.person} at {victim.vacancy}: utility {(victim.utility or 0) + 1}, should be {victim.utility}"
    )


def test_the_verifier_shares_nothing_with_the_kernel() -> None:
    room = Path(verify.__code__.co_filename).parent
    imported = {
        name
        for path in room.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for name in [node.module or ""]
    }
    assert not [
        name
        for name in imported
        if name.startswith(
            (
                "services.matching.kernel",
                "services.matching.reference.deferred_acceptance",
                "services.matching.rules.scores",
            )
        )
    ]
