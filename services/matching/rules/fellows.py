"""Fellow villagers (同村结伴) who wish to travel together: a group that is apart gathers in the city where most of it is placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.matching.rules.couples import pairs_of
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import Place

Group = tuple[str, ...]
# The city of each member's place, None without one.
Cities = list[str | None]


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where a group stands: on everybody's own wishes (`city` None), set on one city, or back on its wishes for good."""

    city: str | None = None
    final: bool = False


def groups_of(people: Mapping[str, Person]) -> list[Group]:
    """Pseudonyms that name the same group, two or more; who is one of a couple follows the couple and is not counted."""
    coupled = {name for pair in pairs_of(people) for name in pair}
    members: dict[str, list[str]] = {}
    for person in people.values():
        if person.fellows and person.person not in coupled:
            members.setdefault(person.fellows, []).append(person.person)
    return [tuple(names) for names in members.values() if len(names) > 1]


def declare(
    declared: Mapping[str, Person], gatherings: Mapping[Group, Gathering], cities: Iterable[str]
) -> dict[str, Person]:
    """The facts of a pass after couples have declared theirs: a gathered group refuses other cities, and no group is named."""
    facts = {name: replace(person, fellows=None) for name, person in declared.items()}
    for group, gathering in gatherings.items():
        others = frozenset(cities) - {gathering.city} if gathering.city else frozenset()
        facts |= {name: replace(facts[name], refused=facts[name].refused | others) for name in group}
    return facts


def review(
    gatherings: Mapping[Group, Gathering], places: Mapping[str, Place], vacancies: Mapping[str, Vacancy]
) -> dict[Group, Gathering]:
    """Every group's stand after a pass; the same again means that no group asks for another pass."""
    return {group: _next(gathering, _cities(group, places, vacancies)) for group, gathering in gatherings.items()}


def unsettled(
    gatherings: Mapping[Group, Gathering], places: Mapping[str, Place], vacancies: Mapping[str, Vacancy]
) -> dict[str, str]:
    """Pseudonym -> `fellows_apart`, for the groups that the passes did not suffice for."""
    apart = [
        group
        for group, gathering in gatherings.items()
        if not _is_settled(gathering, _cities(group, places, vacancies))
    ]
    return {name: "fellows_apart" for group in apart for name in group}


def _cities(group: Group, places: Mapping[str, Place], vacancies: Mapping[str, Vacancy]) -> Cities:
    held = [places[name].vacancy for name in group]
    return [vacancies[vacancy].city if vacancy else None for vacancy in held]


def _is_settled(gathering: Gathering, cities: Cities) -> bool:
    """All in one city, or back on their wishes; a group of which nobody is placed has no city to take."""
    return gathering.final or (len(set(cities)) == 1 and not (gathering.city and None in cities))


def _next(gathering: Gathering, cities: Cities) -> Gathering:
    if _is_settled(gathering, cities):
        return gathering
    return Gathering(final=True) if gathering.city else Gathering(city=_most(cities))


def _most(cities: Cities) -> str:
    """Where most of those placed are; equal: the lower code."""
    counts = Counter(city for city in cities if city)
    return min(counts, key=lambda city: (-counts[city], city))
