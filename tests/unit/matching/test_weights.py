"""Weights as versions: what is refused by which key, one digest for each content, and what a version changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.files import weights_file
from services.matching.rules.weights import WeightsRefused, priority_most, utility_most, weights_of
from services.matching.rules.weights_versions import Change, canonical, changes, digest_of
from services.matching.schemas.weights import NewWeights

PUBLISHED: dict[str, Any] = json.loads(weights_file("2017.1"))
KEYS = st.text("ab/~é权", max_size=3)
DATA = st.dictionaries(
    KEYS,
    st.recursive(
        st.integers(0, 3) | st.lists(KEYS, max_size=2), lambda inner: st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_size=4,
)


def refused(data: Mapping[str, Any]) -> dict[str, str]:
    """Pointer -> code of everything that is wrong."""
    with pytest.raises(WeightsRefused) as caught:
        weights_of(data, known_keys_only=True)
    return {error.pointer: error.code for error in caught.value.errors}


def test_every_wrong_key_is_named_at_once() -> None:
    data = deepcopy(PUBLISHED)
    data["wage"]["denominator"] = 0
    data["occupation_utility"]["same"] = -1
    data["offers"]["needed"]["board"] = "60"
    data["destination"][2] = 1.5
    data["certificates"].append("welding")
    data["agreements"].append(["433124"])
    data["remark"] = "new"
    del data["relatives"]
    assert refused(data) == {
        "/wage/denominator": "greater_than_equal",
        "/occupation_utility/same": "greater_than_equal",
        "/offers/needed/board": "int_type",
        "/destination/2": "int_type",
        "/certificates": "value_error",
        "/agreements/2/1": "missing",
        "/remark": "extra_forbidden",
        "/relatives": "missing",
    }


def test_a_score_out_of_range_names_the_parts_that_could_be_lowered() -> None:
    assert refused({**PUBLISHED, "relatives": 200}) == dict.fromkeys(
        ("/wage", "/occupation_utility", "/destination", "/relatives", "/closeness", "/offers"), "out_of_range"
    )
    priority = ("/group_points", "/occupation_priority", "/education_cap", "/agreement")
    assert refused({**PUBLISHED, "agreement": 500}) == dict.fromkeys(priority, "out_of_range")
    assert refused({**PUBLISHED, "reserve_groups": ["disabled", "open"]}) == {"/reserve_groups/1": "reserved_name"}


def test_the_shipped_weights_reach_what_the_definition_says() -> None:
    weights = weights_of(PUBLISHED, known_keys_only=True)
    # 1011 is with a closeness of 110; the shipped ones go up to 70.
    assert (utility_most(weights), priority_most(weights)) == (971, 870)


@pytest.mark.parametrize("name", ["", "a\x00", "\ud800", "a" * 65])
def test_a_name_that_no_text_column_could_hold_is_refused(name: str) -> None:
    assert set(refused({**PUBLISHED, "certificates": [name]})) == {"/certificates/0"}
    assert refused({**PUBLISHED, "group_points": {name: 1}})


def test_a_file_may_hold_more_than_is_known_but_may_not_be_published_so() -> None:
    data = {**PUBLISHED, "offers": {**PUBLISHED["offers"], "remark": 1}}
    assert weights_of(data) == weights_of(PUBLISHED)
    assert refused(data) == {"/offers/remark": "extra_forbidden"}


@given(st.integers(0, 2**32))
def test_the_digest_knows_the_content_and_not_the_order_of_keys(seed: int) -> None:
    assert digest_of(canonical(_shuffled(PUBLISHED, Random(seed)))) == digest_of(canonical(PUBLISHED))
    assert digest_of(canonical({**PUBLISHED, "relatives": 79})) != digest_of(canonical(PUBLISHED))


def _shuffled(data: Any, random: Random) -> Any:
    if not isinstance(data, dict):
        return data
    keys = list(data)
    random.shuffle(keys)
    return {key: _shuffled(data[key], random) for key in keys}


@given(DATA)
def test_a_digest_is_that_of_the_bytes_that_anybody_can_make(data: dict[str, Any]) -> None:
    assert json.loads(canonical(data)) == data
    assert digest_of(canonical(data)) == hashlib.sha256(canonical(data).encode()).hexdigest()


@given(DATA, DATA)
def test_the_changes_lead_from_one_version_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = changes(before, after)
    assert _applied(before, found) == after
    assert (found == []) == (before == after)


def _applied(data: dict[str, Any], found: list[Change]) -> Any:
    data = deepcopy(data)
    for change in found:
        *path, last = [part.replace("~1", "/").replace("~0", "~") for part in change.pointer.split("/")[1:]]
        place = data
        for part in path:
            place = place[part]
        if change.after is None:
            del place[last]
        else:
            place[last] = change.after
    return data


def test_changes_name_key_by_key_and_lists_as_a_whole() -> None:
    after = deepcopy(PUBLISHED)
    after |= {"version": "2018.1", "destination": [150, 90, 60]}
    after["group_points"]["zero_employment"] = 140
    del after["closeness"]["433126"]
    after["closeness"]["433124"]["120000"] = 5
    assert changes(PUBLISHED, after) == [
        Change("/closeness/433124/120000", None, 5),
        Change("/closeness/433126", PUBLISHED["closeness"]["433126"], None),
        Change("/destination", [150, 100, 60], [150, 90, 60]),
        Change("/group_points/zero_employment", 120, 140),
    ]


def test_the_example_of_the_contract_could_be_published_as_it_stands() -> None:
    example = NewWeights.model_json_schema()["example"]
    told = NewWeights.model_validate(example).weights.model_dump(mode="json")
    assert canonical(told) == canonical(example["weights"])
    assert weights_of(told, known_keys_only=True).version == "2018.1"
