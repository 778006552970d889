"""Why somebody is a labourer or not, in words (认定理由): every ground of the rule with the fact that it looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from services.registry.rules.identification import Rule, age_on, identify, rule_on


@dataclass(frozen=True)
class Reason:
    """One ground: whether it holds, its code, and the sentence with the fact in it."""

    code: str
    holds: bool
    zh: str
    en: str


def explain_identification(birth: date, ability: str, pupil: str, as_of: date) -> tuple[Reason, ...]:
    """The three grounds that can fail and the one that every member of a household meets, in the order of the rule."""
    failing = identify(birth, ability, pupil, as_of).reasons
    age, within = age_on(birth, as_of), _within(failing, rule_on(as_of))
    told = Reason(
        "age", "age" not in failing, f"{as_of} 满 {age} 岁，{within[0]}", f"{age} years old on {as_of}, {within[1]}"
    )
    return (told, *_other_grounds(failing, ability, pupil))


def explain_verdict(failing: Collection[str], ability: str, pupil: str, rule: Rule) -> tuple[Reason, ...]:
    """The same grounds of a verdict on record, without the age: as every reader may see them."""
    within = _within(failing, rule)
    return (
        Reason("age", "age" not in failing, f"年龄{within[0]}", f"age {within[1]}"),
        *_other_grounds(failing, ability, pupil),
    )


def _within(failing: Collection[str], rule: Rule) -> tuple[str, str]:
    words = ("在", "within") if "age" not in failing else ("不在", "not within")
    return f"{words[0]} {rule.youngest}–{rule.oldest} 岁之间", f"{words[1]} {rule.youngest} to {rule.oldest}"


def _other_grounds(failing: Collection[str], ability: str, pupil: str) -> tuple[Reason, ...]:
    return (
        Reason(
            "in_school",
            "in_school" not in failing,
            f"在校生状况：{pupil}" if pupil else "不在校",
            f"at school: {pupil}" if pupil else "not at school",
        ),
        Reason(
            "unable",
            not {"unable", "ability_unknown"} & {*failing},
            f"劳动技能：{ability or '未填'}",
            f"not able to work: {ability or 'not said'}"
            if {"unable", "ability_unknown"} & {*failing}
            else f"able to work: {ability or 'not said otherwise'}",
        ),
        Reason("registered", True, "建档立卡户成员", "member of a registered household"),
    )
