"""The shape of townships and villages in figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from services.registry.rules.villages import Village, by_township, sum_of

_VILLAGE: dict[str, Any] = {
    "village": "老寨村",
    "people": 34,
    "households": 9,
    "labourers": 20,
    "employed": 11,
    "with_phone": 18,
    "with_ability": 20,
    "with_education": 20,
    "with_wish": 17,
    "completeness": 0.9375,
}


class TownshipNamed(BaseModel):
    """乡镇 with the names of its villages."""

    township: str
    villages: list[str]


class PlacesShown(BaseModel):
    """乡镇、村的名称 within the caller's reach, for whoever chooses one."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"townships": [{"township": "花垣镇", "villages": ["扪岱村", "老寨村"]}]}}
    )

    townships: list[TownshipNamed]

    @classmethod
    def of(cls, places: Iterable[tuple[str, str]]) -> Self:
        """From township and village, in order."""
        townships = groupby(places, key=lambda place: place[0])
        return cls(
            townships=[
                TownshipNamed(township=township, villages=[village for _, village in villages])
                for township, villages in townships
            ]
        )


class VillageShown(BaseModel):
    """村: `with_…` are of its labourers."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _VILLAGE})

    village: str
    people: int
    households: int
    labourers: int
    employed: int = Field(description="of the labourers, in work on that day")
    with_phone: int = Field(description="own or of the household")
    with_ability: int
    with_education: int
    with_wish: int = Field(description="a wish was said up to that day")
    completeness: float | None = Field(
        description="完整率: the share of these four that is known; null without labourers"
    )


class VillageRow(VillageShown):
    """村 as a row of the county's figures; `合计` is the sum of the township, or of all (`全县`)."""

    township: str
    share: float | None = Field(description="就业率 of the labourers; null without labourers")

    @classmethod
    def rows(cls, villages: Sequence[Village]) -> list[Self]:
        """Each village, each township after its villages, and all of them at the end."""
        rows: list[Self] = []
        for name, found in by_township(villages).items():
            rows += [*map(cls._of, found), cls._of(sum_of(found, name, "合计"))]
        return [*rows, cls._of(sum_of(villages, "全县", "合计"))] if rows else []

    @classmethod
    def _of(cls, one: Village) -> Self:
        share = one.employed / one.labourers if one.labourers else None
        told = VillageShown.model_validate(one).model_dump()
        return cls(**told, township=one.township, share=share)


class TownshipWithVillages(BaseModel):
    """乡镇 with the villages in which anybody of the register lives."""

    township: str
    people: int
    households: int
    villages: list[VillageShown]


class VillagesShown(BaseModel):
    """乡镇、村 within the caller's reach, by name."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2016-12-31",
                "townships": [{"township": "花垣镇", "people": 102, "households": 28, "villages": [_VILLAGE]}],
            }
        }
    )

    as_of: date
    townships: list[TownshipWithVillages]

    @classmethod
    def of(cls, as_of: date, villages: Iterable[Village]) -> Self:
        townships = [
            TownshipWithVillages(
                township=name,
                people=sum(each.people for each in found),
                households=sum(each.households for each in found),
                villages=[VillageShown.model_validate(each) for each in found],
            )
            for name, found in by_township(villages).items()
        ]
        return cls(as_of=as_of, townships=townships)
