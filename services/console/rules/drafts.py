"""What somebody had filled in when the session ended (草稿): packed small, for the browser to keep sealed until they have signed in."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

# As long as somebody may take to sign in; and what a browser keeps of one cookie, sealed.
KEPT_FOR = timedelta(minutes=30)
MOST_BYTES = 3_600


@dataclass(frozen=True)
class Draft:
    """A form's page, by whose account it was filled in, and with what."""

    path: str
    login: str
    filled: Mapping[str, Sequence[str]]


def pack(draft: Draft) -> str:
    """Small, and text again, for what seals it takes text."""
    plain = json.dumps([draft.path, draft.login, dict(draft.filled)], ensure_ascii=False)
    return base64.b85encode(zlib.compress(plain.encode(), 9)).decode()


def unpack(text: str) -> Draft:
    return Draft(*json.loads(zlib.decompress(base64.b85decode(text))))
