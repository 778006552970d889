"""Every sentence of the pages has its English, and nothing in a template needs more than the strict content policy allows."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from pathlib import Path

import pytest

from deploy.cli.words import extract, untranslated
from libs.common.access.policy import ROLES
from libs.common.codes.occupations import general_group, groups, industries, posts
from services.console.rendering import HERE, environment
from services.console.rendering.codes import codes, name_code, occupation
from services.console.rendering.formats import day, mean, moment, number, percent, seconds, yuan
from services.console.rendering.words import LANGUAGES, catalogue
from services.matching.rules.introductions.wording import REASONS, STATES
from tests.architecture.test_rooms import SERVICES

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
ZH, EN = LANGUAGES.values()
CODE = re.compile("[a-z_]+")
DOCUMENTS = Path(__file__).parents[2] / "contract" / "openapi"
KIND = re.compile(r"""\b(?:name|tone)\(["'](\w+)["']""")
CATALOGUE = catalogue("en")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str | None]]:
    """What `./xieli words` finds in templates, code and codes: each sentence and, of a code's name, its kind."""
    found = extract(tmp_path_factory.mktemp("words") / "messages.pot")
    return {(str(message.id), message.context) for message in found if message.id}


def test_every_sentence_has_its_translation_and_none_is_left_over(said: set[tuple[str, str | None]]) -> None:
    assert len(said) > 500
    translated = {(str(message.id), message.context) for message in CATALOGUE if message.id}
    assert (said - translated, translated - said) == (set(), set()), "./xieli words"
    assert untranslated(CATALOGUE) == []


def test_a_translation_has_the_same_places_to_fill_in_and_no_markup() -> None:
    """A sentence stands on the page as it is, so that only what is filled in is escaped."""
    assert [error for message in CATALOGUE for error in message.check(CATALOGUE)] == []
    words = [str(word) for message in CATALOGUE if message.id for word in (message.id, message.string)]
    assert [word for word in words if re.search(r'[<>"]', word)] == []


def test_what_is_filled_in_is_escaped() -> None:
    template = environment("en").from_string('{{ _("%(node)s 节点的工作人员请用本节点的账号登录。", node="<b>") }}')
    assert template.render() == "Staff of &lt;b&gt;: sign in with an account of this node."


def test_whatever_changes_the_register_has_its_words_on_the_trail_of_a_person() -> None:
    """`谁看过` on a person's page; what an operator does to events names nobody."""
    paths = json.loads((DOCUMENTS / "registry.json").read_bytes())["paths"].values()
    verbs = {
        verb["operationId"] for path in paths for method, verb in path.items() if method not in ("get", "parameters")
    }
    asked = {f"registry.{each}" for each in verbs if not each.startswith("registry_")}
    assert (asked | noted_by_itself()) - codes()["access"].keys() == set()


def noted_by_itself() -> set[str]:
    """What the registry notes on the trail without having been asked at a door."""
    code = "".join(path.read_text(encoding="utf-8") for path in (HERE.parent / "registry").rglob("*.py"))
    return set(re.findall(r"trail\.add\(\s*\"(registry\.\w+)\"", code))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_names_codes_by_kinds_that_there_are(template: Path) -> None:
    assert set(KIND.findall(template.read_text(encoding="utf-8"))) - codes().keys() == set()


def lists_in(node: object) -> set[frozenset[str]]:
    """Each list of words that an OpenAPI document allows for one value."""
    if isinstance(node, list):
        return {each for item in node for each in lists_in(item)}
    if not isinstance(node, dict):
        return set()
    own = frozenset(each for each in [*node.get("enum", []), node.get("const")] if CODE.fullmatch(str(each or "")))
    return {own} - {frozenset()} | {each for value in node.values() for each in lists_in(value)}


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_of_codes_that_a_service_allows_is_of_one_kind(service: str) -> None:
    """A page can name all of them by that kind; a code that means something else elsewhere has another name there."""
    document = json.loads((DOCUMENTS / f"{service}.json").read_text(encoding="utf-8"))
    nowhere = [
        allowed
        for allowed in lists_in(document["components"]["schemas"])
        if not any(allowed <= kind.keys() for kind in codes().values())
    ]
    assert nowhere == []


def test_every_role_has_a_name() -> None:
    assert set(ROLES) - codes()["role"].keys() == set()


def test_every_change_of_an_account_has_a_name() -> None:
    """What operations write into the record, as the literal it stands there as."""
    recorded = {
        argument.value
        for path in (HERE / "operations").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("record", "record_change")
        for argument in call.args[3:4]
        if isinstance(argument, ast.Constant)
    }
    assert recorded == codes()["account_change"].keys()


def test_every_state_and_reason_of_an_introduction_has_words() -> None:
    assert STATES.keys() - codes()["introduction"].keys() == set()
    assert REASONS.keys() - codes()["reason"].keys() == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_script_or_style_and_no_other_site(template: object) -> None:
    text = template.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|https?://|javascript:", text)


def test_figures_are_shown_as_officers_read_them() -> None:
    shown = [number(ZH, 12345), number(ZH, None), number(ZH, "<5"), percent(ZH, 0.4567), yuan(ZH, 350_000)]
    assert shown == ["12,345", "—", "<5", "45.7%", "3,500"]
    assert (yuan(ZH, 350_050), mean(ZH, 386_551.7), mean(ZH, None)) == ("3,500.50", "3,866", "—")


def test_days_moments_and_ages_are_told_in_the_language_of_the_page() -> None:
    assert (day(ZH, "2017-12-31"), day(EN, date(2017, 12, 31)), day(EN, None)) == ("2017-12-31", "2017-12-31", "—")
    assert moment(EN, "2017-06-30T17:05:00Z") == "2017-07-01 01:05"
    assert [seconds(EN, age) for age in (12, 200, 7300, None)] == ["12 sec", "3 min", "2 hr", "—"]
    assert [seconds(ZH, age) for age in (12, 200, 7300)] == ["12秒", "3分钟", "2小时"]


def test_every_occupation_that_a_word_leads_to_has_both_names() -> None:
    led_to = {*posts().values(), *industries().values(), general_group()}
    assert led_to <= set(groups())
    assert (occupation("zh", "6-22"), occupation("en", "6-22"), occupation("en", "0-00")) == (
        "汽车制造人员",
        "motor vehicles",
        "",
    )


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert (name_code("zh", "run", "dreamt"), name_code("en", "run", "settled")) == ("dreamt", "settled")


def test_the_same_code_is_named_by_its_kind() -> None:
    assert [name_code("en", kind, "open") for kind in ("run", "claim", "group")] == ["open", "open", "open seat"]
    assert [name_code("zh", kind, "open") for kind in ("run", "claim", "group")] == ["匹配中", "材料未齐", "普通名额"]
