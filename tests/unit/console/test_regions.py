"""What an account reaches is written by name, and means the same place again when it is read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.codes.divisions import divisions
from services.console.rules.accounts import REGION
from services.console.rules.regions import read_regions, write_region

PART = st.text("花垣杠石栏镇村乡扪岱", min_size=1, max_size=12)
PLACES = st.builds(
    lambda code, below: f"{code}:{'/'.join(below)}" if below else code,
    st.sampled_from([*divisions(), "999999"]).filter(lambda code: code.endswith("24") or code == "999999"),
    st.lists(PART, max_size=2),
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("花垣镇", ["433124:花垣镇"]),
        ("花垣县", ["433124"]),
        ("花垣镇·杠杠村、双龙镇", ["433124:花垣镇/杠杠村", "433124:双龙镇"]),
        ("古丈县：默戎镇/龙鼻村 440300", ["433126:默戎镇/龙鼻村", "440300"]),
        ("433124:花垣镇/杠杠村", ["433124:花垣镇/杠杠村"]),
        ("  ", []),
    ],
)
def test_places_are_read_as_an_operator_writes_them(text: str, codes: list[str]) -> None:
    assert read_regions(text, "433124") == codes


@given(st.lists(PLACES, max_size=4))
def test_what_is_written_is_read_again(codes: list[str]) -> None:
    assert all(re.match(REGION, code) for code in codes)
    assert read_regions("、".join(map(write_region, codes)), "433124") == codes
