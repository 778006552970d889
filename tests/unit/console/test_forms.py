"""A form is data: what is filled in becomes the operation's body, what stood there is not sent again, a refusal finds its field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.clients import FieldSaid
from services.console.rendering.codes import codes
from services.console.routes.forms import FORMS
from services.console.rules.forms import WAS, Field, Form, body_of, changed_meanwhile, errors_by_field, filled_from
from services.jobs.rules import terms
from services.registry.rules import corrections, visits

DOCUMENTS = Path(__file__).parents[2] / "contract" / "openapi"

PHONE, HEALTH = Field("phone", "电话", "sealed"), Field("health", "健康状况", "many", options=("健康", "残疾"))
LOW, WAGE = Field("low_income", "低保", "flag"), Field("wage_fen", "月工资", "yuan")
AGE, WILLING = Field("age_min", "年龄", "number"), Field("wish.willing", "愿意", "flag")
WORDS = Field("demands", "要求", "words")
PLACES = Field("destinations", "意向地区", "places")
FIELDS = (PHONE, HEALTH, LOW, WAGE, AGE, WILLING, WORDS, Field("title", "名称"))
NEW = Form("a.b.c", "新增", "POST", "/x", FIELDS, "/x/{id}")
CHANGE = Form("a.b.c", "更正", "PATCH", "/x/{one}", FIELDS, "/x/{one}")


def test_each_kind_is_sent_as_its_json() -> None:
    filled = {
        "phone": ["15400000001"],
        "health": ["健康", "残疾"],
        "low_income": ["false"],
        "wage_fen": ["3,500.5"],
        "age_min": ["18"],
        "wish.willing": ["true"],
        "demands": ["夜班、 住宿,体检"],
        "title": [" 焊工 "],
    }
    assert body_of(NEW, filled) == {
        "phone": "15400000001",
        "health": ["健康", "残疾"],
        "low_income": False,
        "wage_fen": 350050,
        "age_min": 18,
        "wish": {"willing": True},
        "demands": ["夜班", "住宿", "体检"],
        "title": "焊工",
    }


@pytest.mark.parametrize("code", ["440300", "430100", "43", "33", "433124"])
def test_places_are_typed_by_name_and_sent_by_code(code: str) -> None:
    form = Form("a.b.c", "走访", "POST", "/x", (PLACES,), "/x")
    (name,) = filled_from(form, {"destinations": [code]})["destinations"]
    assert name != code
    assert body_of(form, {"destinations": [f"{name}，天涯海角"]}) == {"destinations": [code, "天涯海角"]}


@pytest.mark.parametrize(("kind", "text"), [("number", "十八"), ("yuan", "三千"), ("yuan", "1.005"), ("number", "1.5")])
def test_what_cannot_be_read_goes_as_it_was_typed_so_that_the_service_refuses_it(kind: str, text: str) -> None:
    form = Form("a.b.c", "新增", "POST", "/x", (Field("one", "一", kind),), "/x")  # type: ignore[arg-type]
    assert body_of(form, {"one": [text]}) == {"one": text}


def test_nodes_are_typed_by_the_name_of_their_place_and_sent_by_id() -> None:
    form = Form("a.b.c", "召集", "POST", "/x", (Field("counties", "参加的县", "nodes"),), "/x/{id}")
    assert body_of(form, {"counties": ["花垣、古丈县 别处"]}) == {"counties": ["n433124", "n433126", "别处"]}


def test_a_code_of_another_kind_under_the_same_name_is_not_chosen_beforehand() -> None:
    """Why somebody was rejected is no reason why they withdraw; a word that a list does not have any more stays."""
    reason = Field("reason", "原因", "choice", "withdrawal", ("changed_mind", "other"))
    retired = Field("education", "学历", "choice", options=("初中", "高中"))
    form = Form("a.b.c", "撤回", "POST", "/x", (reason, retired), "/x")
    opened = filled_from(form, {"reason": "lacking_skills", "education": "完小"})
    assert opened == {"reason": [], "education": ["完小"]}
    assert filled_from(form, {"reason": "other"})["reason"] == ["other"]


def test_blank_fields_of_a_creation_are_left_out() -> None:
    assert body_of(NEW, {each.name: ["  "] for each in FIELDS}) == {}


STATES = st.fixed_dictionaries(
    {
        "health": st.lists(st.sampled_from(["健康", "残疾"]), unique=True),
        "low_income": st.sampled_from([True, False, None]),
        "wage_fen": st.one_of(st.none(), st.integers(1, 10**8)),
        "age_min": st.one_of(st.none(), st.integers(0, 120)),
        "wish": st.fixed_dictionaries({"willing": st.sampled_from([True, False, None])}),
        "demands": st.lists(st.sampled_from(["夜班", "住宿", "体检"]), unique=True),
        "title": st.sampled_from(["焊工", "", "普工"]),
    }
)


@given(STATES)
def test_a_change_that_changes_nothing_sends_nothing(state: dict[str, object]) -> None:
    """Whatever stands there: opened and sent as it is, a form of changes has no body."""
    opened = filled_from(CHANGE, state)
    assert body_of(CHANGE, opened | {WAS + name: texts for name, texts in opened.items()}) == {}


@given(STATES, STATES)
def test_a_change_sends_what_differs_and_only_that(before: dict[str, object], after: dict[str, object]) -> None:
    was = {WAS + name: texts for name, texts in filled_from(CHANGE, before).items()}
    sent = body_of(CHANGE, filled_from(CHANGE, after) | was)
    assert set(sent) == _differing(before, after)


def _differing(before: dict[str, object], after: dict[str, object]) -> set[str]:
    differing = {name for name in after if after[name] != before[name]}
    if sorted(after["health"]) == sorted(before["health"]):  # type: ignore[call-overload]
        differing -= {"health"}  # ticks have no order
    return differing


@given(STATES, STATES)
def test_what_others_changed_meanwhile_is_told_and_only_that(opened: dict[str, object], now: dict[str, object]) -> None:
    was = {WAS + name: texts for name, texts in filled_from(CHANGE, opened).items()}
    told = changed_meanwhile(CHANGE, was, filled_from(CHANGE, now))
    assert {name.split(".")[0] for name in told} == _differing(opened, now)


def test_a_refusal_stands_at_its_field_and_one_of_no_field_apart() -> None:
    errors = [
        FieldSaid(pointer="/health/1", message="不在表内"),
        FieldSaid(pointer="/wish/willing", message="是或否"),
        FieldSaid(pointer="/employer_uscc", message="无此单位"),
    ]
    beside, others = errors_by_field(NEW, errors)
    assert beside == {"health": "不在表内", "wish.willing": "是或否"}
    assert others == ["无此单位"]


def test_no_form_has_a_field_twice() -> None:
    for path, form in FORMS.items():
        names = [each.name for each in form.fields]
        assert len(names) == len(set(names)), path


def schema_of(form: Form, field: Field) -> dict[str, Any]:
    """What the operation's document says of a field, its own object looked up."""
    document = json.loads((DOCUMENTS / f"{form.address.split('/')[1]}.json").read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    shape = re.sub(r"{[^}]*}", "{}", form.address)
    path = next(path for path in document["paths"] if re.sub(r"{[^}]*}", "{}", path) == shape)
    node = document["paths"][path][form.method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    for name in field.name.split("."):
        node = next(each for each in [node, *node.get("anyOf", [])] if "$ref" in each)
        node = schemas[node["$ref"].rsplit("/", 1)[-1]]["properties"][name]
    return dict(node)


def allowed_in(node: Any) -> set[str]:
    """Every code that a schema lists, wherever in it."""
    if isinstance(node, list):
        return {one for each in node for one in allowed_in(each)}
    if not isinstance(node, dict):
        return set()
    own = [*node.get("enum", []), *([node["const"]] if "const" in node else [])]
    return {str(each) for each in own} | {one for value in node.values() for one in allowed_in(value)}


FIELDS_OF_FORMS = [(path, form, each) for path, form in FORMS.items() for each in form.fields if each.kind != "told"]


@pytest.mark.parametrize(
    ("form", "field"), [pytest.param(form, each, id=f"{path} {each.name}") for path, form, each in FIELDS_OF_FORMS]
)
def test_a_field_stands_in_the_operations_document_and_offers_what_it_allows(form: Form, field: Field) -> None:
    """Services are strangers: a form says again what may be chosen, and this holds the two together."""
    allowed = allowed_in(schema_of(form, field))
    offered = set(field.options or (codes()[field.codes] if field.codes else ()))
    if allowed and field.kind in ("choice", "many"):
        assert offered == allowed


@pytest.mark.parametrize(
    ("form", "field"), [pytest.param(form, each, id=f"{path} {each.name}") for path, form, each in FIELDS_OF_FORMS]
)
def test_nobody_types_an_id(form: Form, field: Field) -> None:
    """What an operation knows by an id is chosen by name, or comes with the page."""
    schema = schema_of(form, field)
    is_id = any(each.get("format") == "uuid" for each in [schema, *schema.get("anyOf", [])])
    assert not is_id or field.kind in ("hidden", "pick")


# Fields whose values are words of a list, as the services judge them.
LISTED = corrections.LISTS.keys() | visits.LISTS.keys() | terms.KNOWN.keys()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_a_list_decides_is_chosen_and_not_typed(form: Form) -> None:
    """Written without a network, a word of one's own would be refused days later."""
    named = {field: field.name.rpartition(".")[2] for field in form.fields}
    assert [field.name for field, name in named.items() if name in LISTED and not (field.options or field.codes)] == []
