"""By what a person is found (检索): the parts of a name, a number and a phone that are indexed, and a term as somebody types it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, product
from typing import Literal, NamedTuple

from libs.common.problems import FieldError, Invalid
from libs.common.sheets.characters import simplified
from libs.common.sheets.text import compact, read_digits, tidy_name
from services.registry.rules.numbers import is_phone, lengthen
from services.registry.rules.pinyin import readings

NUMBER, OLD_NUMBER, PHONE = 18, 15, 11
SHORT_TAIL, LONG_TAIL = 4, 6
# Syllables that are looked for together, beside the whole name; and so many ways to read them, as some characters have two.
_RUN, _WAYS = 4, 6
_JOINTS = re.compile(r"[·\-'.()]")
_DIGITS = re.compile(r"[0-9]{1,18}|[0-9]{1,17}X")
_LETTERS = re.compile(r"[a-z]+")
_NYU = re.compile("(nyu)")


Kind = Literal["name", "pinyin", "number", "phone"]


class TermTooShort(Invalid):
    title = "检索词太短 The term is too short to search by"


class Part(NamedTuple):
    """One thing by which somebody is found; parts of different kinds are never equal."""

    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class Plain:
    """What is known of a person by which he may be found, in plain."""

    name: str
    number: str
    phones: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """What somebody looks for. Whoever has a part of `first` and one of `second` may be meant; `is_met_by` says who is.

    `sounds` are how it may be meant as pinyin, `number` a whole identity number, `household` what may be the number of a household.
    """

    text: str
    sounds: frozenset[str] = frozenset()
    first: frozenset[Part] = frozenset()
    second: frozenset[Part] = frozenset()
    number: str | None = None
    household: str | None = None

    @property
    def is_of_digits(self) -> bool:
        return bool(_DIGITS.fullmatch(self.text))

    @property
    def names_one(self) -> bool:
        """Whether it is the whole number or phone of somebody, which does not belong into an address."""
        return self.number is not None or is_phone(self.text)

    def is_met_by(self, plain: Plain) -> bool:
        """Whether the term is part of what is known of a person; of parts that are alike more may come than was asked for."""
        if self.is_of_digits:
            return (
                any(known.endswith(self.text) for known in (plain.number, *plain.phones)) or plain.number == self.number
            )
        return self.text in name_key(plain.name) or bool(self.sounds & _sounds(name_key(plain.name)))


def read_term(typed: str) -> Term:
    """A term tidied as names and numbers of files are: widths, spaces, variant characters. Raises TermTooShort."""
    digits = read_digits(typed)
    if _DIGITS.fullmatch(digits):
        return _of_digits(digits)
    text, household = name_key(typed), compact(typed)
    if not text:
        raise _too_short(
            "请输入姓名、号码后四位或户编号 Give a name, the last four of a number, or a household's number"
        )
    named = [_gram(text, 0), _gram(text, max(len(text) - 2, 0))]
    sounds = _as_pinyin(text)
    heard = {Part("pinyin", sound) for sound in sounds}
    return Term(text, sounds, frozenset({named[0], *heard}), frozenset({named[1], *heard}), household=household)


def parts_of(plain: Plain) -> set[Part]:
    """Everything by which a person is found but the whole number, which has an index of its own."""
    key = name_key(plain.name)
    parts = {Part("name", each) for each in key} | {_gram(key, at) for at in range(len(key) - 1)}
    parts |= {Part("pinyin", sound) for sound in _sounds(key)}
    parts |= {Part("number", plain.number[-length:]) for length in (SHORT_TAIL, LONG_TAIL)}
    return parts | {Part("phone", phone[-SHORT_TAIL:]) for phone in plain.phones if len(phone) >= SHORT_TAIL}


def name_key(name: str) -> str:
    """A name as it is compared: tidied, in simplified characters and small letters, without what joins its parts."""
    return simplified(_JOINTS.sub("", tidy_name(name))).lower()


def _of_digits(digits: str) -> Term:
    if len(digits) < SHORT_TAIL:
        raise _too_short("号码至少后四位 At least the last four digits of a number")
    whole = lengthen(digits) if len(digits) == OLD_NUMBER and digits.isdecimal() else digits
    number = whole if len(whole) == NUMBER else None
    tails: set[Part] = set()
    if len(digits) < NUMBER:
        tails.add(Part("number", digits[-(LONG_TAIL if len(digits) >= LONG_TAIL else SHORT_TAIL) :]))
    if len(digits) <= PHONE and digits.isdecimal():
        tails.add(Part("phone", digits[-SHORT_TAIL:]))
    return Term(digits, frozenset(), frozenset(tails), frozenset(tails), number, digits)


def _too_short(words: str) -> TermTooShort:
    return TermTooShort(words, errors=[FieldError("/q", "too_short", words)])


def _gram(key: str, at: int) -> Part:
    return Part("name", key[at : at + 2])


def _as_pinyin(text: str) -> frozenset[str]:
    """The ways in which the letters of a term may stand in this index (lü and lyu are lv); none for what is no pinyin.

    nyu is nü, or yu behind a syllable that ends with n: nyuwa is nvwa, and jinyu is jin yu.
    """
    typed = text.replace("ü", "v").replace("lyu", "lv")
    if not _LETTERS.fullmatch(typed):
        return frozenset()
    ways = product(*([[part], ["nyu", "nv"]][at % 2] for at, part in enumerate(_NYU.split(typed))))
    return frozenset("".join(way) for way in islice(ways, _WAYS))


def _sounds(key: str) -> set[str]:
    """A name in pinyin: each run of syllables written together, and its initials (shilaoda, laoda, sld)."""
    syllables = readings(key)
    sounds: set[str] = set()
    for run in _runs(syllables):
        for spoken in islice(product(*run), _WAYS):
            sounds.add("".join(spoken))
            if len(spoken) > 1:
                sounds.add("".join(each[0] for each in spoken))
    return sounds


def _runs(syllables: list[tuple[str, ...]]) -> Iterable[list[tuple[str, ...]]]:
    count = len(syllables)
    for start in range(count):
        for end in range(start + 1, min(start + _RUN, count) + 1):
            yield syllables[start:end]
    if count > _RUN:
        yield syllables
