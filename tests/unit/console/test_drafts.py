"""A form half filled is small enough for a browser to keep, and comes back as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.console.routes.forms import FORMS
from services.console.rules.drafts import MOST_BYTES, Draft, pack, unpack

FILLED = st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=60), max_size=4), max_size=8)


@given(FILLED)
def test_a_draft_comes_back_as_it_was(filled: dict[str, list[str]]) -> None:
    draft = Draft("/people/new", "officer", filled)
    assert unpack(pack(draft)) == draft


def test_every_form_filled_in_to_the_last_field_can_be_kept() -> None:
    for path, form in FORMS.items():
        filled = {each.name: [f"{each.label}一二三四五六七八九十"] for each in form.fields}
        was = {f"was.{each.name}": [each.label] for each in form.fields}
        assert len(pack(Draft(path, "officer", filled | was))) * 4 / 3 < MOST_BYTES, path
