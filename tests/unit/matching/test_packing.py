"""Columns of events: whatever goes in comes out, and what is no column is refused before anybody acts on it."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.files import packing
from services.matching.kernel.federation import Cards, Rises

pseudonyms = st.lists(st.integers(0, 2**64 - 1).map(lambda draw: f"p{draw:016x}"), max_size=30, unique=True)
keys = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 3), st.integers(0, 2**63 - 1)), max_size=30)


@given(pseudonyms, st.randoms(use_true_random=False))
def test_cards_come_out_as_they_went_in(names: list[str], random: object) -> None:
    draws = np.random.default_rng(len(names))
    cards = Cards(
        packing.texts_of(names),
        draws.integers(0, 9_000, len(names)).astype(np.int32),
        draws.integers(0, 1023, len(names)).astype(np.int16),
        draws.integers(0, 8, len(names)),
    )
    found = packing.unpack_cards({"count": len(names), **packing.pack_cards(cards)})
    assert [name.decode() for name in found.person.listed()] == names
    assert all(np.array_equal(one, other) for one, other in zip(found[1:], cards[1:], strict=True))


@given(keys)
def test_cutoffs_come_out_as_they_went_in(rises: list[tuple[int, int, int]]) -> None:
    columns = np.array(rises, np.int64).reshape(-1, 3)
    packed = packing.pack_rises(Rises(columns[:, 0].astype(np.int32), columns[:, 1].astype(np.int8), columns[:, 2]))
    found = packing.unpack_rises({"count": len(rises), **packed})
    assert list(zip(*(column.tolist() for column in found), strict=True)) == rises


@given(pseudonyms, st.uuids())
def test_places_come_out_as_they_went_in(names: list[str], vacancy: object) -> None:
    places = dict.fromkeys(names, str(vacancy))
    assert packing.unpack_places({"count": len(names), **packing.pack_places(places)}) == places


CARD = {
    "count": 2,
    **packing.pack_cards(
        Cards(packing.texts_of(["p00", "p01"]), np.zeros(2, np.int32), np.zeros(2, np.int16), np.zeros(2, np.int64))
    ),
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("priorities", packing.pack_numbers(np.array([0, 1023]))),
        ("vacancies", packing.pack_numbers(np.array([0, 2**31]))),
        ("vacancies", base64.b64encode(bytes(3)).decode()),
        ("groups", base64.b64encode(bytes(18)).decode()),
        ("persons", "not base64!"),
        ("persons", ""),
        ("count", 3),
        ("count", -1),
    ],
)
def test_what_is_no_column_is_refused(field: str, value: object) -> None:
    packing.unpack_cards(CARD)
    with pytest.raises(ValueError, match=r".+"):
        packing.unpack_cards(CARD | {field: value})


def test_a_pseudonym_of_another_form_is_not_packed() -> None:
    with pytest.raises(packing.Malformed, match="hexadecimal"):
        packing.pack_names(packing.texts_of(["p1234", "p12"]))
