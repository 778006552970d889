"""Keys: made once, readable by their owner alone, only public ones leave."""

import json
from pathlib import Path

from deploy.local.cards import card_of, collect, publish
from deploy.local.keys import make_keys
from deploy.local.node_certificates import NodeCertificates
from libs.common.identity import Signer, Verifier
from libs.common.node import Clock, read_partners
from libs.common.privacy import Vault, seal


def test_every_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    make_keys("n433124", tmp_path / "keys")
    files = sorted(path.name for path in (tmp_path / "keys").iterdir())
    assert files == ["announce.jwk", "field.key", "index.key", "jwks.json", "seal.jwk", "sign.jwk"]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_keys_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    make_keys("n433124", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    make_keys("n433124", tmp_path)
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_the_public_file_holds_no_private_part(tmp_path: Path) -> None:
    make_keys("n433124", tmp_path)
    public = json.loads((tmp_path / "jwks.json").read_text())["keys"]
    assert [key["kid"].split("-")[1] for key in public] == ["sign", "seal", "announce"]
    assert [key["use"] for key in public] == ["sig", "enc", "sig"]
    assert not any("d" in key for key in public)


def test_a_token_signed_by_the_node_is_trusted_by_its_services(tmp_path: Path) -> None:
    make_keys("n433124", tmp_path)
    token = Signer.read("n433124", tmp_path).issue(Clock().now(), subject="officer", role="officer", regions=["433124"])
    assert Verifier.read("n433124", tmp_path).verify(token, Clock().now()).covers("433124")


def test_a_card_sealed_with_the_exchanged_keys_is_opened_by_the_partner_alone(tmp_path: Path) -> None:
    for node in ("n433124", "n440300"):
        make_keys(node, tmp_path / node)
        card = card_of(node, node, "127.0.0.1:1", tmp_path / node, NodeCertificates(node, tmp_path / node / "wires"))
        publish(card, "n433124", tmp_path / "exchange")
    collect("n433124", ("n440300",), tmp_path / "exchange", tmp_path / "partners.json")
    partner = read_partners(tmp_path / "partners.json")["n440300"]
    card = seal({"name": "龙大妹"}, partner.jwks)
    assert Vault.read(tmp_path / "n440300").open_sealed(card) == {"name": "龙大妹"}
