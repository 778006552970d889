"""Tokens: whatever is not exactly a living token of this node, for this node, is a 401 and never anything else."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from libs.common.identity import Caller, Signer, Verifier
from libs.common.problems import Unauthenticated
from libs.common.tokens import LONGEST, TYPE

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
NODE = "n433124"
KEY = ECKey.generate_key("P-256", {"kid": "n433124-sig-1", "use": "sig"})
OTHER = ECKey.generate_key("P-256", {"kid": "n433124-sig-1", "use": "sig"})
JWKS = KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})
SIGNER = Signer(NODE, lambda: [KEY])
GOOD = {
    "iss": NODE,
    "aud": NODE,
    "sub": "shi",
    "role": "officer",
    "regions": ["433124"],
    "org": "",
    "purpose": "",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 3600,
    "jti": "j1",
}
HEADER = {"alg": "ES256", "kid": "n433124-sig-1", "typ": TYPE}


def verify(token: str, now: datetime = NOW) -> Caller:
    return Verifier(lambda: JWKS, NODE).verify(token, now)


def signed(claims: object, header: dict[str, Any] | None = None, key: ECKey = KEY) -> str:
    """Any claims under any header by a key: what somebody with the node's own key could make."""
    return jws.serialize_compact(
        header or HEADER, json.dumps(claims).encode(), key, registry=jws.JWSRegistry(strict_check_header=False)
    )


def bare(header: object, claims: object = GOOD, signature: bytes = b"x" * 64) -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def issued(**more: Any) -> str:
    return SIGNER.issue(NOW, subject="shi", role="officer", regions=["433124"], **more)


def test_a_token_of_this_node_says_who_is_asking() -> None:
    caller = verify(signed(GOOD))
    assert (caller.subject, caller.role, caller.regions, caller.issuer, caller.token_id) == (
        "shi",
        "officer",
        ("433124",),
        NODE,
        "j1",
    )


def test_a_token_says_for_whom_it_is_what_it_is_and_lives_twelve_hours_at_most() -> None:
    token = jwt.decode(issued(lifetime=timedelta(days=30)), JWKS, algorithms=["ES256"])
    assert token.header["typ"] == TYPE
    assert (token.claims["aud"], token.claims["exp"] - token.claims["iat"]) == (NODE, LONGEST.total_seconds())
    assert token.claims["jti"] != jwt.decode(issued(), JWKS, algorithms=["ES256"]).claims["jti"]


