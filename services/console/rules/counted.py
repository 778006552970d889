"""Which list a figure counts (数后名单): of the node's own division every number leads to it, for whoever may see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class CountedList(NamedTuple):
    """The page of a list with the filters of the figure, and the action that it needs."""

    page: str
    action: str


_PEOPLE, _SPELLS, _VACANCIES = "registry.labourer.list", "retention.spell.list", "jobs.vacancy.list"
_SERVICES, _LEDGER, _POSTS = "retention.service.list", "retention.ledger.list", "/vacancies?state=vetted"

LISTS: Mapping[str, CountedList] = {
    "labourers": CountedList("/people?labourer=true", _PEOPLE),
    "employed": CountedList("/people?labourer=true&employed=true", _PEOPLE),
    "placed": CountedList("/spells", _SPELLS),
    "in_work": CountedList("/spells?open=true", _SPELLS),
    "services": CountedList("/services", _SERVICES),
    "trainings": CountedList("/services?kind=training", _SERVICES),
    "guidances": CountedList("/services?kind=guidance", _SERVICES),
    "introductions": CountedList("/services?kind=introduction", _SERVICES),
    "subsidies": CountedList("/ledger", _LEDGER),
    "subsidies_fen": CountedList("/ledger", _LEDGER),
    "employers": CountedList("/employers?state=listed", "jobs.employer.list"),
    "vacancies": CountedList(_POSTS, _VACANCIES),
    "openings": CountedList(_POSTS, _VACANCIES),
    "openings_left": CountedList(_POSTS, _VACANCIES),
    "designations": CountedList("/designations?running=true", "jobs.designation.list"),
    "intake": CountedList("/designations", "jobs.designation.list"),
    "fairs": CountedList("/hosted-fairs?state=held", "jobs.fair.list"),
}


def lists_for(may: Callable[[str], bool]) -> dict[str, str]:
    """Figure -> page, those that this person may open."""
    return {figure: each.page for figure, each in LISTS.items() if may(each.action)}
