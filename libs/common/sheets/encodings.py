"""Which encoding an office saved its text in (文字编码), and the text, though a character of it be lost on the way.

One broken character is no other encoding: where no encoding fits from end to end, the one that knows the header is taken, and
every character that it cannot read stands as U+FFFD in its cell, so that the row and the column can be named.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import IO

from libs.common.sheets.errors import NotATable

LOST = "\ufffd"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65536
_PART = 1 << 20
# Of so many characters at most one may be lost; a text that loses more is in another encoding.
_ONE_LOST_OF = 50


def decode(content: bytes, knows: Callable[[str], int]) -> tuple[str, bool]:
    """The text, and whether some of it is lost; `knows` counts the headers that a text shows. Raises NotATable."""
    encodings = _candidates(content)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(encodings) == 1 or encoding.startswith("utf") or knows(text):
            return text, False
    return _decode_with_losses(content, encodings, knows)


def encoding_of(content: IO[bytes], knows: Callable[[str], int]) -> str | None:
    """The encoding that fits a file from end to end, read part by part; None where none does."""
    head = content.read(_SAMPLE)
    encodings = _candidates(head)
    for encoding in encodings:
        start = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
        if len(encodings) == 1 or encoding.startswith("utf") or knows(start):
            content.seek(0)
            if _fits(content, encoding):
                return encoding
    return None


def _fits(content: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while part := content.read(_PART):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _candidates(content: bytes) -> tuple[str, ...]:
    """Digits and commas are half NUL in UTF-16; a stray NUL in a name is no sign of it."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return (encoding,)
    sample = content[:_SAMPLE]
    if sample.count(0) * 10 <= len(sample):
        return ("utf-8", "gb18030", "big5hkscs")
    low_first = sample[1::2].count(0) >= sample[0::2].count(0)
    return ("utf-16-le", "utf-16-be") if low_first else ("utf-16-be", "utf-16-le")


def _decode_with_losses(content: bytes, encodings: tuple[str, ...], knows: Callable[[str], int]) -> tuple[str, bool]:
    texts = [content.decode(encoding, errors="replace") for encoding in encodings]
    known, _, text = max((knows(text), -text.count(LOST), text) for text in texts)
    lost = text.count(LOST)
    if not lost and not known:
        return texts[min(1, len(texts) - 1)], False
    if not known or lost * _ONE_LOST_OF > len(text):
        row = text.partition(LOST)[0].count("\n") + 1
        raise NotATable(
            f"文字编码无法识别（第 {row} 行）：请存为 UTF-8 或 GB18030 编码 Unknown text encoding (row {row}): save as UTF-8 or GB18030"
        )
    return text, bool(lost)
