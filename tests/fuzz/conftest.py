"""One house for all that is thrown at its doors and asked at them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz.house import House, open_house


@pytest.fixture(scope="package")
def house() -> Iterator[House]:
    with open_house() as house:
        yield house
