"""Throws cases at the doors: those that schemathesis makes from the documents, sound and unsound, and hostile values for every position."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup
from schemathesis.specs.openapi import checks

from tests.fuzz.house import CITY, COUNTY, House, Node
from tests.fuzz.mutations import Attack, Document
from tests.support.doors import SERVICES

# Who does the daily work, who keeps the node, who looks at everything and changes nothing: each begins as often as the others.
FIRST = ("officer", "operator", "auditor")
# Who is tried where none of these may.
ROLES = (*FIRST, "employer", "province", "analyst")
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
# A stale or foreign ETag refuses a change before its fields are looked at. A 5xx is never a refusal.
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428"]
# What the tests throw is the same every time: what is rare is found by `./xieli fuzz`, which takes another seed for each run.
SEED = 20170331
FIRM = "91440300XL0000066R"
Tell = Callable[[str], None]


@dataclass
class Figures:
    """What was thrown, what came back, and what should not have."""

    seed: int = SEED
    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, status: int) -> None:
        self.cases[kind] += 1
        self.statuses[status] += 1

    def as_json(self) -> dict[str, Any]:
        errors = sum(count for status, count in self.statuses.items() if status >= 500)
        return {
            "seed": self.seed,
            "cases": sum(self.cases.values()),
            "by_kind": dict(self.cases),
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "server_errors": errors,
            "faults": self.faults,
        }


def fuzz(house: House, cases: int, tell: Tell, figures: Figures) -> None:
    """So many cases by schemathesis, shared among the services, and an equal share of hostile ones, all of them where there are enough."""
    for service in SERVICES:
        node = house.nodes[CITY if service in ("jobs", "retention") else COUNTY]
        tell(f"{service}: sound and unsound cases from its document")
        throw_cases(node, service, cases // len(SERVICES), figures)
        tell(f"{service}: hostile values in every position")
        throw_attacks(node, service, cases // len(SERVICES), figures)


def throw_cases(node: Node, service: str, most: int, figures: Figures) -> None:
    config = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}})
    schema = schemathesis.openapi.from_dict(node.document(service), config=config)
    found = [result.ok() for result in schema.get_all_operations()]
    session = requests.Session()
    for number, operation in enumerate(found):
        _throw_at(
            operation, node, session, figures, service, seed=figures.seed + number, most=max(1, most // len(found))
        )


def _throw_at(
    operation: Any, node: Node, session: requests.Session, figures: Figures, service: str, *, seed: int, most: int
) -> None:
    tokens = [node.token(role, FIRM) for role in ROLES]

    @hypothesis.seed(seed)
    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_cases(operation), choice=st.integers(0, 2**16))
    def throw(case: Case, choice: int) -> None:
        _know(case, node.ids, choice)
        # One role after the other until one is let in: behind a 403 there is nothing to be found.
        for token in [*(tokens[(choice + place) % len(FIRST)] for place in range(len(FIRST))), *tokens[len(FIRST) :]]:
            headers = {"Authorization": f"Bearer {token}"}
            answer = case.call(base_url=node.url, session=session, headers=headers, timeout=60, allow_redirects=False)
            figures.note(service, answer.status_code)
            node.answers.take(
                case.method.upper(),
                answer.request.path_url,
                answer.status_code,
                {name: ", ".join(said) for name, said in answer.headers.items()},
                answer.content,
                token,
            )
            _validate(case, answer, headers, figures)
            if answer.status_code != 403:
                break

    throw()


def _validate(case: Case, answer: Any, headers: dict[str, str], figures: Figures) -> None:
    try:
        case.validate_response(answer, checks=CHECKS, headers=headers)
    except (Failure, FailureGroup) as failure:
        if not (_only_judged_unsound(failure) and _is_sound_as_sent(case, answer.request.url)):
            _note_fault(
                figures, f"{case.method} {case.operation.path}", answer.status_code, failure, headers["Authorization"]
            )


def _only_judged_unsound(failure: Exception) -> bool:
    return all(isinstance(one, AcceptedNegativeData) for one in _parts(failure))


def _parts(failure: Exception) -> list[Exception]:
    """The failures of a group, or the one that it is."""
    return list(getattr(failure, "exceptions", [failure]))


def _is_sound_as_sent(case: Case, url: str) -> bool:
    """Cases are judged before they are written into an address, where a list of one text is that text, one of none is nothing, and
    before they are given the token that they left out."""
    said = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    schemas = {
        one["name"]: one["schema"]
        for one in case.operation.definition.raw.get("parameters", [])
        if one["in"] == "query"
    }
    once = len(said) == len(dict(said))
    return (
        once
        and not case.operation.body
        and all(
            name in schemas and any(map(Draft202012Validator(schemas[name]).is_valid, _meanings(value)))
            for name, value in said
        )
    )


def _meanings(written: str) -> list[Any]:
    """What a text in an address can stand for: itself, and the number or the truth value that is written so."""
    return [
        written,
        {"true": True, "false": False}.get(
            written, int(written) if re.fullmatch(r"-?[0-9]{1,30}", written) else written
        ),
    ]


def _cases(operation: Any) -> st.SearchStrategy[Case]:
    sound = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not any((operation.query, operation.body, operation.path_parameters, operation.headers)):
        return sound  # type: ignore[no-any-return]
    return st.one_of(sound, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


def _know(case: Case, ids: list[str], choice: int) -> None:
    """A sound case asks, three times of four, for something that there is."""
    if case.meta is None or not case.meta.generation.mode.is_positive or choice % 4 == 0:
        return
    random = Random(choice)
    for name, value in list((case.path_parameters or {}).items()):
        if len(str(value)) == 36:
            case.path_parameters[name] = random.choice(ids)


def _note_fault(figures: Figures, operation: str, status: int, failure: Exception, token: str) -> None:
    for one in _parts(failure):
        kind = f"{operation} {status} {type(one).__name__}"
        figures.faults.setdefault(kind, str(failure).replace(token, "…")[:1500])


def throw_attacks(node: Node, service: str, most: int, figures: Figures) -> None:
    """Hostile values by whoever may do most; when there are more than are wanted, evenly picked ones."""
    attacks = list(Document(node.document(service), node.ids).attacks())
    picked = attacks if len(attacks) <= most else Random(figures.seed).sample(attacks, most)
    with httpx.Client(base_url=node.url, timeout=60) as client:
        tokens = {role: node.token(role, FIRM) for role in ROLES}
        for attack in picked:
            for answer in _throw(client, attack, tokens):
                figures.note(f"{service} hostile", answer.status_code)
                if answer.status_code >= 500 or (attack.must_fail and answer.status_code < 400):
                    fault = (
                        f"{attack.method} {attack.operation} {attack.where} = {attack.value!r}: {answer.status_code}"
                    )
                    figures.faults.setdefault(fault, answer.text[:300])


def _throw(client: httpx.Client, attack: Attack, tokens: dict[str, str]) -> Iterator[httpx.Response]:
    """As one role after the other, until one is let in."""
    for role in ROLES:
        headers = {**dict(attack.headers), "Authorization": f"Bearer {tokens[role]}"}
        content: dict[str, Any] = {}
        if attack.form and isinstance(attack.body, dict):
            content = {"data": _form(attack.body), "files": {"file": ("a\x00.csv", b"x")}}
        elif attack.body is not None or attack.where.startswith("body"):
            content = {
                "content": json.dumps(attack.body).encode(),
                "headers": {**headers, "Content-Type": "application/json"},
            }
        answer = client.request(
            attack.method, attack.path, params=list(attack.query), **{"headers": headers, **content}
        )
        yield answer
        if answer.status_code != 403:
            return


def _form(body: dict[str, Any]) -> dict[str, bytes]:
    """Fields as the bytes of a form: a client of ours would not even send half a pair, others do."""
    return {name: str(value).encode("utf-8", "surrogatepass") for name, value in body.items() if name != "file"}
