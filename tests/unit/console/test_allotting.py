"""Openings as filled in on a page become what matching takes: nothing invented, reserved ones first, each refusal at its row."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.console.rules.allotting import OPENINGS, body_of, errors_by_vacancy, everything

Said = namedtuple("Said", "pointer message")
rows = st.lists(
    st.fixed_dictionaries(
        {
            "openings_left": st.integers(1, 20),
            "reserved": st.dictionaries(st.sampled_from(("disabled", "zero_employment")), st.integers(0, 5)),
        }
    ),
    max_size=8,
).map(lambda found: [{**row, "vacancy": f"v{at}"} for at, row in enumerate(found)])


@given(rows, st.data())
def test_what_is_filled_in_is_sent_and_no_more_is_reserved_than_is_given(
    listed: list[dict[str, Any]], data: st.DataObject
) -> None:
    wanted = {row["vacancy"]: data.draw(st.integers(0, 25)) for row in listed}
    sent = body_of(listed, {f"{OPENINGS}{name}": [f" {count} "] for name, count in wanted.items()})["allotted"]
    assert {each["vacancy"]: each["openings"] for each in sent} == {n: c for n, c in wanted.items() if c}
    for each, row in ((each, next(row for row in listed if row["vacancy"] == each["vacancy"])) for each in sent):
        assert sum(each["reserved"].values()) == min(sum(row["reserved"].values()), each["openings"])
        assert all(seats <= row["reserved"][group] for group, seats in each["reserved"].items())


@given(rows)
def test_everything_is_what_is_left(listed: list[dict[str, Any]]) -> None:
    sent = everything(listed)["allotted"]
    assert [(each["vacancy"], each["openings"]) for each in sent] == [
        (r["vacancy"], r["openings_left"]) for r in listed
    ]


def test_a_refusal_stands_at_its_row_though_rows_left_blank_were_not_sent() -> None:
    listed = [{"vacancy": f"v{at}", "openings_left": 3, "reserved": {}} for at in range(3)]
    body = body_of(listed, {f"{OPENINGS}v1": ["x"], f"{OPENINGS}v2": ["9"]})
    assert [each["openings"] for each in body["allotted"]] == ["x", 9]
    errors = [Said("/allotted/1/openings", "too many"), Said("/allotted/7/openings", "?"), Said("/allotted", "none")]
    assert errors_by_vacancy(body, errors) == ({"v2": "too many"}, ["?", "none"])
