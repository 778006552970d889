"""The shapes of the two lists: what is offered, what is sought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.small_numbers import PersonCount, tell_tables
from services.matching.rules.lists import CountyDemand, ListedPerson


class Offer(BaseModel):
    """One vetted vacancy of the supply list (岗位清单); wages in yuan a month."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "vacancy": "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10",
                "node": "n440300",
                "city": "440300",
                "employer_name": "深圳某电子有限公司",
                "employer_uscc": "91440300MA5D8C1X2T",
                "title": "电子组装工",
                "industry": "电子",
                "occupation": "6-25",
                "openings": 40,
                "openings_left": 38,
                "reserved": {"older_or_low_schooled": 4},
                "wage": 4200,
                "wage_max": 5200,
                "age_min": 18,
                "age_max": 45,
                "education_min": 2,
                "certificates": [],
                "demands": ["standing"],
                "accommodations": [],
                "starts_by": "2017-06-30",
                "offers": ["board", "lodging"],
                "announced_on": "2017-04-10",
                "kind": "ordinary",
                "country": None,
                "valid_until": "2017-06-30",
            }
        },
    )

    vacancy: UUID
    node: str
    city: str
    employer_name: str
    employer_uscc: str | None
    title: str
    industry: str | None
    occupation: str | None
    openings: int
    openings_left: int
    reserved: dict[str, int]
    wage: int
    wage_max: int | None
    age_min: int | None
    age_max: int | None
    education_min: int
    certificates: list[str]
    demands: list[str]
    accommodations: list[str]
    starts_by: date
    offers: list[str]
    announced_on: date
    kind: str
    country: str | None = Field(description="where the work is, of a post abroad")
    valid_until: date | None


_TABLES = ("by_occupation", "by_wage", "by_destination")


class Statement(BaseModel):
    """A county's demand (求职清单) as counts; counts below three are in `other`. A table is null where so few people are not told apart."""

    model_config = ConfigDict(from_attributes=True)

    county: str
    as_of: date
    people: PersonCount
    by_occupation: dict[str, PersonCount] | None
    by_wage: dict[str, PersonCount] | None
    by_destination: dict[str, PersonCount] | None

    @classmethod
    def told(cls, row: CountyDemand) -> Self:
        """With small numbers withheld."""
        whole, tables = tell_tables({"people": row.people}, *(getattr(row, name) for name in _TABLES))
        told = dict(zip(_TABLES, tables, strict=True)) if tables else dict.fromkeys(_TABLES)
        return cls.model_validate({"county": row.county, "as_of": row.as_of, **whole, **told})


class Seeking(BaseModel):
    """One person of this county who seeks, by id; wages in yuan a month."""

    person: UUID
    township: str
    education: int
    groups: list[str]
    occupation: str | None
    wage_expected: int | None
    wage_minimum: int | None
    destinations: list[str]
    elsewhere: str
    available_from: date | None
    accommodations: list[str]
    together: str | None
    partner: UUID | None
    fellows: UUID | None

    @classmethod
    def of(cls, person: ListedPerson) -> Self:
        wish = {name: value for name, value in (person.wish or {}).items() if name in cls.model_fields}
        facts = {name: getattr(person, name) for name in ("person", "township", "education", "groups")}
        return cls.model_validate({**_NO_WISH, **wish, **facts})


_NO_WISH: Mapping[str, object] = {
    "occupation": None,
    "wage_expected": None,
    "wage_minimum": None,
    "destinations": [],
    "elsewhere": "none",
    "available_from": None,
    "accommodations": [],
    "together": None,
    "partner": None,
    "fellows": None,
}


class Demand(BaseModel):
    """Statements of all counties known here; at a county, for its officers, also its people. `next` continues the people."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "items": [
                    {
                        "county": "433124",
                        "as_of": "2017-04-20",
                        "people": 212,
                        "by_occupation": {"6-25": 61, "9-99": 148, "other": 3},
                        "by_wage": {"3000-3499": 120, "any": 92},
                        "by_destination": {"440300": 130, "370100": 82},
                    }
                ],
                "people": [],
                "next": None,
            }
        }
    )

    items: list[Statement]
    people: list[Seeking] = Field(default_factory=list)
    next: str | None = None
