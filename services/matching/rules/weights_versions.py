"""Versions of the weights: one text and one digest for each content, and what a version changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.problems import Conflict, FieldError, Invalid, NotFound
from services.matching.rules.weights import WeightsRefused, weights_of
from services.matching.rules.weights_file import pointer_to

# Who published what the code brings along: every node has it, so it belongs to none.
SHIPPED = "shipped"
# A version's name stands in an address.
VERSION = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,35}$"
# It travels in one event, and the broker takes a megabyte.
BYTES_MOST = 500_000


class WeightsInvalid(Invalid):
    title = "权重无效 The weights are not valid"


class VersionTaken(Conflict):
    title = "该版本已发布，内容不同 The version is published with other content"


class WeightsNotFound(NotFound):
    title = "没有这一权重版本 No such version of the weights"


class WeightsMissing(Conflict):
    title = "本节点没有本轮的权重 The weights of the run are not here"


@dataclass(frozen=True)
class WeightsVersion:
    """A version as this node keeps it; `data` is its canonical text, `node` its publisher."""

    id: UUID
    node: str
    version: str
    digest: str
    data: str
    note: str
    published_by: str | None
    published_at: datetime


@dataclass(frozen=True)
class Change:
    """One key that differs; None: absent on that side. Lists are compared as a whole."""

    pointer: str
    before: Any
    after: Any


def canonical(data: Mapping[str, Any]) -> str:
    """The one text of a content: keys sorted, no white space, nothing escaped without need (`jq -cjS .`)."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def text_of(data: Mapping[str, Any]) -> str:
    """The canonical text of weights that may be published; raises WeightsRefused."""
    weights = weights_of(data, known_keys_only=True)
    if not re.fullmatch(VERSION, weights.version):
        raise WeightsRefused(
            [FieldError("/version", "string_pattern_mismatch", f"{weights.version!r} does not match {VERSION}")]
        )
    text = canonical(data)
    if len(text.encode()) > BYTES_MOST:
        raise WeightsRefused([FieldError("", "too_large", f"at most {BYTES_MOST} bytes")])
    return text


def digest_of(text: str) -> str:
    """SHA-256 of a canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What the later version changed, in the order of the keys; its name is no change."""
    return [each for each in _changes((), before, after) if each.pointer != "/version"]


def _changes(where: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _changes((*where, key), before.get(key), after.get(key))
    elif before != after:
        yield Change(pointer_to(*where), before, after)
