"""Shapes of the quarter's verifications and of the retention rate."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from libs.common.small_numbers import PersonCount, tell, tell_share, tell_sum, tell_tables
from libs.common.values import PastDay, Quarter
from services.retention.rules.rate import DueCheck, Rate, standing_of
from services.retention.rules.verification import Grade, Outcome
from services.retention.schemas.spells import example, shown


class QuarterDraft(BaseModel):
    """季初: open the quarter's list."""

    model_config = example(quarter="2017Q2")

    quarter: Quarter


class QuarterOpened(BaseModel):
    """How many tasks were added; a quarter opened twice adds none."""

    model_config = shown(quarter="2017Q3", added=42)

    quarter: str
    added: int


class Verification(BaseModel):
    """核查: one person's task of one quarter and who owns it."""

    model_config = shown(
        id="01890a5d-ac96-774b-bcce-b302099a8073",
        introduction="01890a5d-ac96-774b-bcce-b302099a8057",
        person=None,
        guest="01890a5d-ac96-774b-bcce-b302099a8059",
        county="433124",
        city="440300",
        quarter="2017Q2",
        owner="n440300",
        moved_on="2017-05-08",
        outcome="in_work",
        grade="roster",
        answered_on="2017-06-20",
        version=3,
    )

    id: UUID
    introduction: UUID
    person: UUID | None
    guest: UUID | None
    county: str
    city: str
    quarter: str
    owner: str = Field(examples=["n440300"])
    moved_on: date
    outcome: str | None
    grade: str | None
    answered_on: date | None
    version: int


class VerificationAnswer(BaseModel):
    """What was found; the grade of the evidence is not given when nobody was reached."""

    model_config = example(outcome="in_work", grade="wage_line", on="2017-03-20")

    outcome: Outcome
    grade: Grade | None = None
    on: PastDay


class Share(BaseModel):
    """A rate with what it was made of; `rate` is null when nobody's check is due, and when a part of it is not told."""

    numerator: PersonCount
    denominator: PersonCount
    rate: float | None

    @classmethod
    def exactly(cls, numerator: int, denominator: int) -> Self:
        return cls(
            numerator=numerator,
            denominator=denominator,
            rate=round(numerator / denominator, 4) if denominator else None,
        )

    @classmethod
    def told(cls, numerator: PersonCount, denominator: PersonCount) -> Self:
        return cls(numerator=numerator, denominator=denominator, rate=tell_share(numerator, denominator))


_CHECKED = {
    "introduction": "01890a5d-ac96-774b-bcce-b302099a8057",
    "due_on": "2017-08-08",
    "standing": "same_employer",
    "grade": "roster",
}


class Checked(BaseModel):
    """One line of the list behind a rate."""

    model_config = shown(**_CHECKED)

    introduction: UUID
    due_on: date
    standing: str = Field(examples=["same_employer"], description="same_employer, other_employer, left or unreachable")
    grade: str | None

    @classmethod
    def of(cls, due: DueCheck) -> Self:
        return cls(
            introduction=due.introduction, due_on=due.due_on, standing=standing_of(due.check), grade=due.check.grade
        )


class CheckedList(BaseModel):
    """名单: the denominator of a rate, one by one; `next` is the cursor of the following page, null on the last."""

    model_config = shown(month=3, as_of="2017-08-31", rule="retention-rate 1", items=[_CHECKED], next=None)

    month: int
    as_of: date
    rule: str
    items: list[Checked]
    next: str | None = None


class RetentionRate(BaseModel):
    """稳岗率: at the same employer (原岗) and at any (转岗 counts); who was not reached stays in the denominator."""

    model_config = shown(
        month=3,
        as_of="2017-08-31",
        rule="retention-rate 1",
        same_employer={"numerator": 40, "denominator": 50, "rate": 0.8},
        any_employer={"numerator": 45, "denominator": 50, "rate": 0.9},
        left=4,
        unreachable=1,
        evidence={"roster": 40, "unverified": 5},
    )

    month: int
    as_of: date
    rule: str
    same_employer: Share
    any_employer: Share
    left: PersonCount
    unreachable: PersonCount
    evidence: dict[str, PersonCount] | None = Field(
        description="Those counted as in work, by the grade of the quarter's evidence; null where so few are not told apart"
    )

    @classmethod
    def exactly(cls, rate: Rate) -> Self:
        """Every count as it is."""
        return cls(
            month=rate.month,
            as_of=rate.as_of,
            rule=rate.rule,
            same_employer=Share.exactly(rate.same_employer, rate.due),
            any_employer=Share.exactly(rate.any_employer, rate.due),
            left=rate.standings["left"],
            unreachable=rate.standings["unreachable"],
            evidence={grade: count for grade, count in rate.grades.items()},
        )

    @classmethod
    def told(cls, rate: Rate) -> Self:
        """With small numbers withheld: the denominator is the sum of what is told of the four standings."""
        told = {standing: tell(count) for standing, count in rate.standings.items()}
        in_work = {"same": rate.standings["same_employer"], "other": rate.standings["other_employer"]}
        working, evidence = tell_tables(in_work, rate.grades)
        due = tell_sum(told.values())
        return cls(
            month=rate.month,
            as_of=rate.as_of,
            rule=rate.rule,
            same_employer=Share.told(told["same_employer"], due),
            any_employer=Share.told(tell_sum(working.values()), due),
            left=told["left"],
            unreachable=told["unreachable"],
            evidence=evidence[0] if evidence else None,
        )
