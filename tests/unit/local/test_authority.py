"""A node's authority: what it issues, renews, takes back, and how it turns."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from deploy.local.authority import RENEW_DAYS, Authority, Unissued
from deploy.local.certificate import hosts_of, serial_of
from deploy.local.node_certificates import BROKER, GATEWAY, PRINCIPALS, NodeCertificates


def _leaf(wires: NodeCertificates, principal: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((wires.root / principal / "own.pem").read_bytes())


def test_every_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    wires = NodeCertificates("n433124", tmp_path / "wires")
    wires.renew(["127.0.0.1"])
    files = [path for path in wires.root.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in [wires.root, *wires.root.rglob("*")] if path.is_dir()} == {0o700}
    assert {path.parent.name for path in files if path.name == "own.pem"} == set(PRINCIPALS)


def test_only_broker_and_gateway_may_answer_as_servers(tmp_path: Path) -> None:
    wires = NodeCertificates("n433124", tmp_path)
    wires.renew(["127.0.0.1", "kafka"], gateway="huayuan.example")
    hosts = {principal: hosts_of(_leaf(wires, principal)) for principal in PRINCIPALS}
    assert hosts == {**{key: set() for key in PRINCIPALS}, BROKER: {"127.0.0.1", "kafka"}, GATEWAY: {"huayuan.example"}}


def test_what_is_good_stays_and_what_ends_soon_is_renewed(tmp_path: Path) -> None:
    wires = NodeCertificates("n433124", tmp_path)
    wires.renew([])
    before = serial_of(_leaf(wires, "jobs"))
    wires.renew([])
    assert serial_of(_leaf(wires, "jobs")) == before
    (tmp_path / "jobs" / "own.pem").write_bytes(wires.authority.issue("jobs", days=RENEW_DAYS - 1))
    wires.renew([])
    assert wires.authority.is_good((tmp_path / "jobs" / "own.pem").read_bytes())


def test_a_revoked_certificate_is_replaced_and_told(tmp_path: Path) -> None:
    wires = NodeCertificates("n433124", tmp_path)
    wires.renew([])
    serial = serial_of(_leaf(wires, "jobs"))
    wires.authority.revoke(serial)
    wires.renew([])
    assert serial_of(_leaf(wires, "jobs")) != serial
    assert Authority("n433124", tmp_path / "authority").revoked() == [serial]
    with pytest.raises(Unissued):
        wires.authority.revoke("00")


def test_a_turn_goes_step_by_step(tmp_path: Path) -> None:
    authority = Authority("n433124", tmp_path)
    first = authority.trusted()
    for step in (authority.switch, authority.end):
        with pytest.raises(Unissued):
            step()
    authority.begin()
    assert authority.trusted()[:1] == first
    assert len(authority.trusted()) == 2
    with pytest.raises(Unissued):
        authority.begin()
    with pytest.raises(Unissued):
        authority.end()
    authority.switch()
    authority.end()
    assert not set(authority.trusted()) & set(first)
    assert [path.name for path in tmp_path.glob("*.key")] == ["authority-2.key"]
