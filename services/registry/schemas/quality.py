"""The shapes of data quality (数据质量): the rules, what does not fit with what to do, and how complete each place is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Sentence
from services.registry.rules.quality import Count, NamedFinding, Quality, RuleSet, Severity, State, rule_set, sum_up
from services.registry.schemas import _ID

_WAGES = ("wage_expected", "wage_minimum")
_RULE: dict[str, Any] = {
    "id": "unable_working",
    "severity": "error",
    "judged": "register",
    "wrong": "无劳动力、丧失劳动力而登记为务工 Without ability to work, yet at work",
    "repair": "核对劳动技能和务工所在地 Check the ability and the place of work",
    "fields": ["ability"],
    "required": False,
    "limits": {},
}
_FINDING: dict[str, Any] = {
    "id": _ID,
    "person": _ID,
    "household": _ID,
    "name": "石**",
    "township": "花垣镇",
    "village": "老寨村",
    "rule": "unable_working",
    "severity": "error",
    "field": "ability",
    "wrong": _RULE["wrong"],
    "repair": _RULE["repair"],
    "correct_at": f"/registry/v1/labourers/{_ID}",
    "state": "open",
    "found_at": "2017-03-20T08:00:00Z",
    "accepted_by": None,
    "accepted_at": None,
    "reason": None,
    "version": 1,
}
_QUALITY: dict[str, Any] = {
    "people": 420,
    "complete": 399,
    "completeness": 0.95,
    "errors": 12,
    "warnings": 31,
    "accepted": 2,
    "rules": {"phone_missing": 12, "channel_missing": 31},
}


def _both(chinese: str, english: str) -> str:
    """As problems say it, so that a page can show one half."""
    return f"{chinese} {english[0].upper()}{english[1:]}"


class RuleShown(BaseModel):
    """一条规则. Without a `required` fact somebody's card is not complete; `entry` rules are judged on the way in alone."""

    id: str
    severity: Severity
    judged: Literal["register", "entry"]
    wrong: str
    repair: str
    fields: list[str]
    required: bool
    limits: dict[str, int] = Field(description="ages from youngest to oldest, or least and most")


class RulesShown(BaseModel):
    """数据质量规则 in one version: with another one everybody is judged again."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"version": "quality-1", "counts_from": "2017-01-01", "source": "…", "rules": [_RULE]}
        }
    )

    version: str
    counts_from: date
    source: str
    rules: list[RuleShown]

    @classmethod
    def of(cls, told: RuleSet) -> Self:
        standing = [
            RuleShown(
                id=each.id,
                severity=each.severity,
                judged="register",
                wrong=_both(each.zh, each.en),
                repair=_both(each.repair_zh, each.repair_en),
                fields=list(each.fields),
                required=each.required,
                limits=dict(each.limits),
            )
            for each in told.rules.values()
        ]
        entry = [
            RuleShown(
                id=each.id,
                severity=each.severity,
                judged="entry",
                wrong=_both(each.zh, each.en),
                repair="在来件中改正后重新导入 Put it right in the file and import again",
                fields=[],
                required=False,
                limits={},
            )
            for each in told.entry
        ]
        return cls(version=told.version, counts_from=told.counts_from, source=told.source, rules=standing + entry)


class QualityFindingShown(BaseModel):
    """一个问题: of whom, what is wrong, in which field, and what to do. `correct_at` takes the correction, or the visit."""

    model_config = ConfigDict(json_schema_extra={"example": _FINDING})

    id: UUID
    person: UUID
    household: UUID
    name: str = Field(description="masked")
    township: str
    village: str
    rule: str
    severity: Severity
    field: str
    wrong: str
    repair: str
    correct_at: str
    state: State
    found_at: datetime
    accepted_by: str | None
    accepted_at: datetime | None
    reason: str | None
    version: int

    @classmethod
    def of(cls, found: NamedFinding, name: str) -> Self:
        rule = rule_set().rules[found.rule]
        address = f"/registry/v1/labourers/{found.person}"
        told = {each: getattr(found, each) for each in cls.model_fields if hasattr(found, each)}
        return cls(
            **told,
            name=name,
            severity=rule.severity,
            wrong=_both(rule.zh, rule.en),
            repair=_both(rule.repair_zh, rule.repair_en),
            correct_at=f"{address}/visits" if found.field in _WAGES else address,
        )


class QualityShown(BaseModel):
    """Counts of a place; `rules` are open findings. `completeness` is the share of people of whom nothing required is missing."""

    people: int
    complete: int
    completeness: float | None
    errors: int
    warnings: int
    accepted: int
    rules: dict[str, int]

    @classmethod
    def of(cls, told: Quality, **place: Any) -> Self:
        return cls(**vars(told), completeness=told.completeness, **place)


class VillageQuality(QualityShown):
    village: str


class TownshipQuality(QualityShown):
    township: str
    villages: list[VillageQuality]


class CountyQuality(QualityShown):
    """数据质量 of everything within the caller's reach. `waiting` changes are still to be judged, 1000 at most are counted."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": _QUALITY
            | {
                "version": "quality-1",
                "waiting": 0,
                "townships": [_QUALITY | {"township": "花垣镇", "villages": [_QUALITY | {"village": "老寨村"}]}],
            }
        }
    )

    version: str
    waiting: int
    townships: list[TownshipQuality]

    @classmethod
    def told(cls, counts: Sequence[Count], waiting: int) -> Self:
        townships: dict[str, dict[str, list[Count]]] = {}
        for each in counts:
            townships.setdefault(each.township, {}).setdefault(each.village, []).append(each)
        shown = [
            TownshipQuality.of(
                sum_up(one for village in villages.values() for one in village),
                township=township,
                villages=[VillageQuality.of(sum_up(own), village=village) for village, own in villages.items()],
            )
            for township, villages in townships.items()
        ]
        return cls.of(sum_up(counts), version=rule_set().version, waiting=waiting, townships=shown)


class Acceptance(BaseModel):
    """认可: why it is as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "老人没有电话，由邻居转达"}})

    reason: Sentence
