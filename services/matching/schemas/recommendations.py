"""The shapes of recommendations: the best of one side for one of the other, each with what its points are made of.

The answers are written as JSON straight from what memory holds; the models say what they are, and tests that they are it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic_core import to_json

from libs.common.masks import band_of
from services.matching.operations.recommendations import RecommendationIndex, RecommendedPair
from services.matching.rules.explain import Explanation

_SAID: JsonDict = {
    "realistic": True,
    "utility": 702,
    "utility_parts": {"wage": 300, "occupation": 240, "destination": 150, "relatives": 0, "closeness": 12, "board": 0},
    "priority": 440,
    "priority_parts": {"groups": 120, "burden": 20, "occupation": 300},
    "zh": "上一轮录取线 385 分, 本人 440 分",
    "en": "the last run needed 385 points, the person has 440",
}
_OFFER: JsonDict = {
    "vacancy": "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10",
    "city": "440300",
    "title": "电子组装工",
    "employer_name": "深圳某电子有限公司",
    "occupation": "6-25",
    "wage": 4200,
    "wage_max": 5200,
    "openings_left": 38,
    "starts_by": "2017-06-30",
}
_PERSON: JsonDict = {
    "person": "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a11",
    "township": "花垣镇",
    "age_band": "30-34",
    "education": 2,
    "occupation": "6-25",
    "groups": ["zero_employment"],
}
_ADVICE: JsonDict = {
    "kind": "rule",
    "zh": "年龄超过岗位上限",
    "en": "older than the vacancy allows",
    "failed": ["age_max"],
    "utility": None,
    "utility_parts": {},
    "priority": None,
    "priority_parts": {},
    "cutoffs": {},
}
_BASIS: JsonDict = {"as_of": "2017-04-20", "weights": "2017.1", "run": "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a12"}


class Said(BaseModel):
    """Points and words of one pair. `realistic`: the last cutoffs admit, or the vacancy was in no run yet."""

    realistic: bool
    utility: int
    utility_parts: dict[str, int]
    priority: int
    priority_parts: dict[str, int]
    zh: str
    en: str


class RecommendedVacancy(Said):
    """A vacancy for the person asked about; wages in yuan a month."""

    vacancy: UUID
    city: str
    title: str
    employer_name: str
    occupation: str | None
    wage: int
    wage_max: int | None
    openings_left: int
    starts_by: date


class RecommendedPerson(Said):
    """One of this county's people for the vacancy asked about, by id."""

    person: UUID
    township: str
    age_band: str = Field(description="年龄段")
    education: int
    occupation: str
    groups: list[str]


class Advice(BaseModel):
    """Why this one, or why not: `kind` is rule, cutoff, lottery or realistic; `failed` names the hard rules."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    zh: str
    en: str
    failed: list[str]
    utility: int | None
    utility_parts: dict[str, int]
    priority: int | None
    priority_parts: dict[str, int]
    cutoffs: dict[str, int]


class Basis(BaseModel):
    """What it was computed from: the lists as of a day, the weights, and the run whose cutoffs were looked at."""

    as_of: date
    weights: str
    run: UUID | None
    about: Advice | None = Field(default=None, description="Of the one that was asked about")


class VacanciesForPerson(Basis):
    """岗位推荐: realistic ones first, then the others, each in the person's order."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"person": _PERSON["person"], **_BASIS, "items": [{**_OFFER, **_SAID}], "about": _ADVICE}
        }
    )

    person: UUID
    items: list[RecommendedVacancy]


class PeopleForVacancy(Basis):
    """人员推荐: this county's own people, realistic ones first, then the others, by priority and lot."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"vacancy": _OFFER["vacancy"], **_BASIS, "items": [{**_PERSON, **_SAID}], "about": None}
        }
    )

    vacancy: UUID
    items: list[RecommendedPerson]


def vacancies_as_json(
    book: RecommendationIndex, person: UUID, pairs: list[RecommendedPair], about: Explanation | None
) -> bytes:
    """VacanciesForPerson."""
    return to_json(
        {"person": person, **_basis(book, about), "items": [{**book.shown[pair.row], **_said(pair)} for pair in pairs]}
    )


def people_as_json(
    book: RecommendationIndex, vacancy: UUID, pairs: list[RecommendedPair], about: Explanation | None
) -> bytes:
    """PeopleForVacancy."""
    return to_json(
        {
            "vacancy": vacancy,
            **_basis(book, about),
            "items": [{**_person(book, book.persons[pair.row]), **_said(pair)} for pair in pairs],
        }
    )


def _basis(book: RecommendationIndex, about: Explanation | None) -> Mapping[str, object]:
    return {
        "as_of": book.as_of,
        "weights": book.weights.version,
        "run": book.run,
        "about": Advice.model_validate(about) if about else None,
    }


def _said(pair: RecommendedPair) -> Mapping[str, object]:
    said = pair.said
    return {
        "realistic": said.realistic,
        "utility": said.utility,
        "utility_parts": said.utility_parts,
        "priority": said.priority,
        "priority_parts": said.priority_parts,
        "zh": said.zh,
        "en": said.en,
    }


def _person(book: RecommendationIndex, person: UUID) -> Mapping[str, object]:
    facts = book.people[person]
    return {
        "person": person,
        "township": book.townships[person],
        "age_band": band_of(facts.age),
        "education": facts.education,
        "occupation": facts.occupation,
        "groups": sorted(facts.groups),
    }
