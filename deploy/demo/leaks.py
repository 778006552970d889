"""Search anything for personal data: every secret in every encoding that it could have been written in."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import ahocorasick

CHUNK = 4 * 1024 * 1024
# Shorter patterns occur by chance: bytes in binary files, signs of base64 in every sealed card. A name of two characters
# is therefore searched in base64 only as UTF-8, and the number and phone beside it in all encodings.
SHORTEST_IN_BINARY = 6
SHORTEST_BASE64 = 7
# In UTF-16 some names of two characters are four plain letters (吴光 is `T4QI`), and those stand in any long base64.
SHORTEST_PLAIN = 6


@dataclass(frozen=True)
class Leak:
    """A secret that was readable: where, in which encoding, and whose (kind and home, never the secret itself)."""

    place: str
    encoding: str
    kind: str
    home: str


@dataclass(frozen=True)
class Secret:
    """Something that must not be readable outside its home: kind (number, phone, name), text, and the home's node."""

    kind: str
    text: str
    home: str = ""


class Search:
    """All secrets in all encodings as one Aho-Corasick automaton over bytes (read as Latin-1, one character a byte)."""

    def __init__(self, secrets: Iterable[Secret], *, binary: bool = False):
        self._automaton = ahocorasick.Automaton()
        self.patterns = 0
        for secret in secrets:
            for encoding, pattern in encodings_of(secret.text):
                if len(pattern) >= _shortest(encoding, pattern, binary):
                    self._automaton.add_word(pattern.decode("latin-1"), (encoding, secret.kind, secret.home))
                    self.patterns += 1
        if self.patterns:
            self._automaton.make_automaton()

    def in_bytes(self, place: str, content: bytes) -> Iterator[Leak]:
        """Leaks in a piece of content."""
        if self.patterns:
            for _, (encoding, kind, home) in self._automaton.iter(content.decode("latin-1")):
                yield Leak(place, encoding, kind, home)

    def in_file(self, path: Path, overlap: int = 256) -> Iterator[Leak]:
        """Leaks in a file of any size; stretches of zeros (preallocated logs) are passed over, and a file removed meanwhile holds none."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            rest = b""
            while chunk := file.read(CHUNK):
                if chunk.count(0) < len(chunk):
                    yield from self.in_bytes(str(path), rest + chunk)
                rest = chunk[-overlap:]


def _shortest(encoding: str, pattern: bytes, binary: bool) -> int:
    """How long a pattern must be to prove something when it is found."""
    bounds = (
        (SHORTEST_BASE64, encoding.startswith("base64")),
        (SHORTEST_PLAIN, pattern.isascii()),
        (SHORTEST_IN_BINARY, binary),
    )
    return max((shortest for shortest, applies in bounds if applies), default=0)


def encodings_of(text: str) -> Iterator[tuple[str, bytes]]:
    """A text as it could stand in a topic, a dump, a file or a log; in base64 at each of the three alignments."""
    plain = {codec: text.encode(codec) for codec in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")}
    yield from plain.items()
    yield "hex", plain["utf-8"].hex().encode()
    yield "HEX", plain["utf-8"].hex().upper().encode()
    if not text.isascii():
        yield "\\u", "".join(f"\\u{ord(sign):04x}" for sign in text).encode()
        yield "\\U", "".join(f"\\u{ord(sign):04X}" for sign in text).encode()
    for codec in ("utf-8", "gb18030", "utf-16-le"):
        for shift in range(3):
            core = _base64_core(plain[codec], shift)
            yield f"base64 of {codec}", core
            if (safe := core.translate(bytes.maketrans(b"+/", b"-_"))) != core:
                yield f"base64url of {codec}", safe


def _base64_core(content: bytes, shift: int) -> bytes:
    """The signs of base64 that depend on the content alone when `shift` bytes stand before it."""
    encoded = base64.b64encode(b"\0" * shift + content)
    first = -(-shift * 8 // 6)
    last = (shift + len(content)) * 8 // 6
    return encoded[first:last]


def worth_searching(names: Iterable[str], elsewhere: str) -> list[str]:
    """Names that occur once among the people and in none of the other files: only those prove a leak when found."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return [name for name, count in counts.items() if count == 1 and len(name) >= 2 and name not in elsewhere]


def known_at_home_alone(texts: Iterable[str], elsewhere: str) -> set[str]:
    """Numbers or phones without those that another region's own files have too: a city may know a phone from its employers."""
    return {text for text in texts if text not in elsewhere}
