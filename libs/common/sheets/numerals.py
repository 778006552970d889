"""Chinese numerals (中文数字): 十五, 两百, 三千五, 一万二, and digits one by one as in 二〇一七; the one reader of all of them."""

from __future__ import annotations

DIGITS = dict(
    zip(
        "零〇○一壹二贰两三叁四肆五伍六陆七柒八捌九玖",
        (0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9),
        strict=True,
    )
)
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000}
# A longer run of signs is no number that anybody wrote.
_LONGEST = 15
# For patterns that look for numerals in a text; ○ is more often a mark for a list than a zero.
NUMERAL = "".join(sign for sign in (*DIGITS, *_UNITS) if sign != "○")


def read_numeral(text: str) -> int | None:
    """A whole number; None for a text that is not a numeral from end to end.

    三千五 is 3500: a last digit counts tenths of the unit before it, unless a zero stands between or that is 十.
    """
    if not 0 < len(text) <= _LONGEST or any(sign not in DIGITS and sign not in _UNITS for sign in text):
        return None
    if all(sign in DIGITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total = section = digit = 0
    unit = 1
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
            unit = 1 if digit == 0 else unit
            continue
        unit = _UNITS[sign]
        if unit == 10000:
            total, section, digit = (total + section + digit or 1) * unit, 0, 0
        else:
            section, digit = section + (digit or 1) * unit, 0
    return total + section + digit * (unit // 10 if unit >= 100 else 1)
