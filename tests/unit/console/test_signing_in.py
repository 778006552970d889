"""When a session ends, and where one may be sent after signing in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.console.rules.signing_in import ends_at, local_path

NOW = datetime(2017, 4, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begun", "seen", "is_open"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(hours=3), timedelta(minutes=31), False),
        (timedelta(hours=13), timedelta(0), False),
    ],
)
def test_a_session_ends_when_unused_or_old(begun: timedelta, seen: timedelta, is_open: bool) -> None:
    end = ends_at(NOW - begun, NOW - seen, idle=timedelta(minutes=30), longest=timedelta(hours=12))
    assert (end > NOW) is is_open


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\t/evil", "/a\r\nX: y"],
)
def test_nobody_is_sent_to_another_site(path: str) -> None:
    assert local_path(path) == "/"


def test_a_page_with_its_filters_is_kept() -> None:
    assert local_path("/people?township=花垣镇") == "/people?township=花垣镇"
