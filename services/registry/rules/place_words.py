"""What people say about where to go besides names (地区用语): anywhere, at home, not there, anywhere but there."""

from __future__ import annotations

import re
from collections.abc import Callable

REFUSING = re.compile(
    r"不(?:太|大)?(?:想|愿意?)(?:再)?[去到]|不(?:予|作|做)?考虑|不要去|不再?去|不到|不要|不行(?!就|再|的话)|不可以|(?:只要)?不是|别去|拒绝|除外|(?<![都也])免谈"
)
# Words that make any place do by themselves, and those that only say of what stands before them that it will do.
ANYWHERE = re.compile(
    r"哪[里儿]?[都也]|哪个?(?:地方|城市)[都也]|什么(?:地方|城市)[都也]|(?<!性别)不限|其[他它余].*(?:可以|行|可)|别[的处].*(?:可以|行|可)|可以?去?其[他它余]|随便|随意|无所谓"
    r"|任[何意]|任何地方|全国|[到四]处[都可]|服从(?:安排|分配|调配)|听从?安排|(?:无|没有?)(?:特殊|特别|具体)?(?:要求|限制)|不挑|不论|均无要求"
)
WILL_DO = re.compile(r"都可以?|都行|都好|[均皆]可以?|[也就]可以?|[也就]行|可以|行")
OTHERS = re.compile(r"其[他它余]|别[的处]|外地|以外")
PROVINCE = re.compile(r"省内|本省|全省|不出省|省里")
COUNTY = re.compile(r"县内|本县|家门口|县城|县里|不出县|家(?:里)?附近|家边上?|本地|当地")
PREFECTURE = re.compile(r"州内|本州|市内|本市")
FILLER = re.compile(
    r"想去|要去|愿意去|想到|希望|最好|优先|也可以|可以|也行|行|去|到|等地方?|等城市|等|地区|城市|那边|这边|一带|附近|自治州|为主|首先|主要|地方|打工|务工|上班|就业|工作|[省市区县州的吧在只是先后]"
)
_SEPARATED = re.compile(r"([、,;，；。\n]+)")
_AND = re.compile(r"\s*(?:和|与|及|以及|或者?|还有)\s*")
_REFUSES = r"(?:不|不太?想|不愿意?|不太?想去|不愿意?去|不考虑|不去|不到|不要|除了?|除开|除去)"
_NONE_BUT = re.compile(
    r"除(?:了|去|开)?(?!外)([^。;；]{1,40}?)(?:以外|之外|外)?[,，、]?\s*(?:其[他它余](?:地方|城市|地区)?|别的地方|哪[里儿]?)?(?:一律|一概|都|也|均)?"
    r"(?:不想?去|不考虑|不愿意?去)"
)
_EXCEPT = re.compile(
    r"除(?:了|去|开)?(?!外)([^。;；]{1,40}?)(?:以外|之外|外)|除(?:了|去|开)?(?!外)([^。;；]{1,40}?)(?=[,，、]?\s*(?:其[他它余]|别[的处]|都|均|哪|任何))"
    r"|([^,，、;；。\s]{1,20}?)(?:以外|之外)(?!务工|打工)"
)


def close_up(text: str) -> str:
    """Joins what belongs to one refusal: `不去 济南` and `济南 不去` lose the space, `不去济南和青岛` the 和."""
    text = re.sub(rf"({_REFUSES})[\s:(]+(?=[^\s、,;，；。])", r"\1", text)
    text = re.sub(r"(?<=[^\s、,;，；。])\s+(?=(?:不去|不想去|不考虑|不愿去|除外|之?外)(?:$|[、,;，；。\s]))", "", text)
    return "".join(map(_join_refused, _SEPARATED.split(text)))


def _join_refused(piece: str) -> str:
    """Places behind the refusing word are refused together; those before it only when none stand behind."""
    refusing = REFUSING.search(piece)
    if not refusing:
        return piece
    before, behind = piece[: refusing.end()], piece[refusing.end() :]
    return before + _AND.sub("", behind) if behind.strip() else _AND.sub("", before)


def take_exceptions(text: str, codes_in: Callable[[str], list[str]], except_for: Callable[[list[str]], None]) -> str:
    """Cuts 除…外都行 out of a text and hands the places over; 除…外不去 leaves the places as those wanted."""

    def only(found: re.Match[str]) -> str:
        return f"、{found[1]}、" if codes_in(found[1]) else found[0]

    def take(found: re.Match[str]) -> str:
        codes = codes_in(found[1] or found[2] or found[3])
        if not codes:
            return found[0]
        except_for(codes)
        return "、"

    return _EXCEPT.sub(take, _NONE_BUT.sub(only, text))
