"""Where somebody would go (意向地区): destinations in order, elsewhere, refused, and parts that are no place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from libs.common.codes.divisions import divisions, mentions, parent_of
from libs.common.sheets.characters import simplified
from libs.common.sheets.shape import CellValue
from libs.common.sheets.text import plain, tidy
from services.registry.rules.parts import says_nothing, split_parts

_REFUSING = re.compile(r"不想去|不愿意?去|不考虑|不要去|不去|不想到|不到|不要|别去|拒绝")
_EXCEPT = re.compile(
    r"除(?:了|去|开)?([^。;；]{1,40}?)(?:以外|之外|外)|除(?:了|去|开)?([^。;；]{1,40}?)(?=其[他它余]|都|均|哪|任何)"
)
_ANYWHERE = re.compile(r"哪里?都|哪儿都|都可|都行|均可|不限|其[他它余].*(?:可以|行|可)|随便|无所谓|任何地方")
_PROVINCE = re.compile(r"省内|本省|全省")
_COUNTY = re.compile(r"县内|本县|家门口|县城|县里")
_PREFECTURE = re.compile(r"州内|本州|市内|本市")
_FILLER = re.compile(
    r"想去|要去|愿意去|想到|希望|最好|优先|也可以|可以|也行|行|去|到|等地方?|等城市|等|地区|城市|那边|这边|一带|附近|自治州|[省市区县州的吧]"
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
    text = _take_exceptions(simplified(tidy(plain(value).replace("\n", "、"))), county, places)
    for text_part in split_parts(text, _is_known(county)):
        _read_part(_tokens(text_part, county), county, places)
    return places


def read_city(value: CellValue, county: str) -> tuple[str | None, bool]:
    """亲友所在城市: a city's code, and whether some part is no place. A province alone is a place but no city."""
    city, unknown = None, False
    for text in split_parts(value, _is_known(county)):
        part = _tokens(text, county)
        cities = [code for _, code in part.codes if not code.endswith("0000")]
        city = city or next(iter(cities), None)
        unknown = unknown or _is_no_place(part)
    return city, unknown


def _is_known(county: str) -> Callable[[str], bool]:
    return lambda text: bool(_tokens(text, county).codes or _ANYWHERE.search(text) or _PROVINCE.search(text))


def _take_exceptions(text: str, county: str, places: Places) -> str:
    """除…外都行: anywhere but there. The exception is cut out of the text."""

    def take(found: re.Match[str]) -> str:
        codes = [code for _, code in _tokens(found[1] or found[2], county).codes]
        if not codes:
            return found[0]
        places.anywhere = True
        _add(places.refused, codes)
        return "、"

    return _EXCEPT.sub(take, text)


def _tokens(text: str, county: str) -> _Part:
    """Places of the gazetteer and words for home; the text without them is what is left to understand."""
    codes, rest = [], list(text)
    for mention in mentions(text):
        codes.append((mention.start, mention.code))
        rest[mention.start : mention.end] = "\0" * (mention.end - mention.start)
    left = "".join(rest)
    for pattern, code in ((_COUNTY, county), (_PREFECTURE, parent_of(county) or county)):
        for found in pattern.finditer(left):
            codes.append((found.start(), code))
    left = _COUNTY.sub("", _PREFECTURE.sub("", left)).replace("\0", "")
    return _Part(text, tuple(sorted(codes)), left)


def _read_part(part: _Part, county: str, places: Places) -> None:
    refusing = _REFUSING.search(part.text)
    if refusing:
        _refuse(part, refusing, county, places)
        return
    province = bool(_PROVINCE.search(part.rest))
    for _, code in part.codes:
        province = _add_destination(code, county, places) or province
    places.province |= province
    places.anywhere |= bool(_ANYWHERE.search(part.rest)) and not province
    places.unknown |= _is_no_place(part)


def _add_destination(code: str, county: str, places: Places) -> bool:
    """The own province is not a destination but says: anywhere within it."""
    if code == county[:2] + "0000":
        return True
    _add(places.destinations, [code])
    return False


def _refuse(part: _Part, refusing: re.Match[str], county: str, places: Places) -> None:
    """不去济南, and 济南不去: the places behind the word, or those before when none stand behind."""
    behind = [code for position, code in part.codes if position >= refusing.end()]
    before = [code for position, code in part.codes if position < refusing.start()]
    if _PROVINCE.search(part.rest):
        behind = behind or [county[:2] + "0000"]
    _add(places.refused, behind or before)
    for code in before if behind else ():
        places.province |= _add_destination(code, county, places)
    places.unknown |= not behind and not before


def _is_no_place(part: _Part) -> bool:
    if part.codes or _ANYWHERE.search(part.rest) or _PROVINCE.search(part.rest) or says_nothing(part.text):
        return False
    return bool(_FILLER.sub("", part.rest))


def _add(codes: list[str], found: list[str]) -> None:
    for code in found:
        short = code[:2] if code.endswith("0000") and divisions()[code].is_province else code
        if short not in codes:
            codes.append(short)
