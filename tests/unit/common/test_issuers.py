"""Tokens of another issuer: held to what is asked of the node's own, and to what its file says of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, Key, KeySet, OctKey, RSAKey

from libs.common.identity import Caller, Signer, Verifier
from libs.common.issuers import ForeignIssuer, TrustedIssuer
from libs.common.problems import Unauthenticated
from libs.common.tokens import TYPE, Revoked

NOW, NODE, ISSUER = datetime(2026, 5, 4, 8, tzinfo=UTC), "n433124", "https://login.example/o"
OWN, KEY, OTHER = (ECKey.generate_key("P-256", {"kid": kid}) for kid in ("n433124-sign-1", "theirs", "theirs"))
FILE: dict[str, Any] = {
    "issuer": ISSUER,
    "audience": "xieli-api",
    "jwks_uri": "https://login.example/o/jwks.json",
    "rights": {
        "laowu-officers": {"role": "officer", "regions": ["433124"]},
        "hr": {"role": "system", "regions": ["433124"]},
    },
}
SECONDS = int(NOW.timestamp())
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "xieli-api",
    "sub": "shi",
    "jti": "1",
    "iat": SECONDS,
    "exp": SECONDS + 600,
    "groups": ["canteen", "laowu-officers"],
    "client_id": "app",
}
HEADER = {"alg": "ES256", "kid": "theirs", "typ": TYPE}


def verifier(keys: KeySet | None = None, **file: Any) -> Verifier:
    foreign = ForeignIssuer(TrustedIssuer.model_validate(FILE | file))
    foreign.keys = keys or KeySet([ECKey.import_key(KEY.as_dict(private=False))])
    return Verifier(lambda: KeySet([OWN]), NODE, foreign=foreign)


def signed(claims: Any, header: dict[str, Any] | None = None, key: Key = KEY) -> str:
    registry = jws.JWSRegistry(algorithms=["ES256", "HS256", "RS256", "ES384"], strict_check_header=False)
    return jws.serialize_compact({**HEADER, **(header or {})}, json.dumps(claims).encode(), key, registry=registry)


def verify(token: str) -> Caller:
    return verifier().verify(token, NOW)


def test_its_claims_become_the_rights_that_the_file_gives_and_its_people_are_nobody_of_here() -> None:
    caller = verify(signed(GOOD))
    assert (caller.subject, caller.role, caller.regions, caller.issuer, caller.node) == (
        "shi@login.example",
        "officer",
        ("433124",),
        ISSUER,
        NODE,
    )
    assert not caller.scopes
    system = verify(
        signed(GOOD | {"groups": "hr", "scope": "jobs.vacancy.list", "aud": ["other", "xieli-api"], "nbf": SECONDS})
    )
    assert (system.role, system.scopes) == ("system", frozenset({"jobs.vacancy.list"}))


def test_the_nodes_own_tokens_are_judged_as_before() -> None:
    own = Signer(NODE, lambda: [OWN]).issue(NOW, subject="shi", role="officer", regions=["433124"])
    assert verify(own).issuer == NODE


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": NODE},
        {"iss": "https://login.example/other"},
        {"iss": [ISSUER]},
        {"aud": NODE},
        {"aud": "other"},
        {"aud": []},
        {"aud": ["other"]},
        {"aud": None},
        {"aud": {"xieli-api": 1}},
        {"exp": SECONDS},
        {"exp": SECONDS + 12 * 3600 + 1},
        {"exp": "9999999999"},
        {"exp": 10**400},
        {"exp": None},
        {"iat": SECONDS + 120},
        {"iat": None},
        {"iat": True},
        {"nbf": SECONDS + 120},
        {"nbf": "0"},
        {"jti": ""},
        {"jti": None},
        {"sub": ""},
        {"sub": "a\nb"},
        {"sub": 7},
        {"sub": "\u202eihs"},
        {"scope": ["a"]},
        {"groups": ["canteen"]},
        {"groups": []},
        {"groups": None},
        {"groups": {"laowu-officers": 1}},
        {"groups": [["laowu-officers"]]},
        {"groups": "LAOWU-OFFICERS"},
        {"groups": 5},
    ],
    ids=str,
)
def test_a_token_that_says_anything_wrong_is_refused_though_the_issuer_signed_it(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        verify(signed(GOOD | wrong))


def test_nobody_else_signs_for_it_and_it_signs_for_nobody_else() -> None:
    shared = OctKey.import_key(json.dumps({"kty": "oct", "k": str(KEY.as_dict(private=False)["x"])}))
    wrong = [
        signed(GOOD, key=OTHER),
        signed(GOOD, key=OWN),
        signed(GOOD, {"kid": "n433124-sign-1"}, OWN),
        signed(GOOD, {"alg": "HS256"}, shared),
        signed(GOOD, {"typ": "JWT"}),
        signed(GOOD, {"jku": "https://evil.example"}),
        signed(GOOD, {"kid": "n433124-sign-1"}),
        signed(GOOD, {"alg": "RS256"}, RSAKey.generate_key(2048)),
        signed(GOOD | {"iss": NODE, "aud": NODE, "role": "officer", "regions": ["433124"]}),
        "a.e30.b",
        f"a.{'W' * 900}.b",
    ]
    for token in wrong:
        with pytest.raises(Unauthenticated):
            verify(token)


def test_a_token_of_it_is_revoked_as_the_nodes_own_are_and_ends_as_they_end() -> None:
    judge, token = verifier(), signed(GOOD)
    assert judge.verify(token, NOW)
    judge.revoked["jobs"] = Revoked({"1"}, {})
    with pytest.raises(Unauthenticated):
        judge.verify(token, NOW)
    judge.revoked["jobs"] = Revoked(frozenset(), {(ISSUER, "shi@login.example"): NOW})
    with pytest.raises(Unauthenticated):
        judge.verify(token, NOW)
    judge.revoked.clear()
    with pytest.raises(Unauthenticated):
        judge.verify(token, NOW + timedelta(minutes=10))


def test_without_its_keys_and_after_a_turn_nothing_of_it_is_believed() -> None:
    judge, token = verifier(), signed(GOOD)
    assert judge.verify(token, NOW)
    assert judge.foreign is not None
    judge.foreign.keys = KeySet([ECKey.import_key(OTHER.as_dict(private=False))])
    for each in (signed(GOOD | {"jti": "2"}), token):  # the second was verified and remembered
        with pytest.raises(Unauthenticated):
            judge.verify(each, NOW)
    judge.foreign.keys = None
    with pytest.raises(Unauthenticated):
        judge.verify(signed(GOOD, key=OTHER), NOW)


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
    assert (caller.role, caller.issuer) == ("officer", ISSUER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://login.example"},
        {"jwks_uri": "http://login.example/jwks"},
        {"audience": ""},
        {"algorithms": []},
        {"algorithms": ["HS256"]},
        {"algorithms": ["none"]},
        {"rights": {"a": {"role": "service", "regions": ["433124"]}}},
        {"rights": {"a": {"role": "labourer", "regions": ["433124"]}}},
        {"rights": {"a": {"role": "king", "regions": ["433124"]}}},
        {"rights": {"a": {"role": "officer", "regions": []}}},
        {"rights": {"a": {"role": "officer", "regions": ["43"]}}},
        {"more": 1},
    ],
    ids=str,
)
def test_a_file_that_trusts_too_much_stops_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        TrustedIssuer.model_validate(FILE | wrong)
