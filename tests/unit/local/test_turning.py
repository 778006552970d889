"""Sealing keys have a month and an end, signing keys overlap: what was sealed or signed before a turn is read after it."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from deploy.local.keys import make_keys
from deploy.local.turning import turn_seal_key, turn_sign_key
from libs.common.identity import Signer, Verifier, read_signed
from libs.common.key_rings import KeyFile, SealKeyGone, SealKeys
from libs.common.node import Clock
from libs.common.privacy import Vault, seal
from libs.common.problems import Unauthenticated

NODE = "n440300"


def public(keys: Path) -> KeySet:
    return KeySet.import_key_set(json.loads((keys / "jwks.json").read_text()))


def test_a_card_sealed_to_an_older_key_opens_while_it_is_kept_and_then_never_again(tmp_path: Path) -> None:
    make_keys(NODE, tmp_path)
    vault = Vault.read(tmp_path)
    os.utime(tmp_path / "seal.jwk", (1_700_000_000, 1_700_000_000))  # November 2023
    cards = {"2023-11": seal({"name": "龙大妹"}, public(tmp_path))}
    for year, month in [(2023, 12), (2024, 1), (2024, 2), (2024, 3)]:
        turn_seal_key(NODE, tmp_path, date(year, month, 28))
        cards[f"{year}-{month:02}"] = seal({"name": "龙大妹"}, public(tmp_path))
    assert list(SealKeys(tmp_path).all()) == [
        f"{NODE}-seal-{month}" for month in ("2023-12", "2024-01", "2024-02", "2024-03")
    ]
    for month, card in cards.items():
        if month == "2023-11":
            with pytest.raises(SealKeyGone, match=f"{NODE}-seal-1"):
                vault.open_sealed(card)
        else:
            assert vault.open_sealed(card) == {"name": "龙大妹"}
    make_keys(NODE, tmp_path)
    assert f"{NODE}-seal-1" not in SealKeys(tmp_path).all()


@settings(deadline=None)
@given(
    st.text(max_size=200)
    | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,20}\.[\w-]{0,20}\.[\w-]{0,20}", fullmatch=True)
)
def test_whatever_comes_as_a_card_is_refused_and_never_opened(
    tmp_path_factory: pytest.TempPathFactory, card: str
) -> None:
    keys = tmp_path_factory.getbasetemp() / "any-card"
    make_keys(NODE, keys)
    with pytest.raises((JoseError, SealKeyGone, ValueError)):
        Vault.read(keys).open_sealed(card)


def test_a_portion_is_sealed_by_the_key_that_was_the_newest_when_it_began(tmp_path: Path) -> None:
    make_keys(NODE, tmp_path)
    vault = Vault.read(tmp_path)
    before = vault.for_many()
    (tmp_path / "field").mkdir(exist_ok=True)
    (tmp_path / "field" / "2.key").write_bytes(os.urandom(32))
    sealed = [each.encrypt("龙大妹", context="a.name") for each in (before, vault, vault.for_many())]
    assert [each[0] for each in sealed] == [1, 2, 2]
    assert {vault.decrypt(each, context="a.name") for each in sealed} == {"龙大妹"}
    assert {before.decrypt(each, context="a.name") for each in sealed} == {"龙大妹"}


def test_turned_twice_in_a_month_it_is_one_key(tmp_path: Path) -> None:
    make_keys(NODE, tmp_path)
    first = turn_seal_key(NODE, tmp_path, date(2026, 11, 2)), public(tmp_path).as_dict()
    assert first == (turn_seal_key(NODE, tmp_path, date(2026, 11, 30)), public(tmp_path).as_dict())


def test_a_token_signed_before_the_turn_holds_after_it_and_two_keys_are_live(tmp_path: Path) -> None:
    make_keys(NODE, tmp_path)
    now = Clock().now()
    tokens, certificates = [], []
    for turn in range(3):
        signer = Signer.read(NODE, tmp_path)
        tokens.append(signer.issue(now, subject="officer", role="officer", regions=["440300"]))
        certificates.append(signer.sign(b"cutoffs"))
        verifier, signer = Verifier.read(NODE, tmp_path), Signer.read(NODE, tmp_path)
        for token, certificate in list(zip(tokens, certificates, strict=True))[-2:]:
            assert verifier.verify(token, now).subject == "officer"
            assert read_signed(certificate, public(tmp_path)) == read_signed(certificate, signer.jwks) == b"cutoffs"
        assert turn_sign_key(NODE, tmp_path) == f"{NODE}-sign-{turn + 2}"
    assert [key["kid"] for key in public(tmp_path).as_dict()["keys"] if key["kty"] == "EC"] == [
        f"{NODE}-sign-4",
        f"{NODE}-sign-3",
        f"{NODE}-seal-1",
    ]
    assert not any("d" in key for key in json.loads((tmp_path / "jwks.json").read_text())["keys"])


def test_whoever_runs_while_the_signing_key_turns_needs_no_restart(tmp_path: Path) -> None:
    make_keys(NODE, tmp_path)
    now, signer, verifier = Clock().now(), Signer.read(NODE, tmp_path), Verifier.read(NODE, tmp_path)

    def issue(signer: Signer) -> str:
        return signer.issue(now, subject="officer", role="officer", regions=["440300"])

    first = issue(signer)
    assert verifier.verify(first, now)
    for turn in range(2):
        turn_sign_key(NODE, tmp_path)
        for each in (issue(Signer.read(NODE, tmp_path)), issue(signer)):
            assert jws.extract_compact(each.encode()).headers()["kid"] == f"{NODE}-sign-{turn + 2}"
            assert verifier.verify(each, now).subject == "officer"
        assert read_signed(signer.sign(b"cutoffs"), public(tmp_path)) == b"cutoffs"
    with pytest.raises(Unauthenticated):  # by a key that is gone, though it was verified and remembered
        verifier.verify(first, now)


def test_keys_are_read_again_for_a_turn_and_not_for_whoever_makes_names_of_keys_up(tmp_path: Path) -> None:
    make_keys(NODE, tmp_path)
    read: list[Path] = []

    def reading(path: Path) -> KeySet:
        read.append(path)
        return public(tmp_path)

    verifier, stranger = (
        Verifier(KeyFile(tmp_path / "jwks.json", reading), NODE),
        ECKey.generate_key("P-256", {"kid": "made-up"}),
    )
    for number in range(50):
        with pytest.raises(Unauthenticated):
            verifier.verify(
                Signer(NODE, lambda: [stranger]).issue(
                    Clock().now(), subject=str(number), role="officer", regions=["440300"]
                ),
                Clock().now(),
            )
    assert len(read) == 1
    turn_sign_key(NODE, tmp_path)
    with pytest.raises(Unauthenticated):
        verifier.verify("x.y.z", Clock().now())
    assert len(read) == 2


def test_a_key_file_that_is_broken_off_leaves_the_keys_of_before(tmp_path: Path) -> None:
    make_keys(NODE, tmp_path)
    verifier, token = (
        Verifier.read(NODE, tmp_path),
        Signer.read(NODE, tmp_path).issue(Clock().now(), subject="shi", role="officer", regions=["440300"]),
    )
    whole = (tmp_path / "jwks.json").read_text()
    for broken in ("", whole[:40], "{}", '{"keys": [{"kty": "EC"}]}'):
        (tmp_path / "jwks.json").write_text(broken)
        assert verifier.verify(token, Clock().now()).subject == "shi"
    (tmp_path / "jwks.json").unlink()
    assert verifier.verify(token, Clock().now()).subject == "shi"


def test_a_turn_of_the_signing_key_that_ended_midway_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys(NODE, tmp_path)

    def dies(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    rename = Path.rename
    for allowed in (0, 1, 1):  # before the new key, before the public ones, before it signs
        calls = iter([rename] * allowed + [dies])
        monkeypatch.setattr(Path, "rename", lambda self, target, calls=calls: next(calls)(self, target))
        with pytest.raises(KeyboardInterrupt):
            turn_sign_key(NODE, tmp_path)
        monkeypatch.undo()
        token = Signer.read(NODE, tmp_path).issue(Clock().now(), subject="officer", role="officer", regions=["440300"])
        assert Verifier.read(NODE, tmp_path).verify(token, Clock().now())
    assert turn_sign_key(NODE, tmp_path) == f"{NODE}-sign-2"
    assert [key["kid"] for key in public(tmp_path).as_dict()["keys"] if key["kty"] == "EC"] == [
        f"{NODE}-sign-2",
        f"{NODE}-sign-1",
        f"{NODE}-seal-1",
    ]


def test_what_announcements_are_signed_by_stays_known_through_every_turn(tmp_path: Path) -> None:
    make_keys(NODE, tmp_path)
    announcing = [key for key in json.loads((tmp_path / "jwks.json").read_text())["keys"] if key["kty"] == "OKP"]
    for turn in range(3):
        turn_sign_key(NODE, tmp_path)
        turn_seal_key(NODE, tmp_path, date(2026, turn + 1, 1))
    assert announcing
    assert announcing == [
        key for key in json.loads((tmp_path / "jwks.json").read_text())["keys"] if key["kty"] == "OKP"
    ]
