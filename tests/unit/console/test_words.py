"""Every sentence of the pages has its English, and nothing in a template needs more than the strict content policy allows."""

from __future__ import annotations

import re

import pytest

from libs.common.codes.occupations import general_group, groups, industries, posts
from services.console.rendering import HERE, codes, name_code, number, occupation, percent, say, seconds, words, yuan
from services.console.routes.pages import PLACES

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
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
