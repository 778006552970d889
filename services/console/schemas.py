"""The shapes at the console's door for programs; pages have none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class RateOut(BaseModel):
    """A share or a mean with what it was made of; `value` is null where nothing was counted."""

    model_config = ConfigDict(from_attributes=True)

    numerator: int | None
    denominator: int | None
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
    """The figures of a division or of all; null where nobody has stated them. Money in fen."""

    households: int | None = Field(description="建档立卡户 registered households")
    people: int | None = Field(description="登记人口 registered people")
    labourers: int | None = Field(description="登记劳动力 registered labourers")
    employed: int | None = Field(description="已就业 employed")
    in_county: int | None = Field(description="县内就业 working in the county")
    in_province: int | None = Field(description="省内县外 working elsewhere in the province")
    out_of_province: int | None = Field(description="省外 working in another province")
    elsewhere: int | None = Field(description="其他 abroad or not known")
    own_account: int | None = Field(description="自主就业 found by themselves")
    assisted: int | None = Field(description="组织化就业 placed with help")
    placed: int | None = Field(description="累计安置 placed through introductions")
    in_work: int | None = Field(description="在岗 still in work of those placed")
    wage_sum_fen: int | None = Field(description="月工资合计 sum of monthly wages, fen")
    wage_count: int | None = Field(description="计薪人数 wages in that sum")
    services: int | None = Field(description="就业服务人次 services given")
    trainings: int | None = Field(description="培训人次 trainings given")
    subsidies: int | None = Field(description="补贴笔数 subsidies granted")
    subsidies_fen: int | None = Field(description="补贴金额 subsidies granted, fen")
    employers: int | None = Field(description="用人单位 employers")
    vacancies: int | None = Field(description="岗位 vacancies on offer")
    openings: int | None = Field(description="招聘人数 openings")
    openings_left: int | None = Field(description="剩余名额 openings left")
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

    model_config = ConfigDict(json_schema_extra={"examples": [{"as_of": "2017-12-31", "rule": "province.1", "divisions": [], "total": {}, "statements": []}]})

    as_of: date
    rule: str
    node: str
    divisions: list[DivisionOut]
    total: FiguresOut
    statements: list[StatementOut]


class KeySetOut(BaseModel):
    """The node's public keys (RFC 7517): one for its signatures, one to seal to."""

    keys: list[dict[str, Any]]
