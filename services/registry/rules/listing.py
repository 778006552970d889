"""What a list of people is asked for (筛选): whom it shows, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

Sort = Literal["entry", "place", "visited"]
Willing = Literal["true", "false", "none"]
Group = Literal["disabled", "older_or_low_schooled", "zero_employment", "zero_transfer"]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Only people of whom each of these holds; None asks for nothing.

    Nobody who has left the register by that day, but those who are asked for by `departed`, or by their ids.
    `leaver` is 两后生 by the rule of the day. `willing` "none" and `visited_before` also mean whoever has said nothing yet: nobody has been there.
    """

    township: str | None = None
    village: str | None = None
    labourer: bool | None = None
    employed: bool | None = None
    willing: Willing | None = None
    visited_before: date | None = None
    no_phone: bool | None = None
    group: Group | None = None
    household: UUID | None = None
    ids: tuple[UUID, ...] | None = None
    departed: bool = False
    leaver: bool | None = None
    sort: Sort = "entry"

    @property
    def shape(self) -> Filters:
        """What decides the wording of the question; places, days, households and ids are told with it."""
        return replace(
            self,
            township=None if self.township is None else "",
            village=None if self.village is None else "",
            visited_before=None if self.visited_before is None else date.min,
            household=None if self.household is None else _SOME,
            ids=None if self.ids is None else (),
        )


_SOME = UUID(int=0)
EVERYBODY = Filters()
