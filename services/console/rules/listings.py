"""Lists and records (名单与详情) as data: which members of a service's answer a page shows, and which steps begin there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from libs.common.calendar import quarter_of
from services.console.rules.levels import Level

Kind = Literal[
    "text",
    "number",
    "yuan",
    "day",
    "moment",
    "flag",
    "code",
    "codes",
    "tag",
    "place",
    "person",
    "vacancy",
    "id",
    "words",
    "said",
    "half",
    "percent",
    "codes",
]


@dataclass(frozen=True)
class Column:
    """One member of an answer: its label, and as what it is shown. `link` is a page with the row's members in braces.

    `sort` is the order that the list's service has by it; `whole` is the member that a number is a part of, drawn as a bar.
    """

    name: str
    label: str
    kind: Kind = "text"
    codes: str = ""
    link: str = ""
    sort: str = ""
    whole: str = ""

    def href(self, row: Mapping[str, Any]) -> str:
        return self.link.format_map(row) if self.link else ""


@dataclass(frozen=True)
class Narrowing:
    """One filter of a list: the query parameter of the address, chosen from codes or typed."""

    name: str
    label: str
    codes: str = ""
    options: tuple[str, ...] = ()
    kind: Literal["choice", "flag", "text", "day", "quarter"] = "choice"

    def asked(self, given: str, today: date) -> str:
        """What is asked for: a list of a quarter is one of some quarter, of this one where none is said."""
        return given or (quarter_of(today) if self.kind == "quarter" else "")


@dataclass(frozen=True)
class Offered:
    """What a step leads to: the action that it needs and what it is called."""

    action: str
    title: str


@dataclass(frozen=True)
class Step:
    """A form that begins at a row or beside a list: where a member of the row (none: always) has one of the values.

    `level` is the side that takes the step, where not both do; `given` are members of the row that the form begins with.
    """

    path: str
    member: str = ""
    values: tuple[str, ...] = ()
    level: Level | None = None
    given: tuple[tuple[str, str], ...] = ()

    def begins_at(self, row: Mapping[str, Any], level: Level) -> bool:
        holds = not self.member or str(row.get(self.member) or "") in self.values
        return holds and self.level in (None, level)

    def address(self, row: Mapping[str, Any]) -> str:
        """Of the form, with what it begins with."""
        query = urlencode({name: row[member] for name, member in self.given if row[member] is not None})
        return self.path.format_map(row) + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Listing:
    """A service's list as a page: its columns, what narrows it, the forms beside it, and whether it leaves as a workbook."""

    action: str
    title: str
    service: str
    address: str
    columns: tuple[Column, ...]
    filters: tuple[Narrowing, ...] = ()
    steps: tuple[Step, ...] = ()
    nothing: str = ""
    sheet: bool = True
    # Where the service counts them: the address that answers how many rows there are in all, and the member that says it.
    counted: tuple[str, str] | None = None


@dataclass(frozen=True)
class Beside:
    """A list of another address on a record's page, for whoever may do what it needs; `narrowed` are members of the record."""

    action: str
    title: str
    address: str
    columns: tuple[Column, ...]
    narrowed: tuple[tuple[str, str], ...] = ()

    def asked(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {name: str(row.get(member) or "") for name, member in self.narrowed}


@dataclass(frozen=True)
class Record:
    """One thing as a page: its facts, the steps that begin there, the lists within it (member -> its columns) and beside it."""

    action: str
    title: str
    service: str
    address: str
    facts: tuple[Column, ...]
    back: str
    steps: tuple[Step, ...] = ()
    within: tuple[tuple[str, str, tuple[Column, ...]], ...] = ()
    beside: tuple[Beside, ...] = ()
