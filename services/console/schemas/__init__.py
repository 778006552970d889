"""The shapes at the console's door for programs; pages have none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from libs.common.small_numbers import PersonCount
from libs.common.values import Sentence, Text, Token
from services.console.rules.accounts import LOGIN, REGION, check_role


class RateOut(BaseModel):
    """A share or a mean with what it was made of; `value` is null where nothing was counted."""

    model_config = ConfigDict(from_attributes=True)

    numerator: PersonCount | None
    denominator: PersonCount | None
    value: float | None
    rule: str
    as_of: date


class StatementOut(BaseModel):
    """The statement that figures come from: who said it, of which date, by which rule, in which event."""

    kind: str = Field(description="registry, retention or jobs", examples=["registry"])
    division: str = Field(examples=["433124"])
    source: str = Field(description="CloudEvents source", examples=["/n433124/registry"])
    as_of: date
    rule: str
    event: UUID
    sequence: int
    stated_at: datetime


class FiguresOut(BaseModel):
    """The figures of a division or of all; null where nobody has stated them, and where an amount is that of a few people. Money in fen."""

    households: PersonCount | None = Field(description="建档立卡户 registered households")
    people: PersonCount | None = Field(description="登记人口 registered people")
    labourers: PersonCount | None = Field(description="登记劳动力 registered labourers")
    employed: PersonCount | None = Field(description="已就业 employed")
    in_county: PersonCount | None = Field(description="县内就业 working in the county")
    in_province: PersonCount | None = Field(description="省内县外 working elsewhere in the province")
    out_of_province: PersonCount | None = Field(description="省外 working in another province")
    elsewhere: PersonCount | None = Field(description="其他 abroad or not known")
    own_account: PersonCount | None = Field(description="自主就业 found by themselves")
    assisted: PersonCount | None = Field(description="组织化就业 placed with help")
    placed: PersonCount | None = Field(description="累计安置 placed through introductions")
    in_work: PersonCount | None = Field(description="在岗 still in work of those placed")
    wage_sum_fen: int | None = Field(description="月工资合计 sum of monthly wages, fen")
    wage_count: PersonCount | None = Field(description="计薪人数 wages in that sum")
    services: PersonCount | None = Field(description="就业服务人次 services given")
    trainings: PersonCount | None = Field(description="培训人次 trainings given")
    guidances: PersonCount | None = Field(description="职业指导人次 guidance given")
    introductions: PersonCount | None = Field(description="职业介绍人次 introductions given as a service")
    subsidies: PersonCount | None = Field(description="补贴笔数 subsidies granted")
    subsidies_fen: int | None = Field(description="补贴金额 subsidies granted, fen")
    employers: int | None = Field(description="用人单位 employers")
    vacancies: int | None = Field(description="岗位 vacancies on offer")
    openings: int | None = Field(description="招聘人数 openings")
    openings_left: int | None = Field(description="剩余名额 openings left")
    designations: int | None = Field(description="定点接收单位和就业扶贫基地 designations that hold")
    intake: PersonCount | None = Field(description="认定单位接收人数 taken in by designated firms")
    fairs: int | None = Field(description="招聘会场次 fairs held")
    employed_share: RateOut = Field(description="就业率 employed / labourers")
    mean_wage_fen: RateOut = Field(description="月均工资 mean monthly wage, fen")


class DivisionOut(FiguresOut):
    """One division's line."""

    division: str
    node: str
    name: str
    statements: list[StatementOut]


class ProvinceOut(BaseModel):
    """The table as of a date: a line for each division, their sum, and every statement behind it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"as_of": "2017-12-31", "rule": "province.1", "divisions": [], "total": {}, "statements": []}]
        }
    )

    as_of: date
    rule: str
    node: str
    divisions: list[DivisionOut]
    total: FiguresOut
    statements: list[StatementOut]


class KeySetOut(BaseModel):
    """The node's public keys (RFC 7517): one for its signatures, one to seal to."""

    keys: list[dict[str, Any]]


Login = Annotated[Text, StringConstraints(pattern=LOGIN), Field(description="登录名", examples=["shi.guilan"])]
Role = Annotated[Token, AfterValidator(check_role), Field(description="角色", examples=["officer"])]
Regions = Annotated[
    list[Annotated[Text, StringConstraints(pattern=REGION)]], Field(min_length=1, max_length=100, examples=[["433124"]])
]
Organisation = Annotated[
    Text, Field(max_length=60, description="统一社会信用代码 of an employer's firm; empty for offices")
]


class AccountNew(BaseModel):
    """An account to be made; its initial password is in the answer, once."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"login": "shi.guilan", "role": "officer", "regions": ["433124"]}]},
    )

    login: Login
    role: Role
    regions: Regions
    organisation: Organisation = ""


class RightsPatch(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "cadre", "regions": ["433124:花垣镇"]}]}
    )

    role: Role | None = None
    regions: Regions | None = None
    organisation: Organisation | None = None


class Reason(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "调离 has left the office"}]})

    reason: Sentence


class AccountOut(BaseModel):
    """An account as operators see it; nothing of its password or second factor but whether there is one."""

    id: UUID
    login: str
    role: str
    regions: list[str]
    organisation: str
    issuer: str = Field(description="OpenID provider that vouches for the person; empty when the password is kept here")
    closed: bool
    must_change: bool = Field(description="Still has the initial password")
    second_factor: bool
    created_at: datetime
    password_at: datetime
    version: int


class InitialPassword(BaseModel):
    """Shown this once; at the first sign-in another one is chosen. Good for seven days."""

    account: AccountOut
    initial_password: str


class SessionOut(BaseModel):
    """A browser that somebody is signed in from, or a cadre's phone: that one wipes itself when its session is ended."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    begun_at: datetime
    seen_at: datetime
    passed: bool = Field(description="Past the second factor")
    address: str
    agent: str
    phone: bool = Field(description="手机端: good for tokens, not for pages")


class SessionsOut(BaseModel):
    items: list[SessionOut]


class ChangeOut(BaseModel):
    """One change of an account: when, by whom, what, and what was before and after."""

    id: UUID
    login: str
    at: datetime
    by: str
    what: str
    facts: dict[str, Any]
