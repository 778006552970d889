"""A cell with several parts (多项填写): whatever marks, spaces, line breaks or numbering separate them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from libs.common.sheets.characters import simplified
from libs.common.sheets.model import CellValue
from libs.common.sheets.text import plain, tidy

_NUMBERS = "[①-⓿❶-➓㈠-㈩⒈-⒛⑴-⒇]"
_BREAKS = "[\r\n\u2028\u2029\x0b\x0c]+"
_RANKS = (
    r"第[一二三四五六七八九十\d]{1,2}(?:选择?|志愿|意向|个)?(?:是|为)?|首选|次选|其次|再次|再者|备选|最后|其后|然后|"
    r"[(（][一二三四五六七八九十\d]{1,2}[)）]|(?<![A-Za-z\d.])\d{1,2}(?:[.)）、:：]|(?=[^\d.岁年月日点个元]))|"
    r"(?:^|(?<=[;,、；，\s]))[一二三四五六七八九十]{1,2}(?:[、.,，:：是])|"
    r"(?:^|(?<=[;,、；，\s]))[壹贰叁肆伍甲乙丙丁戊][、.:：]|(?:意向|志愿|选择)[一二三四五六\d][是:：]?|(?<![A-Za-z])(?:NO|No|no)\.?\d{1,2}|"
    r"(?<![A-Za-z])(?:[A-Ha-h]|[IVX]{1,4})[.)）、:：](?![A-Za-z])"
)
_MARKS = r"[●○■□◆◇▲△▪▫★☆※➤►▶◎、,;；/|\\+&~:：。．.·•…→>＞*_=!！?？'\"“”‘’()（）\[\]【】〔〕《》<>\-–—]+|或者|或是|以及|还有|(?<!呼)和|或|及|与"
_BRACKETED = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]*)[)）\]】〕]")
_RANK_ALONE = re.compile(r"[一二三四五六七八九十\d]{1,2}|")
_RANK = re.compile(_RANKS)
_SPLIT = re.compile(_MARKS)
_NOTHING = re.compile(
    r"(?:(?:暂?无|没有?|未|不需要?|无需|不用)(?:特殊|特别|任何|其他)?(?:要求|需要|需求|限制|证书?|便利|情况|困难|了)?|否|空|未填|[×xX✕✗\d]|[A-Za-z])?"
)


def split_parts(value: CellValue, is_known: Callable[[str], bool]) -> list[str]:
    """The parts of a cell in their order, compact and simplified.

    A space separates only where it stands beside something known (`is_known`); else it is a slip within a word.
    A remark in brackets is a part only when it says something known: 焊工证（初级） is one.
    """
    text = re.sub(_BREAKS, "、", plain(value))
    text = simplified(tidy(re.sub(_NUMBERS, "、", text)))
    text = _BRACKETED.sub(lambda found: _unwrap(found, is_known), text)
    pieces = (piece.strip() for piece in _SPLIT.split(_RANK.sub("、", text)))
    return [part for piece in pieces if piece for part in _split_spaces(piece, is_known)]


def _unwrap(found: re.Match[str], is_known: Callable[[str], bool]) -> str:
    if _RANK_ALONE.fullmatch(found[1]):
        return found[0]
    return f"、{found[1]}、" if is_known(found[1]) else re.sub(_SPLIT, "", found[1])


def _split_spaces(piece: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    words = piece.split(" ")
    if not any(is_known(one) for one in words):
        yield "".join(words)
        return
    parts: list[str] = []
    for known, run in groupby(words, lambda one: len(one) > 1 and is_known(one)):
        found = list(run)
        if known and parts and len(parts[0]) == 1:
            found[0] = parts.pop() + found[0]
        if parts and not known and len("".join(found)) == 1:
            parts[-1] += found[0]
        else:
            parts += found if known else ["".join(found)]
    yield from parts


def says_nothing(part: str) -> bool:
    """无, 没有, 暂无: an answer that names nothing."""
    return bool(_NOTHING.fullmatch(part))
