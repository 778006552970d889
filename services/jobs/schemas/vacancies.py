"""The shapes of a vacancy (岗位): shown, entered, changed, decided on, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Count, Day, Division, Flag, Label, PastDay, Sentence, Text, Token, Uscc
from services.jobs.rules.vacancies import Kind, Passport, Terms, Training, Vacancy

Words = Annotated[list[Label], Field(max_length=20)]
Paused = Literal["expired", "blacklisted", "unlisted", "unlicensed"]
Months = Annotated[Count, Field(ge=1, le=600)]
Country = Annotated[Token, Field(min_length=2, max_length=2, examples=["JP"], description="ISO 3166-1, two letters")]
_OF_KINDS = {"country", "contract_months", "passport", "training"}
State = Literal["refused", "pending", "vetted", "withdrawn"]
Age = Annotated[Count, Field(le=120)]
Yuan = Annotated[Count, Field(le=1_000_000)]
Openings = Annotated[Count, Field(le=1_000_000)]
Schooling = Annotated[Count, Field(le=5)]
Points = Annotated[Count, Field(le=15)]


class ReservedSeats(BaseModel):
    """预留名额: openings that are for one group alone, as matching v1 names the groups."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"disabled": 1}})

    disabled: Openings | None = Field(default=None, description="残疾人")
    zero_employment: Openings | None = Field(default=None, description="零就业家庭")
    older_or_low_schooled: Openings | None = Field(default=None, description="大龄或低学历")


class ReasonShown(BaseModel):
    """Why vetting refused: the rule's code or an officer's words, the column, the law, the words it stumbled over."""

    code: str
    column: str = ""
    law: str = ""
    words: str = ""


_TERMS: dict[str, Any] = {
    "occupation": "6-25",
    "starts_by": "2017-04-15",
    "demands": ["standing"],
    "accommodations": ["sign_language"],
    "experience_points": 5,
}


class VacancyShown(BaseModel):
    """岗位. Wages in yuan a month (null: not stated); schooling 0-5 as in matching v1; ages inclusive."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "city": "440300",
                "district": "宝安区",
                "employer": "01890a5d-ac96-774b-bcce-b302099a8001",
                "employer_uscc": "91440300XL0000066R",
                "employer_name": "深圳市鬼宿汽车部件有限公司",
                "title": "叉车司机",
                "industry": "汽车零部件",
                "shift": "两班倒",
                "welfare": "提供工作餐、五险一金",
                "openings": 5,
                "openings_left": 5,
                "reserved": {},
                "wage": 3828,
                "wage_max": 3828,
                "wage_basis": "hour",
                "wage_text": "22元/小时",
                "age_min": None,
                "age_max": None,
                "education_min": 0,
                "certificates": ["forklift"],
                "offers": ["board", "insurance"],
                "insurances": ["pension"],
                "refills": True,
                "state": "vetted",
                "reasons": [],
                "vetted_by": "officer-1",
                "vetted_on": "2017-03-31",
                "withdrawn_on": None,
                "withdrawn_because": None,
                "listed_on": "2017-03-31",
                "valid_until": "2017-06-30",
                "paused": None,
                "kind": "ordinary",
                "country": None,
                "contract_months": None,
                "healthy": False,
                "passport": None,
                "training": None,
                "version": 1,
                **_TERMS,
            }
        },
    )

    id: UUID
    city: str
    district: str
    employer: UUID | None
    employer_uscc: str | None
    employer_name: str
    title: str
    industry: str
    shift: str
    welfare: str
    occupation: str | None
    openings: int
    openings_left: int
    reserved: dict[str, int]
    wage: int | None
    wage_max: int | None
    wage_basis: str
    wage_text: str
    age_min: int | None
    age_max: int | None
    education_min: int
    certificates: list[str]
    demands: list[str]
    accommodations: list[str]
    offers: list[str]
    insurances: list[str]
    starts_by: date
    experience_points: int
    refills: bool
    state: State
    reasons: list[ReasonShown]
    vetted_by: str | None
    vetted_on: date | None
    withdrawn_on: date | None
    withdrawn_because: str | None
    listed_on: date
    valid_until: date | None = Field(description="the last day on which it is offered; null: until it is withdrawn")
    kind: Kind
    country: str | None = Field(description="where the work is, of a post abroad; `city` sees to it")
    contract_months: int | None
    healthy: bool
    passport: Passport | None
    training: Training | None
    paused: Paused | None = Field(description="why a vetted one is not offered for now")
    version: int


class VacancyChange(BaseModel):
    """What an officer, or the employer, adds to a vacancy or puts right. Fields left out stay; names are those of matching v1."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _TERMS})

    title: Annotated[Text, Field(min_length=1, max_length=100)] | None = None
    district: Label | None = None
    industry: Label | None = None
    shift: Label | None = None
    welfare: Annotated[Text, Field(max_length=500)] | None = None
    occupation: Label | None = Field(default=None, description="职业中类, M-SS")
    starts_by: Day | None = Field(default=None, description="latest start")
    certificates: Words | None = None
    demands: Words | None = Field(default=None, description="what the work demands: heights, night, lifting …")
    accommodations: Words | None = Field(
        default=None, description="what the workplace provides: sign_language, wheelchair …"
    )
    offers: Words | None = Field(default=None, description="board, lodging, insurance")
    experience_points: Points | None = None
    education_min: Schooling | None = None
    age_min: Age | None = None
    age_max: Age | None = None
    wage: Yuan | None = None
    wage_max: Yuan | None = None
    openings: Openings | None = None
    reserved: ReservedSeats | None = Field(
        default=None, description="group -> openings, part of `openings`; a group left out stays, null takes it away"
    )
    kind: Kind | None = None
    country: Country | None = None
    contract_months: Months | None = None
    healthy: Flag | None = None
    passport: Passport | None = None
    training: Training | None = None
    valid_until: Day | None = Field(default=None, description="the last day on which it is offered")
    refills: Flag | None = Field(default=None, description="whether an opening is offered again when a spell ends")
    on: PastDay | None = Field(default=None, description="the day on which this holds; today when left out")

    def change(self, vacancy: Vacancy) -> Vacancy:
        """The vacancy with what was said. A null clears where one may be without, and is left out elsewhere."""
        said = self.model_dump(exclude_unset=True, exclude={"on"})
        if said.get("reserved") is not None:
            together = {**vacancy.reserved, **said["reserved"]}
            said["reserved"] = {group: openings for group, openings in together.items() if openings}
        clearable = {"occupation", "age_min", "age_max", "wage", "wage_max", "valid_until"} | _OF_KINDS
        return replace(
            vacancy, **{field: value for field, value in said.items() if value is not None or field in clearable}
        )


