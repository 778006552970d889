"""Chinese numerals: every way in which offices write a number, by the one reader."""

from __future__ import annotations

import pytest

from libs.common.sheets.numerals import read_numeral

SPOKEN = "零一二三四五六七八九"


def spell(number: int) -> str:
    """As a teacher would write it, up to 99,999."""
    if number >= 10000:
        rest = number % 10000
        return spell(number // 10000) + "万" + ("" if not rest else ("零" if rest < 1000 else "") + spell(rest))
    text = ""
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += SPOKEN[digit] + word
        elif text and number and not text.endswith("零"):
            text += "零"
    return text


@pytest.mark.parametrize("number", [*range(1, 130), 500, 505, 550, 1001, 1010, 3500, 9999, 10000, 12000, 30006, 99999])
def test_every_number_as_it_is_taught_is_read(number: int) -> None:
    assert read_numeral(spell(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十五", 15),
        ("两百", 200),
        ("三千五", 3500),
        ("一万二", 12000),
        ("二百五", 250),
        ("两千零五", 2005),
        ("叁仟伍佰", 3500),
        ("二〇一七", 2017),
        ("二○一七", 2017),
        ("一九八零", 1980),
        ("万", 10000),
        ("零", 0),
    ],
)
def test_what_people_write_besides_is_read(text: str, number: int) -> None:
    assert read_numeral(text) == number


@pytest.mark.parametrize("text", ["", "日", "半", "3千", "三千元", "几十"])
def test_what_is_no_numeral_from_end_to_end_is_none(text: str) -> None:
    assert read_numeral(text) is None