def test_a_token_that_was_good_a_moment_ago_is_refused_when_it_is_over() -> None:
    verifier, token = Verifier(lambda: JWKS, NODE), issued(lifetime=timedelta(minutes=5))
    assert verifier.verify(token, NOW).subject == "shi"
    with pytest.raises(Unauthenticated):
        verifier.verify(token, NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "n440300"},
        {"aud": "n440300"},
        {"aud": ["n433124"]},
        {"aud": ""},
        {"role": "mayor"},
        {"role": ["officer"]},
        {"role": None},
        {"regions": "433124"},
        {"regions": [433124]},
        {"regions": ["4331"]},
        {"regions": ["433124:"]},
        {"regions": [["433124"]]},
        {"regions": {"433124": 1}},
        {"regions": ["４３３１２４"]},
        {"regions": ["433124"] * 501},
        {"sub": 7},
        {"sub": ""},
        {"sub": "a\nb"},
        {"sub": "\u202eihs"},
        {"sub": "s" * 201},
        {"sub": "\x00"},
        {"org": None},
        {"org": {"a": 1}},
        {"purpose": "p\u0000"},
        {"iat": "1"},
        {"iat": True},
        {"iat": 10**30},
        {"iat": int(NOW.timestamp()) + 120},
        {"iat": GOOD["exp"]},
        {"exp": None},
        {"exp": 1e400},
        {"exp": "soon"},
        {"exp": 10**400},
        {"exp": int(NOW.timestamp())},
        {"exp": int(NOW.timestamp()) + 12 * 3600 + 1},
        {"iat": -(10**9)},
        {"jti": ""},
        {"jti": 4},
        {"scope": ["a"]},
        {"scope": None},
        {"scope": "a" * 8001},
        {"scope": "a\x00"},
    ],
    ids=lambda wrong: str(wrong)[:40],
)
def test_a_claim_of_the_wrong_kind_is_refused_even_when_the_node_itself_signed_it(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        verify(signed(GOOD | wrong))


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "role", "regions", "iat", "exp", "jti"])
def test_a_claim_that_is_missing_is_refused(missing: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(signed({name: value for name, value in GOOD.items() if name != missing}))


@pytest.mark.parametrize("claims", [[], None, 1, "x", {"a": {}}])
def test_claims_that_are_no_claims_are_refused(claims: object) -> None:
    with pytest.raises(Unauthenticated):
        verify(signed(claims))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "ES256", "kid": HEADER["kid"]},
        HEADER | {"typ": "JWT"},
        HEADER | {"typ": 1},
        HEADER | {"kid": "n440300-sig-1"},
        HEADER | {"kid": ["a"]},
        HEADER | {"jwk": OTHER.as_dict(private=False)},
        HEADER | {"jku": "http://evil"},
        HEADER | {"x5u": "http://evil"},
        HEADER | {"crit": ["b64"], "b64": False},
        HEADER | {"b64": False},
        HEADER | {"zip": "DEF"},
        HEADER | {"kid": None},
        {"alg": "none", "typ": TYPE, "kid": HEADER["kid"]},
        {},
        [],
        1,
        {"alg": ["ES256"], "typ": TYPE, "kid": HEADER["kid"]},
        HEADER | {"alg": "HS256"},
        HEADER | {"alg": "ES512"},
        HEADER | {"alg": "RS256"},
        HEADER | {"a": "b" * 10_000},
    ],
    ids=lambda header: str(header)[:50],
)
def test_a_header_that_says_anything_else_is_refused(header: Any) -> None:
    with pytest.raises(Unauthenticated):
        verify(bare(header))
    with pytest.raises(Unauthenticated):
        verify(bare(header, signature=b""))


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    shared = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
    for key, alg in ((shared, "HS256"), (RSAKey.generate_key(2048), "RS256")):
        with pytest.raises(Unauthenticated):
            verify(jws.serialize_compact(HEADER | {"alg": alg}, json.dumps(GOOD).encode(), key, algorithms=[alg]))


def test_the_same_key_name_is_not_the_same_key() -> None:
    with pytest.raises(Unauthenticated):
        verify(signed(GOOD, key=OTHER))


def test_what_the_node_signs_elsewhere_is_no_token() -> None:
    with pytest.raises(Unauthenticated):
        verify(SIGNER.sign(json.dumps(GOOD).encode()))


@given(st.text())
@example("a.b.c")
@example("\ud800")
@example("....")
@example("e30.e30.")
@example("[" * 9000)
@example(urlsafe_b64encode(b"[" * 600).decode() + ".e30.e30")
@example(urlsafe_b64encode(b'{"alg":"\\ud800","kid":"a","typ":"at+jwt"}').decode().rstrip("=") + ".e30.e30")
def test_any_text_is_refused_and_nothing_worse(token: str) -> None:
    with pytest.raises(Unauthenticated):
        verify(token)


@given(st.data())
def test_a_token_with_anything_changed_in_it_is_refused(data: st.DataObject) -> None:
    token = issued()
    at = data.draw(st.integers(0, len(token) - 1))
    put = data.draw(st.one_of(st.characters(), st.just(""), st.text(max_size=40)))
    changed = token[:at] + put + token[at + 1 :]
    if _means_the_same(changed, token):
        return
    with pytest.raises(Unauthenticated):
        verify(changed)


def _means_the_same(changed: str, token: str) -> bool:
    """The last sign of a part has bits that mean nothing."""
    try:
        return [urlsafe_b64decode(part + "==") for part in changed.split(".")] == [
            urlsafe_b64decode(part + "==") for part in token.split(".")
        ]
    except ValueError:
        return False


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(GOOD)), _JSON)
def test_whatever_a_claim_holds_the_answer_is_a_caller_or_a_refusal(name: str, value: object) -> None:
    try:
        caller = verify(signed(GOOD | {name: value}))
    except Unauthenticated:
        return
    assert caller.subject.isprintable()
    assert caller.role == "officer"
