"""What identification says (精准识别): the register as counts, exactly or with small numbers withheld."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from libs.common.small_numbers import ROUNDED_TO, PersonCount, tell, tell_sum
from services.registry.operations.identification import Identified
from services.registry.rules.withholding import may_tell_reasons


class TownshipShown(BaseModel):
    township: str
    people: PersonCount
    labourers: PersonCount


class IdentificationShown(BaseModel):
    """精准识别: the whole register judged at the end of a quarter; under `reasons` everybody who is none, under each reason that holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2016-12-31",
                "rule": "v1",
                "people": 595,
                "labourers": 358,
                "reasons": {"age": 187, "in_school": 96, "unable": 165},
                "townships": [{"township": "花垣镇", "people": 102, "labourers": 61}],
                "ability_unknown": 0,
                "rounded_to": 1,
            }
        }
    )

    as_of: date
    rule: str
    people: PersonCount
    labourers: PersonCount
    reasons: dict[str, PersonCount] | None = Field(
        description="null where the reasons of so few would tell how many they are"
    )
    townships: list[TownshipShown]
    ability_unknown: int | None = Field(
        description="没有填劳动技能: how many have none on record, whatever the rule makes of it; null for a role without `exact`"
    )
    rounded_to: int = Field(
        description="1: exact; 5: to the nearest five, and 1 to 4 as `<5`, for a role without `exact`"
    )

    @classmethod
    def exactly(cls, counted: Identified) -> Self:
        """Every count as it is."""
        townships = [
            TownshipShown(township=name, people=each.people, labourers=each.labourers)
            for name, each in sorted(counted.townships.items())
        ]
        return cls(
            as_of=counted.as_of,
            rule=counted.rule,
            people=counted.people,
            labourers=counted.labourers,
            reasons={name: count for name, count in sorted(counted.reasons.items())},
            townships=townships,
            ability_unknown=counted.ability_unknown,
            rounded_to=1,
        )

    @classmethod
    def told(cls, counted: Identified) -> Self:
        """With small numbers withheld, and sums made of what is told of townships."""
        townships = [
            TownshipShown(township=name, people=tell(each.people), labourers=tell(each.labourers))
            for name, each in sorted(counted.townships.items())
        ]
        reasons = {name: tell(count) for name, count in sorted(counted.reasons.items())}
        told = may_tell_reasons([(each.people, each.labourers) for each in townships], list(reasons.values()))
        return cls(
            as_of=counted.as_of,
            rule=counted.rule,
            people=tell_sum(each.people for each in townships),
            labourers=tell_sum(each.labourers for each in townships),
            reasons=reasons if told else None,
            townships=townships,
            ability_unknown=None,
            rounded_to=ROUNDED_TO,
        )
