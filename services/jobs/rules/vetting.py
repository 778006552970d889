"""Vetting (审核) of a vacancy's words, ages and wage: what it stumbled over, each with the law behind it and the day it holds from.

The rules are data (`vetting.json`); here stands how they are read, and the one of them that words alone do not decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from libs.common.codes.wages import Basis, minimum_of

_DATA = json.loads((Path(__file__).parent / "vetting.json").read_text(encoding="utf-8"))
VETTING_RULE: str = _DATA["version"]
# Who is older works, who is older still works anywhere.
LEAST_AGE, FULL_AGE = 16, 18
_PART_TIME = re.compile("非全日制|小时工|钟点工|兼职")
_BREAKS = re.compile(r"[,;。、|()\s]")
_AROUND = 12


@dataclass(frozen=True)
class Rule:
    """One rule: its law, since when it holds, what it refuses and what only looks like it."""

    code: str
    law: str
    since: date
    harmless: re.Pattern[str] | None = None
    refused: re.Pattern[str] | None = None
    no_people: re.Pattern[str] | None = None

    def words_in(self, text: str) -> str:
        """What it stumbles over; nothing where the text is sound."""
        if self.refused is None:
            return ""
        tidy = self.harmless.sub("|", text) if self.harmless else text
        found = self.refused.search(tidy)
        return found[0] if found else ""


@dataclass(frozen=True, order=True)
class Stumble:
    """What vetting stumbled over: the rule, the column and the words."""

    code: str
    column: str
    words: str = ""

    def reason(self) -> dict[str, str]:
        return {"code": self.code, "column": self.column, "law": LAW[self.code], "words": self.words}


def _joined(patterns: Sequence[str] | None) -> re.Pattern[str] | None:
    if not patterns:
        return None
    text = "|".join(patterns)
    for _ in range(2):  # a part may name another
        for name, part in _DATA["parts"].items():
            text = text.replace(f"<{name}>", part)
    return re.compile(text)


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by code, in the order of the file."""
    return {
        row["code"]: Rule(
            row["code"],
            row["law"],
            date.fromisoformat(row["since"]),
            _joined(row.get("harmless")),
            _joined(row.get("refused")),
            _joined(row.get("no_people")),
        )
        for row in _DATA["rules"]
    }


LAW = {code: rule.law for code, rule in rules().items()}
_MAN, _WOMAN, _ONLY = (re.compile(_DATA["sexes"][name]) for name in ("man", "woman", "only"))
# Rules that words alone decide; whether minors are meant has to be known for the other one.
_BY_WORDS = tuple(rule for rule in rules().values() if rule.refused and rule.code != "minor_forbidden_work")


def vet_words(texts: Mapping[str, str], on: date | None = None) -> list[Stumble]:
    """What texts by column stumble over, by the rules that hold on a day (all of them without one); each text also without blanks."""
    found = []
    for column, text in texts.items():
        for code, words in _stumbles(text, on):
            found.append(Stumble(code, column, words))
    return found


def _stumbles(text: str, on: date | None) -> Iterable[tuple[str, str]]:
    close = text.replace(" ", "")
    for rule in _BY_WORDS:
        if _holds(rule, on) and (words := rule.words_in(text) or rule.words_in(close)):
            yield rule.code, words
    if _holds(rules()["discriminatory_sex"], on) and (words := one_sex_in(text) or one_sex_in(close)):
        yield "discriminatory_sex", words


def _holds(rule: Rule, on: date | None) -> bool:
    return on is None or rule.since <= on


def one_sex_in(text: str) -> str:
    """Words that ask only or preferably for one sex. 男女不限, 夫妻房 and clothes (女装车工) do not."""
    rule = rules()["discriminatory_sex"]
    assert rule.harmless
    assert rule.no_people
    tidy = rule.no_people.sub("|", rule.harmless.sub("|", text))
    man, woman = _MAN.search(tidy), _WOMAN.search(tidy)
    if man and woman:
        return next((part for part in _BREAKS.split(tidy) if _prefers_one(part)), "")
    one = man or woman
    return _around(tidy, one) if one else ""


def _prefers_one(part: str) -> bool:
    one = (_MAN.search(part) is None) != (_WOMAN.search(part) is None)
    return one and _ONLY.search(part) is not None


def _around(text: str, found: re.Match[str]) -> str:
    """The word with what stands beside it, as far as the next break."""
    before = _BREAKS.split(text[max(0, found.start() - _AROUND) : found.start()])[-1]
    after = _BREAKS.split(text[found.end() : found.end() + _AROUND])[0]
    return before + found[0] + after


def vet_ages(age_min: int | None, texts: Mapping[str, str], on: date | None = None) -> list[Stumble]:
    """Nobody works under 16, and under 18 nobody where it is forbidden: only an advert that lets minors in is judged by its work.

    By its words alone: what work demands (matching v1: chemicals, lifting, heights) says nothing of the degree from which it is forbidden.
    """
    if age_min is None or age_min >= FULL_AGE:
        return []
    if age_min < LEAST_AGE:
        return [Stumble("child_labour", "年龄要求", f"{age_min} 岁")]
    rule = rules()["minor_forbidden_work"]
    if not _holds(rule, on):
        return []
    return [Stumble(rule.code, column, words) for column, text in texts.items() if (words := rule.words_in(text))]


def is_part_time(texts: Iterable[str]) -> bool:
    """非全日制, which has a minimum for an hour."""
    return any(_PART_TIME.search(text) for text in texts)


def vet_wage(wage: float | None, place: str, on: date | None, basis: Basis = "month") -> list[Stumble]:
    """A wage beside the local minimum of its basis on a day, or beside the next one known where none is known for that day.

    What reaches the next minimum reached the one before: they only rise. Where none is known at all, this is told.
    """
    if wage is None:
        return []
    unit = "元/月" if basis == "month" else "元/小时"
    minimum = minimum_of(place, on, basis)
    if minimum is None:
        return [Stumble("minimum_unknown", "薪资待遇", f"{wage} {unit}")]
    if wage >= minimum.yuan:
        return []
    since = "" if on is None or minimum.since <= on else f" ({minimum.since} →)"
    return [Stumble("below_minimum_wage", "薪资待遇", f"{wage} < {minimum.yuan} {unit}{since}")]
