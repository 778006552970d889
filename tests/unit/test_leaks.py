"""A planted leak of each kind is found, and clean content gives none."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.leaks import Search, Secret, encodings_of, known_at_home_alone, worth_searching

NUMBER, PHONE, NAME = "433124198001010008", "15400000001", "麻老石"
SECRETS = [Secret("number", NUMBER), Secret("phone", PHONE), Secret("name", NAME)]

PLANTS = {
    "utf-8": lambda text: text.encode(),
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "json escapes": lambda text: json.dumps({"x": text}).encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 inside something longer": lambda text: base64.b64encode(f'{{"a":"{text}"}}'.encode()),
    "base64 of GB18030": lambda text: base64.b64encode(b"ab" + text.encode("gb18030") + b"c"),
    "hex": lambda text: text.encode().hex().encode(),
}


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.kind)
def test_a_planted_leak_of_each_kind_is_found(plant: str, secret: Secret) -> None:
    content = b"before \x00\xff" + PLANTS[plant](secret.text) + b" after"
    assert {leak.kind for leak in Search(SECRETS).in_bytes("here", content)} == {secret.kind}


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from(sorted(PLANTS)))
def test_it_is_found_whatever_stands_around_it(before: bytes, after: bytes, plant: str) -> None:
    assert any(Search(SECRETS, binary=True).in_bytes("here", before + PLANTS[plant](NAME) + after))


def test_clean_content_gives_none() -> None:
    content = json.dumps(
        {"id": "0197f2b0-0000-7000-8000-000000000001", "name": "麻**", "phone": "154****0001"}, ensure_ascii=False
    )
    assert not list(Search(SECRETS).in_bytes("here", content.encode()))


def test_a_leak_across_the_border_of_two_chunks_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.demo.leaks.CHUNK", 300)
    (tmp_path / "log").write_bytes(b"x" * 295 + NUMBER.encode() + b"y" * 500)
    assert list(Search(SECRETS).in_file(tmp_path / "log"))


def test_a_pattern_that_sealed_cards_hold_by_chance_is_not_searched() -> None:
    short = min((pattern for encoding, pattern in encodings_of("麻石") if encoding.startswith("base64")), key=len)
    assert not list(Search([Secret("name", "麻石")]).in_bytes("here", b"eyJ" + short + b"Kx9"))
    assert list(Search([Secret("name", "麻石")]).in_bytes("here", base64.b64encode("麻石".encode())))


def test_a_name_that_is_four_plain_letters_in_utf_16_proves_nothing_by_them() -> None:
    sealed = b"eyJhbGciOi" + "吴光".encode("utf-16-be") + b"Kx9"
    assert not list(Search([Secret("name", "吴光")]).in_bytes("here", sealed))
    assert list(Search([Secret("name", "吴光")]).in_bytes("here", "吴光".encode()))
    assert list(
        Search([Secret("number", NUMBER), Secret("name", "吴光")]).in_bytes(
            "here", f"{NUMBER} 吴光".encode("utf-16-be")
        )
    )


def test_a_leak_says_whose_it_is() -> None:
    assert [leak.home for leak in Search([Secret("phone", PHONE, "n433124")]).in_bytes("here", PHONE.encode())] == [
        "n433124"
    ]


def test_only_names_that_prove_something_are_searched() -> None:
    assert worth_searching(["石三", "石三", "龙四", "吴五", "麻"], "公司：吴五家具厂") == ["龙四"]


def test_a_phone_that_a_citys_own_sheet_has_proves_nothing() -> None:
    assert known_at_home_alone([PHONE, "15400000002"], f"联系电话：{PHONE}") == {"15400000002"}
