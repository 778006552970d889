"""Cards, cutoffs and places as an event carries them: a column is base64 of its entries, all equally wide, the low byte first.

The width of an entry follows from `count`. A pseudonym is `p` and hexadecimal digits; its column holds the digits as bytes.
Measured at 760,000 people: 23 bytes a card instead of 142 as objects of JSON.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from services.matching.kernel.federation import Cards, Rises
from services.matching.rules.columns import TextColumn

LETTER = b"p"
MOST_POINTS = 1022
Numbers = npt.NDArray[np.integer]


class Malformed(ValueError):
    """A column that does not hold what its event says."""


def pack_numbers(values: Numbers) -> str:
    """Numbers from 0 up, in as few bytes each as the greatest of them needs."""
    greatest = int(values.max(initial=0))
    width = max(1, -(-greatest.bit_length() // 8))
    wide = np.ascontiguousarray(values, "<u8").view(np.uint8).reshape(-1, 8)
    return b64encode(wide[:, :width].tobytes()).decode()


def unpack_numbers(packed: str, count: int, below: int, kind: type[Any] = np.int64) -> npt.NDArray[Any]:
    """The numbers again; raises Malformed unless there are `count`, each less than `below`."""
    narrow = _entries(packed, count)
    if narrow.shape[1] > 8:
        raise Malformed(f"{narrow.shape[1]} bytes for a number")
    wide = np.zeros((count, 8), np.uint8)
    wide[:, : narrow.shape[1]] = narrow
    values = wide.view("<u8").reshape(count)
    if count and int(values.max()) >= below:
        raise Malformed(f"{int(values.max())} is not below {below}")
    return values.astype(kind)


def pack_names(names: TextColumn) -> str:
    """Pseudonyms of one length, as nodes draw them."""
    count = len(names)
    letters = names.data.reshape(count, -1) if count else np.zeros((0, 1), np.uint8)
    if count and (bytes(letters[:, 0]) != LETTER * count or len(set(np.diff(names.offsets).tolist())) > 1):
        raise Malformed("a pseudonym is `p` and hexadecimal digits, all of one length")
    return b64encode(bytes.fromhex(letters[:, 1:].tobytes().decode())).decode()


def unpack_names(packed: str, count: int) -> TextColumn:
    """The pseudonyms again."""
    entries = _entries(packed, count)
    digits = np.frombuffer(entries.tobytes().hex().encode(), np.uint8).reshape(count, 2 * entries.shape[1])
    letters = np.concatenate([np.full((count, 1), LETTER[0], np.uint8), digits], axis=1)
    return TextColumn(
        np.ascontiguousarray(letters).reshape(-1), np.arange(count + 1, dtype=np.int64) * letters.shape[1]
    )


def pack_cards(cards: Cards) -> dict[str, str]:
    """The columns of an event of cards."""
    return {
        "persons": pack_names(cards.person),
        "vacancies": pack_numbers(cards.vacancy),
        "priorities": pack_numbers(cards.priority),
        "groups": pack_numbers(cards.groups),
    }


def unpack_cards(data: Mapping[str, Any]) -> Cards:
    """The cards of an event; raises Malformed."""
    count = int(data["count"])
    return Cards(
        unpack_names(data["persons"], count),
        unpack_numbers(data["vacancies"], count, 2**31, np.int32),
        unpack_numbers(data["priorities"], count, MOST_POINTS + 1, np.int16),
        unpack_numbers(data["groups"], count, 2**62),
    )


def pack_rises(rises: Rises) -> dict[str, str]:
    """The columns of an event of cutoffs."""
    return {
        "vacancies": pack_numbers(rises.vacancy),
        "seats": pack_numbers(rises.seat),
        "keys": pack_numbers(rises.key),
    }


def unpack_rises(data: Mapping[str, Any]) -> Rises:
    """The cutoffs of an event; raises Malformed."""
    count = int(data["count"])
    return Rises(
        unpack_numbers(data["vacancies"], count, 2**31, np.int32),
        unpack_numbers(data["seats"], count, 63, np.int8),
        unpack_numbers(data["keys"], count, 2**63),
    )


def pack_places(places: Mapping[str, str]) -> dict[str, str]:
    """Pseudonyms and, as the 16 bytes of their ids, their vacancies."""
    names = sorted(places)
    return {
        "persons": pack_names(texts_of(names)),
        "vacancies": b64encode(b"".join(UUID(places[name]).bytes for name in names)).decode(),
    }


def unpack_places(data: Mapping[str, Any]) -> dict[str, str]:
    """pseudonym -> vacancy; raises Malformed."""
    count = int(data["count"])
    names, ids = unpack_names(data["persons"], count), _entries(data["vacancies"], count)
    if count and ids.shape[1] != 16:
        raise Malformed(f"{ids.shape[1]} bytes for an id")
    return {name.decode(): str(UUID(bytes=one.tobytes())) for name, one in zip(names.listed(), ids, strict=True)}


def texts_of(names: Sequence[str]) -> TextColumn:
    """Texts laid end to end."""
    encoded = [name.encode() for name in names]
    offsets = np.concatenate([[0], np.cumsum([len(name) for name in encoded], dtype=np.int64)]).astype(np.int64)
    return TextColumn(np.frombuffer(b"".join(encoded), np.uint8), offsets)


def _entries(packed: str, count: int) -> npt.NDArray[np.uint8]:
    data = np.frombuffer(b64decode(packed, validate=True), np.uint8)
    if count == 0 and not len(data):
        return np.zeros((0, 1), np.uint8)
    if count < 1 or len(data) == 0 or len(data) % count:
        raise Malformed(f"{len(data)} bytes for {count} entries")
    return data.reshape(count, -1)
