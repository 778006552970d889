"""What an account reaches (地区), as people write it: 花垣县·花垣镇·杠杠村 for 433124:花垣镇/杠杠村; at home the township alone will do."""

from __future__ import annotations

import re

from libs.common.codes.divisions import divisions, find

# Between two places, and between the parts of one.
_BETWEEN, _PARTS = re.compile(r"[\s,，、;；]+"), re.compile(r"[·:：/]")
_CODE = re.compile(r"[1-9][0-9]{5}")


def read_regions(text: str, home: str) -> list[str]:
    """The codes of the places that are named, one after the other; what begins with no division lies in `home`."""
    return [_read(each, home) for each in _BETWEEN.split(text) if each]


def write_region(code: str) -> str:
    """A place by its names; a division that is not in the code set keeps its code."""
    division, _, below = code.partition(":")
    known = divisions().get(division)
    return "·".join([known.name if known else division, *(part for part in below.split("/") if part)])


def _read(text: str, home: str) -> str:
    first, *below = _PARTS.split(text)
    known = find(first)
    if known is None and not _CODE.fullmatch(first):
        first, below = home, [first, *below]
    code = known.code if known else first
    return f"{code}:{'/'.join(below)}" if below else code
