"""A partner's card: taken in as it is, or refused with a sentence; nothing of it reaches a settings file unchecked."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from deploy.join import app
from deploy.local import authority as authorities
from deploy.local import certificate
from deploy.local.cards import Card, card_of, read_cards, write_cards
from deploy.local.checking import FIELDS, CardRefused, check_card
from deploy.local.keys import make_keys
from deploy.local.node_certificates import NodeCertificates

ME, CITY, PROVINCE = "n433124", "n440300", "n430000"


def make_card(root: Path, node: str) -> Card:
    make_keys(node, root / node / "keys")
    return card_of(
        node, node, f"kafka.{node}.example:9100", root / node / "keys", NodeCertificates(node, root / node / "wires")
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cards")


@pytest.fixture(scope="module")
def card(root: Path) -> Card:
    return make_card(root, CITY)


@pytest.fixture(scope="module")
def others(root: Path) -> dict[str, Card]:
    return {node: make_card(root, node) for node in (ME, PROVINCE)}


def check(card: Any, others: dict[str, Card], *more: Card, **said: bool) -> Card:
    return check_card(card, ME, [others[PROVINCE], *more], others[ME]["certificates"], **said)


def test_a_card_as_it_is_made_is_taken_in(card: Card, others: dict[str, Card]) -> None:
    assert check(card, others) == card
    assert check(card, others, card) == card


def _with_key(card: Card) -> Card:
    private = {"kty": "EC", "crv": "P-256", "d": "cyxPSoO3mOvhyTm1SXEbkHIHgE5IBN5yNkdTE9aT3nE"}
    return {
        **card,
        "jwks": {"keys": [{**key, **private} if key["use"] == "sig" else key for key in card["jwks"]["keys"]]},
    }


WRONG: dict[str, Callable[[Card, dict[str, Card]], Any]] = {
    "no object": lambda card, others: [card],
    "a field too many": lambda card, others: {**card, "more": 1},
    "a field too few": lambda card, others: {name: card[name] for name in FIELDS - {"revoked"}},
    "this node itself": lambda card, others: others[ME],
    "a node that is none": lambda card, others: {**card, "node": "n44030"},
    "a node with other digits": lambda card, others: {**card, "node": "n٤٤٠٣٠٠"},
    "a name with a line": lambda card, others: {**card, "name": "a\nb"},
    "an address with a line": lambda card, others: {**card, "kafka": "a.example:9100\nclusters=x"},
    "two addresses": lambda card, others: {**card, "kafka": "a.example:1,b.example:2"},
    "no port": lambda card, others: {**card, "kafka": "a.example"},
    "a port that is none": lambda card, others: {**card, "kafka": "a.example:65536"},
    "this very machine": lambda card, others: {**card, "kafka": "localhost:9092"},
    "this very machine by number": lambda card, others: {**card, "kafka": "127.8.0.1:9092"},
    "every machine": lambda card, others: {**card, "kafka": "0.0.0.0:9092"},
    "keys of another node": lambda card, others: {**card, "jwks": others[PROVINCE]["jwks"]},
    "no keys": lambda card, others: {**card, "jwks": {"keys": []}},
    "keys that are none": lambda card, others: {**card, "jwks": {"keys": [{"kty": "EC"}]}},
    "a private key": lambda card, others: _with_key(card),
    "no certificate": lambda card, others: {**card, "certificates": []},
    "three certificates": lambda card, others: {**card, "certificates": card["certificates"] * 3},
    "a certificate of another node": lambda card, others: {**card, "certificates": others[PROVINCE]["certificates"]},
    "a certificate of this node": lambda card, others: {**card, "certificates": others[ME]["certificates"]},
    "two in one": lambda card, others: {
        **card,
        "certificates": [card["certificates"][0] + others[PROVINCE]["certificates"][0]],
    },
    "half a certificate": lambda card, others: {**card, "certificates": [card["certificates"][0][:300]]},
    "a rule instead of an identifier": lambda card, others: {**card, "revoked": [".*)$/broker/,RULE:(x"]},
    "revoked that is no list": lambda card, others: {**card, "revoked": "abc"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_as_it_must_be_is_refused_with_a_sentence(wrong: str, card: Card, others: dict[str, Card]) -> None:
    with pytest.raises(CardRefused, match=r"the card is refused: .{10,}"):
        check(WRONG[wrong](card, others), others)


def test_a_leaf_is_no_authority(card: Card, others: dict[str, Card], root: Path) -> None:
    leaf = NodeCertificates(CITY, root / CITY / "wires").authority.issue("partner").decode()
    with pytest.raises(CardRefused):
        check({**card, "certificates": [leaf[leaf.index("-----BEGIN CERTIFICATE") :]]}, others)
    with pytest.raises(CardRefused, match="private key"):
        check({**card, "certificates": [leaf]}, others)


@pytest.mark.parametrize(("days", "word"), [(-1, "ended"), (3650, "begins")])
def test_an_authority_that_has_ended_or_not_begun_is_refused(
    days: int, word: str, card: Card, others: dict[str, Card], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime(2020, 1, 1, tzinfo=UTC) if days < 0 else datetime.now(UTC) + timedelta(days=10)

    monkeypatch.setattr(certificate, "datetime", Then)
    monkeypatch.setattr(authorities, "AUTHORITY_DAYS", 365)
    there = authorities.Authority(CITY, tmp_path)
    with pytest.raises(CardRefused, match=word):
        check({**card, "certificates": there.trusted()}, others)


def test_a_known_partners_other_authority_must_be_said(card: Card, others: dict[str, Card], tmp_path: Path) -> None:
    stranger = {**make_card(tmp_path, CITY), "jwks": card["jwks"]}
    with pytest.raises(CardRefused, match="--changed-authority"):
        check(stranger, others, card)
    assert check(stranger, others, card, changed_authority=True) == stranger


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(FIELDS)), _ANY)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_in_any_field_is_taken_in_or_refused(
    card: Card, others: dict[str, Card], field: str, value: Any
) -> None:
    try:
        taken = check({**card, field: value}, others)
    except CardRefused:
        return
    assert field in ("name", "revoked")
    assert taken[field] == value


def test_joining_and_leaving_by_the_commands(card: Card, root: Path, tmp_path: Path) -> None:
    partners, wires, file = tmp_path / "partners.json", tmp_path / "wires", tmp_path / "card.json"
    file.write_text(json.dumps(card))
    at = ["--node", ME, "--wires", str(wires), "--partners", str(partners)]
    write_cards(partners, [])
    joined = CliRunner().invoke(app, ["partner", *at, str(file)])
    assert joined.exit_code == 0
    assert "fingerprint" not in joined.output
    assert "compare" in joined.output
    assert [one["node"] for one in read_cards(partners)] == [CITY]
    assert partners.stat().st_mode & 0o777 == 0o600
    file.write_text("[" * 100_000)
    assert isinstance(CliRunner().invoke(app, ["partner", *at, str(file)]).exception, CardRefused)
    CliRunner().invoke(app, ["leave", "--partners", str(partners), CITY])
    assert read_cards(partners) == []


def test_a_card_names_the_door_made_for_its_reader(root: Path, tmp_path: Path) -> None:
    make_keys(ME, tmp_path / "keys")
    at = [
        "--node",
        ME,
        "--wires",
        str(tmp_path / "wires"),
        "--keys",
        str(tmp_path / "keys"),
        "--host",
        "kafka.example",
        "--name",
        "花垣县",
    ]
    doors = []
    (tmp_path / "wires" / "broker").mkdir(parents=True)
    for reader in (CITY, PROVINCE, CITY):
        made = CliRunner().invoke(app, ["card", *at, "--for", reader])
        doors.append(json.loads(made.stdout)["kafka"])
    assert doors == ["kafka.example:9100", "kafka.example:9101", "kafka.example:9100"]
