"""Every sentence of the pages has its English, and nothing in a template needs more than the strict content policy allows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from libs.common.codes.occupations import general_group, groups, industries, posts
from services.console.rendering import HERE, codes, name_code, number, occupation, percent, say, seconds, words, yuan
from services.console.routes.pages import PLACES
from services.matching.rules.introductions.wording import REASONS, STATES

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
DOCUMENTS = Path(__file__).parents[2] / "contract" / "openapi"
_SAID = re.compile(r"""(?<!\w)t\(["']([^"']+)["']""")
_LISTED = re.compile(r"for head in \(([^)]*)\)")


def said() -> set[str]:
    found = {title for _, title, _ in PLACES}
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        found |= set(_SAID.findall(text)) | {
            word for line in _LISTED.findall(text) for word in re.findall(r'"([^"]+)"', line)
        }
    return found


def test_every_sentence_has_its_english() -> None:
    assert said() - set(words()) == set()


def test_no_english_is_left_over() -> None:
    assert set(words()) - said() == set()


def test_every_code_has_both_names() -> None:
    assert [code for kind in codes().values() for code, names in kind.items() if len(names) not in (2, 3)] == []


def codes_in(node: object) -> set[str]:
    """The words among the values that an OpenAPI document lists one by one."""
    if isinstance(node, list):
        return {code for each in node for code in codes_in(each)}
    if not isinstance(node, dict):
        return set()
    own = [*node.get("enum", []), node.get("const")]
    listed = {each for each in own if isinstance(each, str) and re.fullmatch(r"[a-z_]+", each)}
    return listed | {code for each in node.values() for code in codes_in(each)}


@pytest.mark.parametrize("service", ["registry", "jobs", "matching", "retention"])
def test_every_code_that_a_service_lists_has_words_in_both_languages(service: str) -> None:
    document = json.loads((DOCUMENTS / f"{service}.json").read_text(encoding="utf-8"))
    known = {code for kind in codes().values() for code, names in kind.items() if all(names[:2])}
    assert codes_in(document["components"]["schemas"]) - known == set()


def test_every_state_and_reason_of_an_introduction_has_words() -> None:
    assert STATES.keys() - codes()["introduction"].keys() == set()
    assert REASONS.keys() - codes()["reason"].keys() == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_script_or_style_and_no_other_site(template: object) -> None:
    text = template.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=|https?://|javascript:", text)


def test_figures_are_shown_as_officers_read_them() -> None:
    assert (number(12345), number(None), percent(0.4567), yuan(350_000), yuan(350_050), seconds(200)) == (
        "12,345",
        "—",
        "45.7%",
        "3,500",
        "3,500.50",
        "3 min",
    )


def test_every_occupation_that_a_word_leads_to_has_both_names() -> None:
    led_to = {*posts().values(), *industries().values(), general_group()}
    assert led_to <= set(groups())
    assert (occupation("zh", "6-22"), occupation("en", "6-22"), occupation("en", "0-00")) == (
        "汽车制造人员",
        "motor vehicles",
        "",
    )


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert (name_code("zh", "run", "dreamt"), name_code("en", "run", "settled"), say("en", "没有这句")) == (
        "dreamt",
        "settled",
        "没有这句",
    )