class VacancyNew(BaseModel):
    """A vacancy entered by hand, for an employer of the city's list."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "employer_uscc": "91440300XL0000066R",
                "title": "叉车司机",
                "openings": 3,
                "wage": 4500,
                "offers": ["board", "lodging"],
            }
        },
    )

    employer_uscc: Uscc
    title: Annotated[Text, Field(min_length=1, max_length=100)]
    openings: Openings
    city: Division | None = Field(default=None, description="this node's division when left out")
    district: Label = ""
    industry: Label = ""
    shift: Label = ""
    welfare: Annotated[Text, Field(max_length=500)] = ""
    wage: Yuan | None = None
    wage_max: Yuan | None = None
    occupation: Label | None = None
    age_min: Age | None = None
    age_max: Age | None = None
    education_min: Schooling = 0
    certificates: Words = []
    demands: Words = []
    accommodations: Words = []
    offers: Words = []
    experience_points: Points = 0
    reserved: ReservedSeats | None = Field(default=None, description="part of `openings`")
    kind: Kind = "ordinary"
    country: Country | None = Field(default=None, description="of a post abroad")
    contract_months: Months | None = Field(default=None, description="36 at most for a public post")
    healthy: Flag = False
    passport: Passport | None = Field(default=None, description="who sees to it, for a post abroad")
    training: Training | None = Field(default=None, description="how far it is, for a post abroad")
    starts_by: Day | None = None
    valid_until: Day | None = Field(default=None, description="the last day on which it is offered")
    lead: UUID | None = Field(default=None, description="线索 that has become this vacancy")
    on: PastDay | None = Field(default=None, description="the day on which this holds; today when left out")

    def terms(self) -> Terms:
        said = self.model_dump(exclude={"city", "starts_by", "valid_until", "lead", "on", "reserved"})
        reserved = self.reserved.model_dump() if self.reserved else {}
        return Terms(**said, reserved={group: openings for group, openings in reserved.items() if openings})


class Decision(BaseModel):
    """An officer's vetting. `reasons` are codes of the rules or words; passing what the rules refused needs them too."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"decision": "refuse", "reasons": ["discriminatory_sex"]}}
    )

    decision: Literal["pass", "refuse"]
    reasons: Annotated[list[Sentence], Field(max_length=10)] = []
    on: PastDay | None = None


class Renewal(BaseModel):
    """续期: the last day on which it is offered; 90 days from that day when left out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2017-06-25"}})

    valid_until: Day | None = None
    on: PastDay | None = None


class Withdrawal(BaseModel):
    """撤岗: why a vacancy is no longer offered."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "已招满", "on": "2017-06-01"}})

    reason: Sentence
    on: PastDay | None = None
