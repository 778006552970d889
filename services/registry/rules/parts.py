"""A cell with several parts (多项填写): whatever marks, spaces, line breaks or numbering separate them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from libs.common.sheets.characters import simplified
from libs.common.sheets.shape import CellValue
from libs.common.sheets.text import plain, tidy

_NUMBERS = "[①-⓿❶-➓㈠-㈩⒈-⒛⑴-⒇]"
_BREAKS = "[\r\n\u2028\u2029\x0b\x0c]+"
_RANKS = (
    r"第[一二三四五六七八九十\d]{1,2}(?:选择?|志愿|意向|个)?(?:是|为)?|首选|次选|其次|再次|再者|备选|最后|其后|然后|"
    r"[(（][一二三四五六七八九十\d]{1,2}[)）]|(?<![A-Za-z\d.])\d{1,2}(?:[.)）、:：]|(?=[^\d.岁年月日点个元]))|"
    r"(?:^|(?<=[;,、；，\s]))[一二三四五六七八九十]{1,2}(?:[、.,，:：是])"
)
_MARKS = r"[、,;；/|\\+&~:：。．.·•…→>＞*_=!！?？'\"“”‘’()（）\[\]【】〔〕《》<>\-–—]+|或者|或是|以及|还有|和|或|及|与"
_SPLIT = re.compile(f"(?:{_RANKS})|(?:{_MARKS})")
_NOTHING = re.compile(r"(?:无|没|没有|暂无|否|没有了|空|未填)?")


def split_parts(value: CellValue, is_known: Callable[[str], bool]) -> list[str]:
    """The parts of a cell in their order, compact and simplified.

    A space separates only where it stands beside something known (`is_known`); else it is a slip within a word.
    """
    text = re.sub(_BREAKS, "、", plain(value))
    text = simplified(tidy(re.sub(_NUMBERS, "、", text)))
    pieces = (piece.strip() for piece in _SPLIT.split(text))
    return [part for piece in pieces if piece for part in _split_spaces(piece, is_known)]


def _split_spaces(piece: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    words = piece.split(" ")
    if not any(is_known(one) for one in words):
        yield "".join(words)
        return
    slip = ""
    for one in words:
        if not is_known(one):
            slip += one
            continue
        if slip:
            yield slip
        slip = ""
        yield one
    if slip:
        yield slip


def says_nothing(part: str) -> bool:
    """无, 没有, 暂无: an answer that names nothing."""
    return bool(_NOTHING.fullmatch(part))
