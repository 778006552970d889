"""Where somebody would go (意向地区): destinations in order, elsewhere, refused, and parts that are no place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from libs.common.codes.divisions import divisions, join_provinces, mentions, parent_of
from libs.common.sheets.characters import simplified
from libs.common.sheets.model import CellValue
from libs.common.sheets.text import plain, tidy
from services.registry.rules.parts import says_nothing, split_parts
from services.registry.rules.place_words import (
    ANYWHERE,
    COUNTY,
    FILLER,
    OTHERS,
    PREFECTURE,
    PROVINCE,
    REFUSING,
    WILL_DO,
    close_up,
    take_exceptions,
)


@dataclass
class Places:
    """What a text says about places; codes as the exchange format has them (a province alone its two digits)."""

    destinations: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    province: bool = False
    anywhere: bool = False
    unknown: bool = False

    @property
    def elsewhere(self) -> str:
        return "anywhere" if self.anywhere else "province" if self.province else "none"

    @property
    def only_refuses(self) -> bool:
        return not (self.destinations or self.province or self.anywhere or self.unknown)


@dataclass(frozen=True)
class _Part:
    """One part as tokens: (position, code) of places, and what else it says."""

    text: str
    codes: tuple[tuple[int, str], ...]
    rest: str


def read_places(value: CellValue, county: str) -> Places:
    """Read 意向地区 of somebody from `county` (six digits)."""
    places = Places()
    text = close_up(join_provinces(simplified(tidy(plain(value).replace("\n", "、")))))

    def except_for(codes: list[str]) -> None:
        places.anywhere = True
        _add(places.refused, codes)

    text = take_exceptions(text, lambda part: _codes_in(part, county), except_for)
    for text_part in split_parts(text, _is_known(county)):
        _read_part(_tokens(text_part, county), county, places)
    return places


def read_city(value: CellValue, county: str) -> tuple[str | None, bool]:
    """亲友所在城市: a city's code, and whether some part is no place. A province alone is a place but no city."""
    city, unknown = None, False
    for text in split_parts(join_provinces(simplified(tidy(value))), _is_known(county)):
        part = _tokens(text, county)
        cities = [code for _, code in part.codes if not code.endswith("0000") or divisions()[code].name.endswith("市")]
        city = city or next(iter(cities), None)
        unknown = unknown or _is_no_place(part)
    return city, unknown


def _is_known(county: str) -> Callable[[str], bool]:
    return lambda text: bool(_codes_in(text, county) or ANYWHERE.search(text) or PROVINCE.search(text))


def _codes_in(text: str, county: str) -> list[str]:
    return [code for _, code in _tokens(text, county).codes]


def _tokens(text: str, county: str) -> _Part:
    """Places of the gazetteer and words for home; the text without them is what is left to understand."""
    codes, rest = [], list(text)
    for mention in mentions(text):
        codes.append((mention.start, mention.code))
        rest[mention.start : mention.end] = "\0" * (mention.end - mention.start)
    left = "".join(rest)
    for pattern, code in ((COUNTY, county), (PREFECTURE, parent_of(county) or county)):
        for found in pattern.finditer(left):
            codes.append((found.start(), code))
    left = COUNTY.sub("", PREFECTURE.sub("", left)).replace("\0", "")
    return _Part(text, tuple(sorted(codes)), left)


def _read_part(part: _Part, county: str, places: Places) -> None:
    refusing = REFUSING.search(part.text)
    if refusing:
        _refuse(part, refusing, county, places)
        return
    province = bool(PROVINCE.search(part.rest))
    for _, code in part.codes:
        province = _add_destination(code, county, places) or province
    places.province |= province
    places.anywhere |= _is_anywhere(part) and not province
    places.unknown |= _is_no_place(part)


def _is_anywhere(part: _Part) -> bool:
    """不限 and its like; a mere 都可以 only where it stands alone: 东莞都可以 speaks of 东莞."""
    if ANYWHERE.search(part.rest):
        return True
    return bool(WILL_DO.search(part.rest)) and not part.codes and not FILLER.sub("", WILL_DO.sub("", part.rest))


def _add_destination(code: str, county: str, places: Places) -> bool:
    """The own province is not a destination but says: anywhere within it."""
    if code == county[:2] + "0000":
        return True
    _add(places.destinations, [code])
    return False


def _refuse(part: _Part, refusing: re.Match[str], county: str, places: Places) -> None:
    """不去济南, and 济南不去: the places behind the word, or those before when none stand behind; 其他不去 names none."""
    behind = [code for position, code in part.codes if position >= refusing.end()]
    before = [code for position, code in part.codes if position < refusing.start()]
    if PROVINCE.search(part.rest):
        behind = behind or [county[:2] + "0000"]
    if OTHERS.search(part.rest):
        before, behind = before + behind, []
    else:
        _add(places.refused, behind or before)
    for code in before if behind or OTHERS.search(part.rest) else ():
        places.province |= _add_destination(code, county, places)
    places.unknown |= not behind and not before and not OTHERS.search(part.rest)


def _is_no_place(part: _Part) -> bool:
    if part.codes or PROVINCE.search(part.rest) or says_nothing(part.text) or _is_anywhere(part):
        return False
    return bool(FILLER.sub("", part.rest))


def _add(codes: list[str], found: list[str]) -> None:
    for code in found:
        short = code[:2] if code.endswith("0000") and divisions()[code].is_province else code
        if short not in codes:
            codes.append(short)
