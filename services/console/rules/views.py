"""Saved views (常用名单): what somebody has narrowed a list to and how it is sorted, under a name of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from libs.common.problems import Conflict, NotFound
from services.console.rules.paging import PARTS

# A list of lists that is longer than this is no shortcut any more.
MOST_VIEWS = 12


class TooManyViews(Conflict):
    title = "常用名单太多 Too many saved views"


class ViewUnknown(NotFound):
    title = "没有这个常用名单 No such saved view"


@dataclass(frozen=True)
class SavedView:
    """A name for the query of a list's page."""

    id: UUID
    page: str
    name: str
    query: str

    @property
    def address(self) -> str:
        return f"{self.page}?{self.query}" if self.query else self.page


def condition_of(query: Mapping[str, str]) -> str:
    """What a list is narrowed to and sorted by, without the page of it that is shown."""
    return urlencode([(name, value) for name, value in query.items() if value and name not in PARTS])


def condition_in(text: str) -> str:
    """The same of a query as it is sent, in one spelling."""
    return condition_of(dict(parse_qsl(text)))
